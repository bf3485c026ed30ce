import type { CheckContext, Clock, Probe, StepActions, StepContext, StepTable } from '../../electron/core/ports.ts';
import { upsOff } from '../../electron/targets/kinds/ups-off.ts';
import { type Fault, FaultError } from '../../shared/fault.ts';
import type { Host } from '../../shared/inventory.ts';
import type { Setting } from '../../shared/platforms.ts';
import type { Check } from '../../shared/rehearsal.ts';
import type { Step } from '../../shared/sequence.ts';
import { type SettingStep, settingSteps } from '../../shared/setting-steps.ts';
import { stepKinds } from '../../shared/step-kinds.ts';
import { WorldUpses } from './world-upses.ts';

/**
 * What goes wrong with a host of the world. `stuck`: it takes a power-off and stays on. `lies`: it takes whatever it is
 * told and does nothing. `hangs`: what is sent to it never ends. `severed`: its cable is pulled, it is on and silent.
 */
export type Trouble = 'unreachable' | 'stuck' | 'refuses' | 'hangs' | 'lies' | 'severed';

interface WorldHost {
  power: 'on' | 'dying' | 'off' | 'booting';
  guestsOn: Set<string>;
  /** What is switched on there. */
  settings: Set<Setting>;
  trouble: Trouble | null;
  /** Monotonic ms; null: its cable is not pulled. */
  severedAt: number | null;
  /** Guests that do not stop when they are asked. */
  stubborn: Set<string>;
  /** Seconds that it takes longer for whatever it does. */
  slow: number;
  /** Ms after which it switches itself on again once it is off; null: it stays off. */
  wakesItselfAfter: number | null;
  /** Powered off while its guests were on, or lost its power while it was on. */
  cutHard: boolean;
  /** How often its power has gone: what went on in it then goes on no more. */
  cuts: number;
}

const fault = (code: Fault['code'], what: string): FaultError =>
  new FaultError({ code, what, where: 'world', remedy: 'none' });
const done = (proof: string): Probe => ({ state: 'done', proof });
const not = (seen: string): Probe => ({ state: 'not-done', seen });

/** The guests that the run shut down on the step's host and that the step is about. */
const guestsBefore = ({ earlier, host, step: own }: StepContext): string[] =>
  chosen(
    own.kind === 'start-guests' ? own.guests : undefined,
    earlier
      .filter(({ step }) => 'target' in step && step.target === host?.id)
      .flatMap(({ data }) => (Array.isArray(data.guests) ? data.guests.map(String) : [])),
  );

/** A rack on a manual clock: its hosts take time to die and to come back, refuse, hang and lie. */
export class World {
  readonly hosts = new Map<string, WorldHost>();
  /** Every act that reached a host, as "kind host". */
  readonly acts: string[] = [];
  /** What must never be: two destructive acts at once on one host, and one without a look before it. */
  readonly errors: string[] = [];
  readonly upses: WorldUpses;
  readonly steps: StepTable;
  /** Ms that an act takes to be accepted. */
  actMs = 0;
  readonly #destructive = new Map<string, string>();
  readonly #looked = new WeakSet<AbortSignal>();
  readonly #clock: Clock;
  readonly dieMs: number;
  readonly bootMs: number;

  constructor(clock: Clock, names: readonly string[], dieMs = 20_000, bootMs = 40_000) {
    this.#clock = clock;
    this.upses = new WorldUpses(clock, this.acts);
    this.steps = this.#table();
    this.dieMs = dieMs;
    this.bootMs = bootMs;
    for (const name of names) {
      this.hosts.set(name, {
        power: 'on',
        guestsOn: new Set(['vm1', 'vm2']),
        settings: new Set<Setting>(['ha', 'vcls', 'member-updates']),
        trouble: null,
        severedAt: null,
        stubborn: new Set(),
        slow: 0,
        wakesItselfAfter: null,
        cutHard: false,
        cuts: 0,
      });
    }
  }

  host(name: string | undefined): WorldHost {
    const host = this.hosts.get(name ?? '');
    if (!host) throw new Error(`no host ${name}`);
    return host;
  }

  powers(): Record<string, WorldHost['power']> {
    return Object.fromEntries([...this.hosts].map(([name, host]) => [name, host.power]));
  }

  countActs(act: string): number {
    return this.acts.filter((each) => each === act).length;
  }

  /** How many acts reached a host that take something away. */
  get destructiveActs(): number {
    return this.acts.filter((act) => isDestructive(act.split(' ')[0] ?? '')).length;
  }

