import { FaultError } from '../../../shared/fault.ts';
import type { Host } from '../../../shared/inventory.ts';
import { atMost } from '../at-most.ts';
import { hostFault } from '../host-fault.ts';
import { namesOf, seenRunning } from '../platforms/guest-words.ts';
import type { Guest, GuestActs } from '../platforms/platform.ts';
import type { Session } from '../platforms/session.ts';
import { type Answer, listIn, rowsIn } from './answer.ts';
import { askToShutDown, listAgents, listVms, startVm, turnOff } from './hyper-v-scripts.ts';
import { askPowerShell, runPowerShell } from './powershell.ts';

/** VMs whose power is cut by one command: their ids must fit into it. */
const cutAtOnce = 16;

/** Commands to one host at a time. */
const width = 4;

/**
 * States without anything in memory that would be lost. What is not known counts as on.
 * @see https://learn.microsoft.com/powershell/module/hyper-v/get-vm (State: Microsoft.HyperV.PowerShell.VMState)
 */
const off = new Set(['Off', 'OffCritical']);
const saved = new Set(['Saved', 'SavedCritical', 'FastSaved', 'FastSavedCritical']);

const isOff = (state: string): boolean => off.has(state) || saved.has(state);

export interface Vm extends Guest {
  isSaved: boolean;
}

/**
 * Who may not manage VMs can be shown an empty list, whatever runs: it is no proof.
 * @throws FaultError `not-allowed` in that case, `unexpected-answer`
 */
export function vmsIn(host: Host, answer: Answer): Vm[] {
  if (answer.admin !== true && answer.hyperv !== true) throw notOneOfThem(host);
  return rowsIn(host, answer, 'guests', ['id', 'name', 'state']).map(({ id, name, state }) => ({
    id,
    name,
    on: !isOff(state),
    isSaved: saved.has(state),
  }));
}

const notOneOfThem = (host: Host) =>
  hostFault(
    host,
    'not-allowed',
    `${host.user} is neither in Administrators nor in Hyper-V Administrators, and is not told which VMs there are`,
    `On the host, run: Add-LocalGroupMember -SID S-1-5-32-578 -Member ${host.user}`,
  );

/** @throws FaultError `not-allowed`, `command-failed`, `unexpected-answer`, those of `Session.run` */
export const listed = async (session: Session): Promise<Vm[]> =>
  vmsIn(session.host, await askPowerShell(session, listVms, 'listing the VMs'));

/** What is on; a VM in a saved state is off, and that is said. */
export function seenIn(vms: readonly Vm[]): string {
  const asleep = vms.filter(({ isSaved }) => isSaved);
  return `${seenRunning(vms.filter(({ on }) => on))}${asleep.length > 0 ? `; saved: ${namesOf(asleep, 1000)}` : ''}`;
}

/** The VMs of one Hyper-V host, through its PowerShell. */
export const hyperVGuests: GuestActs = {
  words: { ask: 'InitiateShutdown', cut: 'Stop-VM -TurnOff', start: 'Start-VM' },
  agent: 'the integration service',
  list: listed,
  async hasAgent(session, guest) {
    const answer = await askPowerShell(session, listAgents, 'asking for the integration services');
    const found = rowsIn(session.host, answer, 'agents', ['id', 'heartbeat', 'enabled']).find(
      ({ id }) => id === guest.id,
    );
    if (found === undefined) return null;
    if (found.enabled === '0') return false;
    if (found.heartbeat.startsWith('Ok')) return true;
    // Its heartbeat may be switched off.
    return ['NoContact', 'LostCommunication', 'Error'].includes(found.heartbeat) ? false : null;
  },
  async shutDown(session, guest) {
    const doing = `asking ${guest.name} to shut down`;
    const answer = await orWhy(askPowerShell(session, askToShutDown(guest.id), doing));
    if (typeof answer === 'string') return answer;
    const [code] = listIn(answer, 'codes');
    if (isOff(String(answer.state)) || asked.has(code)) return null;
    if (code === undefined) return 'the integration service does not run in it';
    return `the host answered ${code} when it was asked (it is ${answer.state})`;
  },
  async cut(session, guests) {
    const groups = Array.from({ length: Math.ceil(guests.length / cutAtOnce) }, (_, at) =>
      guests.slice(at * cutAtOnce, (at + 1) * cutAtOnce).map(({ id }) => id),
    );
    await atMost(width, groups, (ids) => runPowerShell(session, turnOff(ids)));
  },
  async start(session, guest) {
    const answer = await orWhy(askPowerShell(session, startVm(guest.id), `starting ${guest.name}`));
    return typeof answer === 'string' ? answer : null;
  },
  async mayManage(session) {
    const answer = await askPowerShell(session, listVms, 'listing the VMs');
    vmsIn(session.host, answer);
    return `${session.host.user} is in ${answer.admin === true ? 'Administrators' : 'Hyper-V Administrators'}`;
  },
};

/**
 * Done, started, in progress already.
 * @see https://learn.microsoft.com/windows/win32/hyperv_v2/msvm-shutdowncomponent-initiateshutdown (Return value)
 */
const asked = new Set<unknown>([0, 4096, 32782]);

/** Why one guest says no, while the others may not; without the host itself there is nothing to go on with. */
async function orWhy(asking: Promise<Answer>): Promise<Answer | string> {
  try {
    return await asking;
  } catch (error) {
    const code = error instanceof FaultError ? error.fault.code : null;
    if (error instanceof FaultError && (code === 'command-failed' || code === 'not-allowed')) return error.fault.what;
    throw error;
  }
}
