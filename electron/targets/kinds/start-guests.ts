import type { Step } from '../../../shared/sequence.ts';
import { count } from '../../../shared/words.ts';
import type { StepActions, StepContext } from '../../core/ports.ts';
import { atMost } from '../at-most.ts';
import type { KindChecks } from '../checks/kind-checks.ts';
import { hostFault } from '../host-fault.ts';
import { guestsOf } from '../platforms/of-host.ts';
import type { Guest, GuestActs } from '../platforms/platform.ts';
import { untilLimit } from '../platforms/session.ts';
import { ownData, StepMemory } from '../step-memory.ts';
import { tellOnce } from '../vmware/tell-once.ts';
import { choiceWords, chosen, guestsIn } from './chosen-guests.ts';
import { sessionOf, stepOf, type TargetDeps, targetOf, tellOrUnknown, wouldTo } from './deps.ts';

/** Guests that are started at a time. */
const width = 4;

/** Milliseconds of the clock until those that did not start are tried again: their storage may come up after their host. */
const againMs = 15_000;

interface Tried {
  /** Those that did not start, or may not have been. */
  left: readonly Guest[];
  /** When they were tried, in monotonic ms. */
  at: number;
}

/**
 * Starts the guests that were on when this run shut them down, of those that it names, if it names any. Its proof is the
 * state of each.
 */
export function startGuests(deps: TargetDeps, checks: KindChecks): StepActions {
  const { clock } = deps;
  const memory = new StepMemory<Tried>();
  const names = new StepMemory<ReadonlyMap<string, string>>();

  /** Those of this run that the step is for. An earlier run leaves no names of what it owes: its host is asked for them. */
  const meant = async (context: StepContext): Promise<Guest[]> => {
    const left = guestsOfRun(context);
    const { guests: choice } = stepOf(context, 'start-guests');
    const isAsking = choice !== undefined && [...left.values()].includes(null);
    const known = isAsking ? (names.get(context) ?? names.set(context, await namesById(context))) : null;
    const guests = [...left].map(([id, name]) => ({ id, name: name ?? known?.get(id) ?? id, on: false }));
    return chosen(choice, guests);
  };

  const namesById = async (context: StepContext): Promise<Map<string, string>> => {
    const guests = await guestsOf(targetOf(context)).list(sessionOf(deps, context));
    return new Map(guests.map(({ id, name }) => [id, name]));
  };

  /** @returns why those that did not start did not */
  const start = async (context: StepContext, guests: readonly Guest[], patience: number): Promise<string[]> => {
    const acts = guestsOf(targetOf(context));
    const session = sessionOf(deps, context, { patience });
    const answers = await atMost(width, guests, (guest) => acts.start(session, guest));
    memory.set(context, { left: guests.filter((_, at) => answers[at] !== null), at: clock.monotonic() });
    const refusals = answers.filter((why) => why !== null);
    for (const why of refusals) tellOnce(session, why);
    return refusals;
  };

  /** After a restart of Glidepath only the journal knows that they were to be started. */
  const triedBefore = (context: StepContext, guests: readonly Guest[]): Tried | undefined => {
    const known = memory.get(context);
    if (known || !ownData(context)) return known;
    return memory.set(context, { left: guests, at: clock.monotonic() });
  };

  const again = async (context: StepContext, guests: readonly Guest[], on: readonly Guest[]): Promise<void> => {
    const tried = triedBefore(context, guests);
    if (tried === undefined || clock.monotonic() - tried.at < againMs) return;
    memory.set(context, { ...tried, at: clock.monotonic() });
    const off = tried.left.filter(({ id }) => !on.some((guest) => guest.id === id));
    if (off.length > 0) await start(context, off, 1);
  };

  return {
    proveEvery: 3000,
    probe: (context) =>
      tellOrUnknown(context, async () => {
        const guests = await meant(context);
        if (guests.length === 0) return { state: 'done', proof: noneMeant(context) };
        const acts = guestsOf(targetOf(context));
        const session = sessionOf(deps, context);
        const on = acts.stillOn ? await acts.stillOn(session, guests) : onIn(guests, await acts.list(session));
        if (on.length === guests.length) return { state: 'done', proof: `${count(on.length, 'guest')} on` };
        await again(context, guests, on);
        return { state: 'not-done', seen: `${on.length} of ${count(guests.length, 'guest')} on` };
      }),
    async act(context) {
      const guests = await meant(context);
      const refusals = await start(context, guests, untilLimit);
      if (refusals.length > 0 && refusals.length === guests.length) {
        const remedy = 'Look whether the host is still in maintenance mode.';
        const what = `none of its guests could be started. ${refusals.join('; ')}`;
        throw hostFault(targetOf(context), 'command-failed', what, remedy);
      }
      return { started: guests.length - refusals.length };
    },
    check: (context) => checks.startGuests(context),
    would: (step, host) => wouldTo(host, (one) => wouldDo(step, guestsOf(one))),
  };
}

const wouldDo = (step: Step, { words }: GuestActs): string =>
  `${words.start} for every guest that this run shut down${choiceWords(stepOf({ step }, 'start-guests').guests)}`;

const noneMeant = (context: StepContext): string =>
  stepOf(context, 'start-guests').guests === undefined
    ? 'no guest was shut down in this run'
    : 'none of its guests that it is for was shut down in this run';

const onIn = (guests: readonly Guest[], known: readonly Guest[]): Guest[] =>
  guests.filter(({ id }) => known.some((guest) => guest.id === id && guest.on));

/** Their names by their ids; null where none was left. */
function guestsOfRun(context: StepContext): Map<string, string | null> {
  const target = targetOf(context).id;
  const found = new Map<string, string | null>();
  for (const { step, data } of context.earlier) {
    if (step.kind !== 'shut-down-guests' || step.target !== target) continue;
    for (const { id, name } of guestsIn(data)) found.set(id, name ?? found.get(id) ?? null);
  }
  return found;
}
