import { count } from '../../../shared/words.ts';
import type { StepActions, StepContext } from '../../core/ports.ts';
import { atMost } from '../at-most.ts';
import type { KindChecks } from '../checks/kind-checks.ts';
import { hostFault } from '../host-fault.ts';
import { guestsOf } from '../platforms/of-host.ts';
import type { Guest } from '../platforms/platform.ts';
import { untilLimit } from '../platforms/session.ts';
import { ownData, StepMemory } from '../step-memory.ts';
import { tellOnce } from '../vmware/tell-once.ts';
import { sessionOf, type TargetDeps, targetOf, tellOrUnknown, wouldTo } from './deps.ts';

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

/** Starts the guests that were on when this run shut them down. Its proof is the state of each. */
export function startGuests(deps: TargetDeps, checks: KindChecks): StepActions {
  const { clock } = deps;
  const memory = new StepMemory<Tried>();

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
  const triedBefore = (context: StepContext): Tried | undefined => {
    const known = memory.get(context);
    if (known || !ownData(context)) return known;
    return memory.set(context, { left: guestsOfRun(context), at: clock.monotonic() });
  };

  const again = async (context: StepContext, on: readonly Guest[]): Promise<void> => {
    const tried = triedBefore(context);
    if (tried === undefined || clock.monotonic() - tried.at < againMs) return;
    memory.set(context, { ...tried, at: clock.monotonic() });
    const off = tried.left.filter(({ id }) => !on.some((guest) => guest.id === id));
    if (off.length > 0) await start(context, off, 1);
  };

  return {
    proveEvery: 3000,
    probe: (context) =>
      tellOrUnknown(context, async () => {
        const guests = guestsOfRun(context);
        if (guests.length === 0) return { state: 'done', proof: 'no guest was shut down in this run' };
        const acts = guestsOf(targetOf(context));
        const session = sessionOf(deps, context);
        const on = acts.stillOn ? await acts.stillOn(session, guests) : onIn(guests, await acts.list(session));
        if (on.length === guests.length) return { state: 'done', proof: `${count(on.length, 'guest')} on` };
        await again(context, on);
        return { state: 'not-done', seen: `${on.length} of ${count(guests.length, 'guest')} on` };
      }),
    async act(context) {
      const guests = guestsOfRun(context);
      const refusals = await start(context, guests, untilLimit);
      if (refusals.length > 0 && refusals.length === guests.length) {
        const remedy = 'Look whether the host is still in maintenance mode.';
        const what = `none of its guests could be started. ${refusals.join('; ')}`;
        throw hostFault(targetOf(context), 'command-failed', what, remedy);
      }
      return { started: guests.length - refusals.length };
    },
    check: (context) => checks.startGuests(context),
    would: (_step, host) =>
      wouldTo(host, (one) => `${guestsOf(one).words.start} for every guest that this run shut down`),
  };
}

const onIn = (guests: readonly Guest[], known: readonly Guest[]): Guest[] =>
  guests.filter(({ id }) => known.some((guest) => guest.id === id && guest.on));

function guestsOfRun(context: StepContext): Guest[] {
  const target = targetOf(context).id;
  const ids = context.earlier
    .filter(({ step }) => step.kind === 'shut-down-guests' && step.target === target)
    .flatMap(({ data }) => data.guests ?? [])
    .map(String);
  return [...new Set(ids)].map((id) => ({ id, name: id, on: false }));
}
