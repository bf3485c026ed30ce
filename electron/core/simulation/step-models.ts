import type { Host } from '../../../shared/inventory.ts';
import { platforms } from '../../../shared/platforms.ts';
import type { StepData } from '../../../shared/run-record.ts';
import type { Step } from '../../../shared/sequence.ts';
import { type SettingStep, settingSteps } from '../../../shared/setting-steps.ts';
import { count } from '../../../shared/words.ts';
import { limitOf } from '../plan/limits.ts';
import type { Clock, Probe, StepActions, StepContext, StepTable } from '../ports.ts';
import { type HostModel, type HostModels, isMeant, modelFault } from './host-models.ts';

/** Seconds that a step takes. */
export type Takes = (step: Step, host: Host | null) => number;

/** Seconds that guests take to be off when they are forced. */
const forceTakes = 5;
/** Ms between two looks. Whatever changes is told as it happens, and only that the run is pressed is not. */
const proveEvery = 30_000;
const proveGuestsEvery = 1000;

const done = (proof: string): Probe => ({ state: 'done', proof });
const not = (seen: string, data: StepData = {}): Probe => ({ state: 'not-done', seen, data });

/** What each step kind does to the hosts of the simulation, in the time that it is expected to take. */
export function stepModels(clock: Clock, hosts: HostModels, takes: Takes, power: TurnsOff): StepTable {
  /** What takes its whole limit is proven just before it is over. */
  const secondsOf = ({ step, host }: StepContext) => Math.max(0, Math.min(takes(step, host), limitOf(step) - 0.5));
  const kind = (look: Look, act: Act, reachesOff = false): StepActions => ({
    ...unrehearsed,
    proveEvery,
    probe: async (context) => {
      const model = hosts.of(context.host);
      return look(model, context);
    },
    act: async (context) => {
      const model = hosts.of(context.host);
      if (!reachesOff && isAway(model)) throw modelFault('unreachable', 'it does not answer', model);
      if (model.hangs) return new Promise<never>(() => undefined);
      return act(model, secondsOf(context), context);
    },
    onHint: (context, call) => hosts.onChange(hosts.of(context.host), call),
  });
  const answers = (model: HostModel): Probe | null =>
    model.power === 'on'
      ? null
      : { state: 'unknown', fault: modelFault('unreachable', 'it does not answer', model).fault };
  const hangsThere = (context: StepContext): boolean => {
    const model = hosts.of(context.host);
    if (isAway(model)) throw modelFault('unreachable', 'it does not answer', model);
    return model.hangs;
  };
  return {
    'power-off': powerOff(hosts, kind),
    'shut-down-guests': shutDownGuests(hosts, kind, answers),
    ...(Object.fromEntries(
      (Object.keys(settingSteps) as SettingStep[]).map((step) => [step, setting(hosts, kind, answers, step)]),
    ) as Record<SettingStep, StepActions>),
    'migrate-guests': migrateGuests(hosts, kind, answers),
    'start-guests': startGuests(hosts, kind, answers),
    wake: wake(hosts, kind),
    command: timed(clock, secondsOf, 'exit code 0', hangsThere),
    'wait-resync': timed(clock, secondsOf, 'nothing is left to resync', hangsThere),
    'prepare-vsan': timed(clock, secondsOf, 'prepared', hangsThere),
    'recover-vsan': timed(clock, secondsOf, 'recovered', hangsThere),
    'ups-off': upsOff(clock, power),
    wait: timed(
      clock,
      ({ step }) => (step.kind === 'wait' ? step.seconds : 0),
      'waited',
      () => false,
    ),
    notify: timed(clock, secondsOf, 'shown', () => false),
  };
}

/** UPSes that can be told to turn off. */
export interface TurnsOff {
  /** Returns what calls it off. */
  turnOff(upsId: string, seconds: number, comesBack: boolean): () => void;
}

const isAway = ({ power }: HostModel): boolean => power === 'off' || power === 'booting';

type Look = (model: HostModel, context: StepContext) => Probe;
type Act = (model: HostModel, seconds: number, context: StepContext) => StepData;
type Kind = (look: Look, act: Act, reachesOff?: boolean) => StepActions;
type Answers = (model: HostModel) => Probe | null;

/** A simulation plays a run, never a rehearsal. */
const unrehearsed = { check: async () => [], would: () => '' };

const powerOff = (hosts: HostModels, kind: Kind): StepActions =>
  kind(
    ({ power }) => (power === 'off' ? done('off') : not(power)),
    (model, seconds) => {
      const own = platforms[model.host.kind].offFromWithin ? hosts.ownOn(model) : null;
      const guests = hosts.guestsOn(model).filter((name) => name !== own);
      if (guests.length > 0 && !model.settings.has('maintenance'))
        throw modelFault('refused', `${count(guests.length, 'guest')} would be cut off`, model);
      hosts.setPower(model, 'going');
      if (own !== null) hosts.later(model, seconds / 2, () => hosts.stopGuests(model, [own]));
      hosts.later(model, seconds, () => hosts.setPower(model, 'off'));
      return {};
    },
  );

