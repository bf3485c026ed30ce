import type { Host } from '../../../shared/inventory.ts';
import type { StepData } from '../../../shared/run-record.ts';
import type { Step } from '../../../shared/sequence.ts';
import { count } from '../../../shared/words.ts';
import type { Probe, StepActions, StepContext } from '../../core/ports.ts';
import { atMost } from '../at-most.ts';
import type { KindChecks } from '../checks/kind-checks.ts';
import { hostFault } from '../host-fault.ts';
import { namesOf } from '../platforms/guest-words.ts';
import { guestsOf } from '../platforms/of-host.ts';
import type { Guest, GuestActs } from '../platforms/platform.ts';
import { ownData, StepMemory } from '../step-memory.ts';
import { choiceWords, chosen, guestsIn, unknownNames } from './chosen-guests.ts';
import { limitMsOf, sessionOf, stepOf, type TargetDeps, targetOf, tellOrUnknown, wouldTo } from './deps.ts';

/** Milliseconds of the clock after which a guest whose power was cut and that is still on is dealt with again. */
const cutAgainMs = 15_000;

/** Guests that are asked at a time: hosts allow ten sessions, and their management services are slow. */
const width = 4;

interface Asked {
  guests: Guest[];
  /** When the first was asked, in monotonic ms. */
  at: number;
  /** When each was asked, in monotonic ms, by its id, where this process knows: with many guests the last waits long for it. */
  since: Map<string, number>;
  /** Monotonic ms before which no power is cut again. */
  notBefore: number;
  /** Times that the power of each was cut, by its id. */
  rounds: Map<string, number>;
}

/**
 * Asks every running guest to shut down. Its proof is what the host says that runs, never what a shut-down command
 * printed.
 */
