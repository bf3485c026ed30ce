import type { Host } from '../../../shared/inventory.ts';
import type { StepData } from '../../../shared/run-record.ts';
import type { Step } from '../../../shared/sequence.ts';
import { count } from '../../../shared/words.ts';
import type { Probe, StepActions, StepContext } from '../../core/ports.ts';
import { atMost } from '../at-most.ts';
import type { KindChecks } from '../checks/kind-checks.ts';
import { killRunning, powerOffGuest } from '../esxi/force.ts';
import { digits, type Guest, guestsOn, listGuests, listRunning, powerOf, width } from '../esxi/guests.ts';
import { type EsxiRun, esxiFault, esxiShell } from '../esxi/shell.ts';
import { hostFault } from '../host-fault.ts';
import { ownData, StepMemory } from '../step-memory.ts';
import { chosen, type GuestChoice, unknownNames } from './chosen-guests.ts';
import { limitMsOf, stepOf, type TargetDeps, targetOf, tellOrUnknown } from './deps.ts';

/** Milliseconds of the clock after which a guest that was powered off and is still on is dealt with again. */
const forceAgainMs = 15_000;

interface Asked {
  guests: Guest[];
  /** Monotonic ms from which on the guests left are powered off; infinite without `force`. */
  forceAt: number;
  /** Times that they were. */
  forced: number;
}

/**
 * Asks every running guest to shut down, through VMware Tools. Its proof is the kernel's list of running guests and
 * the state of each registered one, never what a shut-down command printed.
 */
export function shutDownGuests({ shell, clock }: TargetDeps, checks: KindChecks): StepActions {
  const memory = new StepMemory<Asked>();

  const forceAfter = (context: StepContext): number =>
    stepOf(context, 'shut-down-guests').force ? clock.monotonic() + (limitMsOf(context.step) * 2) / 3 : Infinity;

  /** After a restart of Glidepath only the journal knows that the guests were asked. */
  const recall = (context: StepContext): Asked | undefined => {
    const known = memory.get(context);
    const data = ownData(context);
    if (known || !data) return known;
    return memory.set(context, { guests: guestsOf(data), forceAt: forceAfter(context), forced: 0 });
  };

  const force = async (run: EsxiRun, host: Host, asked: Asked, context: StepContext): Promise<void> => {
    const isPressed = asked.forced === 0 && stepOf(context, 'shut-down-guests').force && context.isPressed();
    if ((clock.monotonic() < asked.forceAt && !isPressed) || context.isCancelled()) return;
    asked.forceAt = clock.monotonic() + forceAgainMs;
    asked.forced += 1;
    const left = await guestsOn(run, asked.guests);
    context.tell(`powering off ${left.map((guest) => guest.name).join(', ')}`);
    if (asked.forced === 1) await atMost(width, left, (guest) => powerOffGuest(run, guest));
    // A guest with a question pending does not even go off; its process can still be ended.
    else await killRunning(run, host, left);
  };

  const probe = async (context: StepContext): Promise<Probe> => {
    const host = targetOf(context);
    const run = esxiShell(shell, clock, host, context);
    const asked = recall(context);
    const { guests: choice } = stepOf(context, 'shut-down-guests');
    const running = chosen(choice, await listRunning(run, host));
    if (running.length > 0) {
      const seen = `${count(running.length, 'guest')} on: ${namesOf(running)}`;
      if (asked) await force(run, host, asked, context);
      // Which guests were on must be on disk before the first is asked: whatever happens then, they are to come back.
      else return { state: 'not-done', seen, data: dataOf(await guestsOn(run, await list(run, host, choice))) };
      return { state: 'not-done', seen };
    }
    const on = await guestsOn(run, asked?.guests ?? (await list(run, host, choice)));
    if (on.length > 0) return { state: 'not-done', seen: `${count(on.length, 'guest')} on: ${namesOf(on)}` };
    return { state: 'done', proof: asked ? `${count(asked.guests.length, 'guest')} off` : 'no guest is on' };
  };

  return {
    proveEvery: 3000,
    probe: (context) => tellOrUnknown(context, () => probe(context)),
    async act(context) {
      const host = targetOf(context);
      const run = esxiShell(shell, clock, host, context);
      const forceAt = forceAfter(context);
      const { guests: choice } = stepOf(context, 'shut-down-guests');
      const known = await listGuests(run, host);
      const missing = unknownNames(choice, known);
      if (missing.length > 0) context.tell(`no guest of ${host.name} has the name ${missing.join(', ').slice(0, 300)}`);
      const guests = await guestsOn(run, chosen(choice, known));
      const refusals = (await atMost(width, guests, (guest) => ask(run, host, guest))).filter((why) => why !== null);
      for (const why of refusals) context.tell(why);
      if (guests.length > 0 && refusals.length === guests.length && forceAt === Infinity)
        throw noneAsked(host, refusals);
      memory.set(context, { guests, forceAt, forced: 0 });
      return dataOf(guests);
    },
    check: (context) => checks.shutDownGuests(context),
    would: (step) => wouldDo(stepOf({ step }, 'shut-down-guests')),
  };
}

const list = async (run: EsxiRun, host: Host, choice: GuestChoice): Promise<Guest[]> =>
  chosen(choice, await listGuests(run, host));

/** Null: asked, or off already. Otherwise why this guest will not stop by itself. */
async function ask(run: EsxiRun, host: Host, guest: Guest): Promise<string | null> {
  const answer = await run(`vim-cmd vmsvc/power.shutdown ${digits(guest.id)}`);
  if (answer.dropped) throw esxiFault(host, `shutting down ${guest.name}`, answer, '');
  if (!answer.failed || (await powerOf(run, guest.id)) !== 'on') return null;
  const tools = await run(`vim-cmd vmsvc/get.guest ${digits(guest.id)}`);
  const isWithout = !tools.failed && !/toolsRunningStatus = "guestToolsRunning"/.test(tools.text);
  const why = isWithout ? 'VMware Tools is not running in it' : esxiFault(host, 'shutting down', answer, '').fault.what;
  return `${guest.name} was not asked: ${why}`;
}

const noneAsked = (host: Host, refusals: readonly string[]) =>
  hostFault(
    host,
    'command-failed',
    `no guest could be asked to shut down. ${refusals.join('; ')}`,
    'Install VMware Tools in the guests, or let the step power off the guests that do not stop.',
  );

function wouldDo({ guests, force }: Extract<Step, { kind: 'shut-down-guests' }>): string {
  const names =
    guests === undefined ? '' : ` (${'only' in guests ? guests.only.join(', ') : `not ${guests.except.join(', ')}`})`;
  const after = force ? ', then power.off for those that have not stopped' : '';
  return `vim-cmd vmsvc/power.shutdown for every guest that is on${names}${after}`.slice(0, 2000);
}

const dataOf = (guests: readonly Guest[]): StepData => ({
  guests: guests.map((guest) => guest.id),
  names: guests.map((guest) => guest.name),
});

/** The journal keeps ids and names side by side. */
function guestsOf(data: StepData): Guest[] {
  const list = (value: StepData[string] | undefined): readonly string[] => (Array.isArray(value) ? value : []);
  const names = list(data.names);
  return list(data.guests).map((id, at) => ({ id, name: names[at] ?? id, vmx: '' }));
}

const namesOf = (guests: ReadonlyArray<{ name: string }>): string =>
  guests
    .map((guest) => guest.name)
    .join(', ')
    .slice(0, 300);