function shutDownGuests(hosts: HostModels, kind: Kind, answers: Answers): StepActions {
  const sent = new Set<string>();
  const forced = new Set<string>();
  const which = ({ step }: StepContext) => (step.kind === 'shut-down-guests' ? step.guests : undefined);
  const stop: Act = (model, seconds, context) => {
    sent.add(context.step.id);
    const names = hosts.guestsOn(model, which(context));
    hosts.later(model, seconds, () => hosts.stopGuests(model, names));
    return { guests: names };
  };
  const mayForce = ({ step, isPressed, isCancelled }: StepContext) =>
    step.kind === 'shut-down-guests' &&
    step.force &&
    isPressed() &&
    !isCancelled() &&
    sent.has(step.id) &&
    !forced.has(step.id);
  const look: Look = (model, context) => {
    const unknown = answers(model);
    if (unknown) return unknown;
    const guests = hosts.guestsOn(model, which(context));
    if (guests.length === 0) return done('no guest is on');
    if (mayForce(context)) {
      forced.add(context.step.id);
      stop(model, forceTakes, context);
    }
    return not(`${count(guests.length, 'guest')} on`, { guests });
  };
  return { ...kind(look, stop), proveEvery: proveGuestsEvery };
}

const setting = (hosts: HostModels, kind: Kind, answers: Answers, step: SettingStep): StepActions => {
  const { setting: name, on } = settingSteps[step];
  return kind(
    (model) => answers(model) ?? (model.settings.has(name) === on ? done('told so') : not('told otherwise')),
    (model, seconds) => {
      const guests = hosts.guestsOn(model);
      if (step === 'enter-maintenance' && guests.length > 0)
        throw modelFault('command-failed', `${count(guests.length, 'guest')} on`, model);
      hosts.later(model, seconds, () => hosts.switch(model, name, on));
      return {};
    },
  );
};

const migrateGuests = (hosts: HostModels, kind: Kind, answers: Answers): StepActions =>
  kind(
    (model) => {
      const guests = hosts.guestsOn(model);
      return (
        answers(model) ?? (guests.length === 0 ? done('no guest is on') : not(`${count(guests.length, 'guest')} on`))
      );
    },
    (model, seconds) => {
      hosts.later(model, seconds, () => hosts.stopGuests(model, hosts.guestsOn(model)));
      return {};
    },
  );

function startGuests(hosts: HostModels, kind: Kind, answers: Answers): StepActions {
  const wanted = ({ step: own, earlier, host }: StepContext): string[] =>
    earlier
      .filter(({ step }) => step.kind === 'shut-down-guests' && step.target === host?.id)
      .flatMap(({ data }) => (Array.isArray(data.guests) ? data.guests.map(String) : []))
      .filter((name) => own.kind === 'start-guests' && isMeant(own.guests, name));
  return kind(
    (model, context) => {
      const on = new Set(hosts.guestsOn(model));
      const off = wanted(context).filter((name) => !on.has(name));
      return answers(model) ?? (off.length === 0 ? done('all on') : not(`${count(off.length, 'guest')} off`));
    },
    (model, seconds, context) => {
      hosts.later(model, seconds, () => hosts.startGuests(model, wanted(context)));
      return {};
    },
  );
}

const wake = (hosts: HostModels, kind: Kind): StepActions =>
  kind(
    ({ power }) => (power === 'on' ? done('it answers') : not(power)),
    (model, seconds) => {
      if (model.power !== 'off') return {};
      hosts.setPower(model, 'booting');
      hosts.later(model, seconds, () => hosts.setPower(model, 'on'));
      return {};
    },
    true,
  );

function upsOff(clock: Clock, power: TurnsOff): StepActions {
  const counting = new Map<string, () => void>();
  return {
    ...unrehearsed,
    proveEvery,
    probe: async ({ step }) => (counting.has(step.id) ? done('it counts down') : not('no countdown runs')),
    act: async ({ step }) => {
      if (step.kind !== 'ups-off') return {};
      counting.set(step.id, power.turnOff(step.ups, step.delay, step.returns));
      return { offAt: clock.now() + step.delay * 1000 };
    },
    undo: async ({ id }) => {
      counting.get(id)?.();
      counting.delete(id);
      return 'the countdown is stopped';
    },
  };
}

/** What is done when its act has ended. `hangs`: the act never does. */
function timed(
  clock: Clock,
  secondsOf: (context: StepContext) => number,
  proof: string,
  hangs: (context: StepContext) => boolean,
): StepActions {
  const acted = new Set<string>();
  return {
    ...unrehearsed,
    proveEvery,
    probe: async ({ step }) => (acted.has(step.id) ? done(proof) : not('not sent')),
    act: async (context) => {
      if (hangs(context)) return new Promise<never>(() => undefined);
      await new Promise<void>((resolve) => {
        clock.after(secondsOf(context) * 1000, resolve);
      });
      acted.add(context.step.id);
      return {};
    },
  };
}
