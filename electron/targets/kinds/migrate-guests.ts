import { count } from '../../../shared/words.ts';
import type { StepActions, StepContext } from '../../core/ports.ts';
import { atMost } from '../at-most.ts';
import type { KindChecks } from '../checks/kind-checks.ts';
import { hostFault } from '../host-fault.ts';
import { namesOf } from '../platforms/guest-words.ts';
import { destinations, guestsToMove, move, spread } from '../vmware/migration.ts';
import { limitMsOf, sessionOf, type TargetDeps, targetOf, tellOrUnknown } from './deps.ts';

/** Guests that are moved at a time: a host allows four over a network of 1 Gbit/s. */
const width = 4;

/**
 * Moves what runs on a host to hosts of its cluster that keep their power, by its vCenter. Its proof is that nothing
 * runs there any more. A guest that cannot go is named and stays: the steps behind this one shut it down in order.
 */
export function migrateGuests(deps: TargetDeps, checks: KindChecks): StepActions {
  return {
    proveEvery: 3000,
    probe: (context) =>
      tellOrUnknown(context, async () => {
        const guests = await guestsToMove(sessionOf(deps, context));
        if (guests.length === 0) return { state: 'done', proof: 'no guest runs on it' };
        return { state: 'not-done', seen: `${count(guests.length, 'guest')} on: ${namesOf(guests)}` };
      }),
    async act(context) {
      const session = sessionOf(deps, context);
      const guests = await guestsToMove(session);
      const hosts = await destinations(session, context.spared());
      if (guests.length > 0 && hosts.length === 0) throw nowhere(context);
      const moves = spread(guests, hosts);
      const answers = await atMost(width, moves, async ({ vm, to }) =>
        // What was not begun before the run was cancelled is not begun any more.
        context.isCancelled() ? 'the run was cancelled' : move(session, vm, to, limitMsOf(context.step)),
      );
      const refusals = answers.filter((why) => why !== null);
      if (refusals.length > 0) throw notAll(context, refusals);
      return { moved: moves.map(({ vm, to }) => `${vm.name} to ${to.name}`) };
    },
    check: (context) => checks.migrateGuests(context),
    would: () => 'RelocateVM_Task for every guest that is on, to hosts of its cluster that keep their power',
  };
}

const nowhere = (context: StepContext) =>
  hostFault(
    targetOf(context),
    'refused',
    'no host of its cluster keeps its power and is well, so its guests have nowhere to go',
    'Shut the guests down instead, or feed another host of the cluster from another UPS.',
  );

const notAll = (context: StepContext, refusals: readonly string[]) =>
  hostFault(
    targetOf(context),
    'command-failed',
    refusals.join('; '),
    'Put the step “Shut down guests” behind this one, for what cannot be moved.',
  );
