import type { Check } from '../../../shared/rehearsal.ts';
import type { Step } from '../../../shared/sequence.ts';
import { count } from '../../../shared/words.ts';
import type { CheckContext, Clock } from '../../core/ports.ts';
import { atMost } from '../at-most.ts';
import { hostFault } from '../host-fault.ts';
import { chosen, unknownNames } from '../kinds/chosen-guests.ts';
import { seenRunning } from '../platforms/guest-words.ts';
import type { Guest, GuestActs } from '../platforms/platform.ts';
import type { Session } from '../platforms/session.ts';
import { CannotTell, looked } from './check.ts';

type ShutDownGuests = Extract<Step, { kind: 'shut-down-guests' }>;

/** How many guests of a host are asked about at once. */
const width = 4;

/** Which guests a step would ask to shut down now, and whether what can be asked runs in each of them. */
export async function guestsAndAgents(
  clock: Clock,
  context: CheckContext,
  session: Session,
  acts: GuestActs,
  step: ShutDownGuests,
): Promise<Check[]> {
  let meant: Guest[] = [];
  let running: Guest[] = [];
  const look = await looked(clock, context, 'guests', async () => {
    const known = await acts.list(session);
    meant = chosen(step.guests, known);
    running = meant.filter((guest) => guest.on);
    const limited = { only: step.guestLimits.map(({ guest }) => guest) };
    const missing = [...new Set([...unknownNames(step.guests, known), ...unknownNames(limited, known)])];
    if (missing.length > 0 && !isOneOfSeveral(step)) throw noSuchGuest(session, missing);
    return `${seenRunning(running)}${missing.length > 0 ? `; not on this host: ${missing.join(', ')}` : ''}`;
  });
  if (look.verdict !== 'ready') return [look];
  const guests = { ...look, guests: meant.map(({ name }) => name.slice(0, 300)) };
  if (acts.agent === null) return [guests];
  return [guests, await looked(clock, context, 'tools', () => agents(session, acts, step, running))];
}

/** A step that became several has the names of all hosts' guests; one that stands for itself means this host's. */
const isOneOfSeveral = (step: Step): boolean => step.id.includes('.');

async function agents(
  session: Session,
  acts: GuestActs,
  step: ShutDownGuests,
  running: readonly Guest[],
): Promise<string> {
  const answers = await atMost(width, running, async (guest) => (await acts.hasAgent?.(session, guest)) ?? null);
  const of = (wanted: boolean | null) => running.filter((_, at) => answers[at] === wanted).map(({ name }) => name);
  const without = of(false);
  const untold = of(null);
  if (without.length > 0) {
    const names = without.join(', ').slice(0, 1000);
    if (step.force) throw new CannotTell(`without ${acts.agent}, so they would be powered off hard: ${names}`);
    throw hostFault(
      session.host,
      'command-failed',
      `${acts.agent} does not run in ${names}: ${without.length === 1 ? 'it cannot' : 'they cannot'} be asked to shut down`,
      `Install ${acts.agent} there, or let the step power off the guests that do not stop.`,
    );
  }
  if (untold.length > 0)
    throw new CannotTell(`whether ${acts.agent} runs is not told of ${untold.join(', ').slice(0, 1000)}`);
  return running.length === 0 ? 'no guest is on' : `${acts.agent} runs in ${count(running.length, 'guest')}`;
}

const noSuchGuest = ({ host }: Session, missing: readonly string[]) =>
  hostFault(
    host,
    'reference-missing',
    `no guest of it has the name ${missing.join(', ')}`,
    'Correct the names of the guests in the step.',
  );