export function shutDownGuests(deps: TargetDeps, checks: KindChecks): StepActions {
  const { clock } = deps;
  const memory = new StepMemory<Asked>();

  const newlyAsked = (guests: Guest[]): Asked => ({
    guests,
    at: clock.monotonic(),
    since: new Map(),
    notBefore: 0,
    rounds: new Map(),
  });

  /** After a restart of Glidepath only the journal knows that the guests were asked. */
  const recall = (context: StepContext): Asked | undefined => {
    const known = memory.get(context);
    const data = ownData(context);
    return known || !data
      ? known
      : memory.set(context, newlyAsked(guestsIn(data).map(({ id, name }) => ({ id, name: name ?? id, on: true }))));
  };

  /** Those whose time is over. */
  const overdue = (guests: readonly Guest[], asked: Asked, context: StepContext): Guest[] => {
    const { force, guestLimits } = stepOf(context, 'shut-down-guests');
    const now = clock.monotonic();
    if (!force || context.isCancelled() || now < asked.notBefore) return [];
    if (context.isPressed()) return [...guests];
    const usual = (limitMsOf(context.step) * 2) / 3;
    const own = new Map(guestLimits.map(({ guest, limit }) => [guest, limit * 1000]));
    return guests.filter(({ id, name }) => {
      const ms = own.get(name);
      return ms === undefined ? now - asked.at >= usual : now - (asked.since.get(id) ?? asked.at) >= ms;
    });
  };

  const cut = async (acts: GuestActs, asked: Asked, context: StepContext): Promise<void> => {
    if (overdue(asked.guests, asked, context).length === 0) return;
    const session = sessionOf(deps, context);
    const on = await stillOn(acts, context, asked.guests);
    const late = overdue(on, asked, context);
    if (late.length === 0) return;
    asked.notBefore = clock.monotonic() + cutAgainMs;
    const roundOf = ({ id }: Guest): number => asked.rounds.get(id) ?? 0;
    for (const guest of late) asked.rounds.set(guest.id, roundOf(guest) + 1);
    context.tell(`powering off ${namesOf(late)}`);
    for (const round of new Set(late.map(roundOf)))
      await acts.cut(
        session,
        late.filter((guest) => roundOf(guest) === round),
        round,
      );
  };

  const stillOn = async (acts: GuestActs, context: StepContext, guests: readonly Guest[]): Promise<Guest[]> => {
    const session = sessionOf(deps, context);
    if (acts.stillOn) return acts.stillOn(session, guests);
    const on = new Set((await acts.list(session)).filter((guest) => guest.on).map(({ id }) => id));
    return guests.filter(({ id }) => on.has(id));
  };

  const probe = async (context: StepContext): Promise<Probe> => {
    const acts = guestsOf(targetOf(context));
    const session = sessionOf(deps, context);
    const asked = recall(context);
    const { guests: choice } = stepOf(context, 'shut-down-guests');
    const list = async (): Promise<Guest[]> => chosen(choice, await acts.list(session)).filter(({ on }) => on);
    const running = acts.running ? chosen(choice, await acts.running(session)) : await list();
    if (running.length > 0) {
      const seen = `${count(running.length, 'guest')} on: ${namesOf(running)}`;
      // Which guests were on must be on disk before the first is asked: whatever happens then, they are to come back.
      if (!asked) return { state: 'not-done', seen, data: dataOf(await list()) };
      await cut(acts, asked, context);
      return { state: 'not-done', seen };
    }
    // Two ways to tell agree, where there are two.
    const on = acts.running ? await (asked ? stillOn(acts, context, asked.guests) : list()) : [];
    if (on.length > 0) return { state: 'not-done', seen: `${count(on.length, 'guest')} on: ${namesOf(on)}` };
    return { state: 'done', proof: asked ? `${count(asked.guests.length, 'guest')} off` : 'no guest is on' };
  };

  return {
    proveEvery: 3000,
    probe: (context) => tellOrUnknown(context, () => probe(context)),
    async act(context) {
      const host = targetOf(context);
      const acts = guestsOf(host);
      const session = sessionOf(deps, context);
      const { guests: choice, force } = stepOf(context, 'shut-down-guests');
      const known = await acts.list(session);
      const missing = unknownNames(choice, known);
      if (missing.length > 0) context.tell(`no guest of ${host.name} has the name ${missing.join(', ').slice(0, 300)}`);
      const guests = chosen(choice, known).filter(({ on }) => on);
      // Those of an attempt that broke off were asked as well: they are off by now, and are to come back.
      const before = (memory.get(context)?.guests ?? []).filter(({ id }) => !guests.some((guest) => guest.id === id));
      const asked = memory.set(context, newlyAsked([...before, ...guests]));
      const answers = await atMost(width, guests, async (guest) => {
        const why = await acts.shutDown(session, guest);
        asked.since.set(guest.id, clock.monotonic());
        return why;
      });
      const refusals = answers.flatMap((why, at) =>
        why === null ? [] : [`${guests[at]?.name} was not asked: ${why}`],
      );
      for (const why of refusals) context.tell(why);
      if (guests.length > 0 && refusals.length === guests.length && !force) throw noneAsked(host, acts, refusals);
      return dataOf(asked.guests);
    },
    check: (context) => checks.shutDownGuests(context),
    would: (step, host) => wouldTo(host, (one) => wouldDo(step, guestsOf(one))),
  };
}

const noneAsked = (host: Host, { agent }: GuestActs, refusals: readonly string[]) =>
  hostFault(
    host,
    'command-failed',
    `no guest could be asked to shut down. ${refusals.join('; ')}`,
    `${agent === null ? 'Look at the guests' : `Install ${agent} in the guests`}, or let the step power off the guests that do not stop.`,
  );

function wouldDo(step: Step, { words }: GuestActs): string {
  const { guests, force } = stepOf({ step }, 'shut-down-guests');
  const after = force ? `, then ${words.cut} for those that have not stopped` : '';
  return `${words.ask} for every guest that is on${choiceWords(guests)}${after}`;
}

const dataOf = (guests: readonly Guest[]): StepData => ({
  guests: guests.map((guest) => guest.id),
  names: guests.map((guest) => guest.name),
});
