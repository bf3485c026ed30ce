import type { Host } from '../../../shared/inventory.ts';
import type { Check } from '../../../shared/rehearsal.ts';
import type { Step } from '../../../shared/sequence.ts';
import { count } from '../../../shared/words.ts';
import type { CheckContext } from '../../core/ports.ts';
import { atMost } from '../at-most.ts';
import { digits, type Guest, listGuests, listRunning, width } from '../esxi/guests.ts';
import { type EsxiRun, esxiFault } from '../esxi/shell.ts';
import { hostFault } from '../host-fault.ts';
import { chosen, unknownNames } from '../kinds/chosen-guests.ts';
import { CannotTell, looked } from './check.ts';
import type { HostLooks } from './host-looks.ts';

type ShutDownGuests = Extract<Step, { kind: 'shut-down-guests' }>;

/** Which guests a step would ask to shut down now, and whether VMware Tools runs in each of them. */
export async function guestsAndTools(
  looks: HostLooks,
  context: CheckContext,
  host: Host,
  step: ShutDownGuests,
): Promise<Check[]> {
  const run = looks.esxi(context, host);
  let running: Guest[] = [];
  const guests = await looked(looks.clock, context, 'guests', async () => {
    const known = await listGuests(run, host);
    const files = new Set((await listRunning(run, host)).map((one) => one.vmx));
    running = chosen(step.guests, known).filter((guest) => files.has(guest.vmx));
    const missing = unknownNames(step.guests, known);
    if (missing.length > 0 && !isOneOfSeveral(step)) throw noSuchGuest(host, missing);
    return `${seen(running)}${missing.length > 0 ? `; not on this host: ${missing.join(', ')}` : ''}`;
  });
  if (guests.verdict !== 'ready') return [guests];
  return [guests, await looked(looks.clock, context, 'tools', () => tools(run, host, step, running))];
}

/** The hypervisor's management service tells its guests. @throws FaultError `command-failed` */
export async function runningGuests(looks: HostLooks, context: CheckContext, host: Host): Promise<string> {
  return seen(await listRunning(looks.esxi(context, host), host));
}

/** A step that became several has the names of all hosts' guests; one that stands for itself means this host's. */
const isOneOfSeveral = (step: Step): boolean => step.id.includes('.');

async function tools(run: EsxiRun, host: Host, step: ShutDownGuests, running: readonly Guest[]): Promise<string> {
  const without = (await atMost(width, running, (guest) => hasTools(run, host, guest))).flatMap((has, at) =>
    has ? [] : [running[at]?.name ?? ''],
  );
  if (without.length === 0) {
    return running.length === 0 ? 'no guest is on' : `VMware Tools runs in ${count(running.length, 'guest')}`;
  }
  const names = without.join(', ').slice(0, 1000);
  if (step.force) throw new CannotTell(`without VMware Tools, so they would be powered off hard: ${names}`);
  throw hostFault(
    host,
    'command-failed',
    `VMware Tools does not run in ${names}: ${without.length === 1 ? 'it cannot' : 'they cannot'} be asked to shut down`,
    'Install VMware Tools there, or let the step power off the guests that do not stop.',
  );
}

async function hasTools(run: EsxiRun, host: Host, guest: Guest): Promise<boolean> {
  const answer = await run(`vim-cmd vmsvc/get.guest ${digits(guest.id)}`);
  if (answer.failed)
    throw esxiFault(host, `asking for the Tools of ${guest.name}`, answer, 'Look at the guest by hand.');
  return /toolsRunningStatus = "guestToolsRunning"/.test(answer.text);
}

const noSuchGuest = (host: Host, missing: readonly string[]) =>
  hostFault(
    host,
    'reference-missing',
    `no guest of it has the name ${missing.join(', ')}`,
    'Correct the names of the guests in the step.',
  );

const seen = (running: ReadonlyArray<{ name: string }>): string =>
  running.length === 0
    ? 'no guest is on'
    : `${count(running.length, 'guest')} on: ${running.map((guest) => guest.name).join(', ')}`.slice(0, 1000);
