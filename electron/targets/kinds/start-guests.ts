import { count } from '../../../shared/words.ts';
import type { StepActions, StepContext } from '../../core/ports.ts';
import { atMost } from '../at-most.ts';
import type { KindChecks } from '../checks/kind-checks.ts';
import { digits, guestsOn, powerOf, width } from '../esxi/guests.ts';
import { type EsxiRun, esxiFault, esxiShell, untilLimit } from '../esxi/shell.ts';
import { type TargetDeps, targetOf, tellOrUnknown } from './deps.ts';

/** Starts the guests that were on when this run shut them down. Its proof is the state of each. */
export function startGuests({ shell, clock }: TargetDeps, checks: KindChecks): StepActions {
  return {
    proveEvery: 3000,
    probe: (context) =>
      tellOrUnknown(context, async () => {
        const guests = guestsOfRun(context);
        if (guests.length === 0) return { state: 'done', proof: 'no guest was shut down in this run' };
        const on = await guestsOn(esxiShell(shell, clock, targetOf(context), context), guests);
        if (on.length === guests.length) return { state: 'done', proof: `${count(on.length, 'guest')} on` };
        return { state: 'not-done', seen: `${on.length} of ${count(guests.length, 'guest')} on` };
      }),
    async act(context) {
      const host = targetOf(context);
      const run = esxiShell(shell, clock, host, context, untilLimit);
      const guests = guestsOfRun(context);
      const faults = (await atMost(width, guests, (guest) => start(run, guest.id))).filter((answer) => answer !== null);
      const [first] = faults;
      if (first && faults.length === guests.length) {
        throw esxiFault(host, 'starting its guests', first, 'Look whether the host is still in maintenance mode.');
      }
      return { started: guests.length - faults.length };
    },
    check: (context) => checks.startGuests(context),
    would: () => 'vim-cmd vmsvc/power.on for every guest that this run shut down',
  };
}

/** Null: it starts, or is on already. */
async function start(run: EsxiRun, id: string) {
  const answer = await run(`vim-cmd vmsvc/power.on ${digits(id)}`);
  return !answer.failed || (await powerOf(run, id)) === 'on' ? null : answer;
}

function guestsOfRun(context: StepContext): { id: string }[] {
  const target = targetOf(context).id;
  const ids = context.earlier
    .filter(({ step }) => step.kind === 'shut-down-guests' && step.target === target)
    .flatMap(({ data }) => data.guests ?? [])
    .map(String);
  return [...new Set(ids)].map((id) => ({ id: digits(id) }));
}