  #table(): StepTable {
    return {
      'power-off': this.#kind(
        (host) =>
          // One that boots is as silent as one that is off.
          host.power === 'off' || host.power === 'booting'
            ? done('silent for 20 s')
            : not(`port 22 is ${host.power === 'dying' ? 'still open' : 'open'}`),
        (host, _name, context) => {
          if (host.trouble === 'stuck') return;
          if (context.host?.kind === 'esxi' && host.guestsOn.size > 0) host.cutHard = true;
          host.power = 'dying';
          const { cuts } = host;
          this.#clock.after(this.dieMs + host.slow * 1000, () => {
            if (host.cuts !== cuts) return;
            host.power = 'off';
            if (host.wakesItselfAfter !== null) this.#clock.after(host.wakesItselfAfter, () => this.#boot(host));
          });
        },
      ),
      'shut-down-guests': this.#kind(
        (host, context) => {
          if (host.power !== 'on') return this.#unknown('unreachable');
          // A forced guest is off at once; only one that was asked before is forced.
          const { step } = context;
          const mayForce = step.kind === 'shut-down-guests' && step.force && context.isPressed();
          const wasAsked = this.acts.includes(`shut-down-guests ${context.host?.id}`);
          if (mayForce && wasAsked) for (const guest of meant(host, context)) host.guestsOn.delete(guest);
          const guests = meant(host, context);
          return guests.length === 0
            ? done('0 guests on')
            : { state: 'not-done', seen: `on: ${guests.join(' ')}`, data: { guests } };
        },
        (host, _name, context) => {
          const guests = meant(host, context);
          // One after the other: what is asked for a second time meets fewer.
          guests.forEach((guest, at) => {
            if (host.stubborn.has(guest)) return;
            const ms = (this.dieMs * (at + 1)) / guests.length + host.slow * 1000;
            this.#clock.after(ms, () => host.guestsOn.delete(guest));
          });
          return { guests };
        },
      ),
      ...(Object.fromEntries(
        (Object.keys(settingSteps) as SettingStep[]).map((kind) => [kind, this.#setting(kind)]),
      ) as Record<SettingStep, StepActions>),
      'migrate-guests': this.#kind(
        (host) =>
          host.power !== 'on'
            ? this.#unknown('unreachable')
            : host.guestsOn.size === 0
              ? done('empty')
              : not('guests on'),
        (host) => host.guestsOn.clear(),
      ),
      'wait-resync': this.#telling(),
      'prepare-vsan': this.#telling(),
      'recover-vsan': this.#telling(),
      // The kind itself: what it may and must not do stands in it.
      'ups-off': upsOff({ clock: this.#clock, orders: this.upses }),
      'start-guests': this.#kind(
        (host, context) => {
          const left = guestsBefore(context).filter((guest) => !host.guestsOn.has(guest));
          return left.length === 0 ? done('all on') : not(`off: ${left.join(' ')}`);
        },
        (host, _name, context) => {
          for (const guest of guestsBefore(context)) host.guestsOn.add(guest);
        },
      ),
      wake: this.#kind(
        (host) => (host.power === 'on' ? done('answers on port 22') : not('silent')),
        (host) => {
          if (host.power !== 'off') return;
          this.#boot(host);
        },
        true,
      ),
      command: this.#kind(
        () => this.#unknown('state-unknown'),
        () => undefined,
      ),
      wait: this.#waiting(),
      notify: this.#telling(),
    };
  }

  /** Whoever acted is dead: nobody can tell any more what of it goes on. */
  forgetActs(): void {
    this.#destructive.clear();
  }

  #boot(host: WorldHost): void {
    if (host.power !== 'off') return;
    host.power = 'booting';
    const { cuts } = host;
    this.#clock.after(this.bootMs + host.slow * 1000, () => {
      if (host.cuts === cuts) host.power = 'on';
    });
  }

  #setting(kind: SettingStep): StepActions {
    const { setting, on } = settingSteps[kind];
    return this.#kind(
      (host) => {
        if (host.power !== 'on') return this.#unknown('unreachable');
        const is = host.settings.has(setting);
        return is === on ? done(is ? 'Enabled' : 'Disabled') : not(is ? 'Enabled' : 'Disabled');
      },
      (host) => {
        if (kind === 'enter-maintenance' && host.guestsOn.size > 0) throw fault('command-failed', 'guests are on');
        if (on) host.settings.add(setting);
        else host.settings.delete(setting);
      },
    );
  }

  /** Its power is gone. */
  cut(name: string): void {
    const host = this.host(name);
    if (host.power !== 'off') host.cutHard = true;
    host.cuts += 1;
    host.power = 'off';
    host.guestsOn.clear();
  }

  /** Shown once; nothing tells after a restart whether it was. */
  #telling(): StepActions {
    const shown = new WeakSet<AbortSignal>();
    return {
      ...this.#rehearsed(),
      proveEvery: 1000,
      probe: async ({ signal }) => (shown.has(signal) ? done('shown') : not('not shown')),
      act: async ({ signal }) => {
        shown.add(signal);
        return {};
      },
    };
  }

  /** What a look finds out that changes nothing. */
  #rehearsed(): Pick<StepActions, 'check' | 'would'> {
    return {
      would: (step: Step, host: Host | null) => (host ? `${step.kind} ${host.id}` : step.kind),
      check: async ({ host }: CheckContext): Promise<Check[]> => {
        if (!host) return [];
        const { power, trouble } = this.host(host.id);
        const look = (what: Check['what'], wrong: FaultError | null): Check => ({
          what,
          verdict: wrong ? 'fails' : 'ready',
          detail: wrong ? wrong.fault.what : 'as it should be',
          fault: wrong?.fault ?? null,
          ms: null,
        });
        if (power !== 'on' || trouble === 'unreachable' || trouble === 'severed')
          return [look('reach', fault('unreachable', 'no route to host'))];
        const refused = trouble === 'refuses' ? fault('not-allowed', 'a password is required') : null;
        return [look('reach', null), look('privilege', refused)];
      },
    };
  }

  #waiting(): StepActions {
    const until = new Map<string, number>();
    return {
      ...this.#rehearsed(),
      proveEvery: 1000,
      probe: async ({ step }) =>
        this.#clock.monotonic() >= (until.get(step.id) ?? Number.POSITIVE_INFINITY) ? done('waited') : not('waiting'),
      act: async ({ step }) => {
        if (step.kind === 'wait') until.set(step.id, this.#clock.monotonic() + step.seconds * 1000);
        return {};
      },
    };
  }

  #unknown(code: Fault['code']): Probe {
    return { state: 'unknown', fault: fault(code, 'no answer').fault };
  }

  #kind(
    look: (host: WorldHost, context: StepContext) => Probe,
    act: (host: WorldHost, name: string, context: StepContext) => unknown,
    reachesOff = false,
  ): StepActions {
    return {
      ...this.#rehearsed(),
      proveEvery: 1000,
      probe: async (context) => {
        this.#looked.add(context.signal);
        const host = this.host(context.host?.id);
        return host.trouble === 'severed' ? this.#lookAtSevered(host, context) : look(host, context);
      },
      act: async (context) => {
        const name = context.host?.id ?? '';
        const host = this.host(name);
        if (!reachesOff && (host.power === 'off' || host.power === 'booting' || isOutOfReach(host))) {
          throw fault('unreachable', 'no route to host');
        }
        if (host.trouble === 'refuses') throw fault('not-allowed', 'a password is required');
        this.acts.push(`${context.step.kind} ${name}`);
        const ended = this.#beginAct(context, name);
        try {
          if (host.trouble === 'hangs') await new Promise(() => undefined);
          if (this.actMs > 0) await new Promise<void>((resolve) => this.#clock.after(this.actMs, resolve));
          if (host.trouble === 'lies') return {};
          const left = act(host, name, context);
          return left !== null && typeof left === 'object' ? { ...left } : {};
        } finally {
          ended();
        }
      },
    };
  }

  sever(name: string): void {
    Object.assign(this.host(name), { trouble: 'severed', severedAt: this.#clock.monotonic() });
  }

  /** Silence takes 20 s to prove anything. */
  #lookAtSevered({ severedAt }: WorldHost, { step }: StepContext): Probe {
    if (step.kind === 'wake') return not('silent');
    if (step.kind !== 'power-off') return this.#unknown('unreachable');
    return this.#clock.monotonic() - (severedAt ?? 0) >= 20_000 ? done('silent for 20 s') : not('no answer yet');
  }

  /** Returns what ends it. An act that is broken off has ended as far as anybody here can tell. */
  #beginAct({ step, signal }: StepContext, name: string): () => void {
    if (!isDestructive(step.kind)) return () => undefined;
    if (!this.#looked.has(signal)) this.errors.push(`${step.id} acts on ${name} without a look`);
    // A vCenter takes its own agent VMs away whatever else it does.
    if (step.kind === 'retreat-vcls') return () => undefined;
    const other = this.#destructive.get(name);
    if (other !== undefined) this.errors.push(`${step.id} acts on ${name} while ${other} does`);
    this.#destructive.set(name, step.id);
    const end = () => {
      if (this.#destructive.get(name) === step.id) this.#destructive.delete(name);
    };
    signal.addEventListener('abort', end, { once: true });
    return end;
  }
}

const isOutOfReach = ({ trouble }: WorldHost): boolean => trouble === 'unreachable' || trouble === 'severed';

const isDestructive = (kind: string): boolean =>
  Object.entries(stepKinds).some(([each, info]) => each === kind && info.destructive);

/** The guests of the host that are on and that the step is about. */
function meant(host: WorldHost, { step }: StepContext): string[] {
  const guests = [...host.guestsOn];
  return chosen(step.kind === 'shut-down-guests' ? step.guests : undefined, guests);
}

function chosen(which: Extract<Step, { kind: 'start-guests' }>['guests'], guests: readonly string[]): string[] {
  if (which === undefined) return [...guests];
  return guests.filter((guest) => ('only' in which ? which.only.includes(guest) : !which.except.includes(guest)));
}
