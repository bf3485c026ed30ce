import { FaultError } from '../../../shared/fault.ts';
import type { Host } from '../../../shared/inventory.ts';
import { hostFault } from '../host-fault.ts';
import { orNotBlindly, refuseIfGuestsRun } from '../platforms/guests-first.ts';
import type { Session } from '../platforms/session.ts';
import { quote } from '../ssh/quote.ts';
import { digits, type Guest, hasTools, listGuests, listRunning, type RunningGuest } from './guests.ts';
import { maintenanceCommand } from './maintenance.ts';
import { type EsxiRun, esxiFault, esxiShell } from './shell.ts';
import { vsanMember } from './vsan.ts';

/** Seconds between two looks at our VM, and how many there are: five minutes in all, and the time that the looks take. */
const lookEvery = 3;
const looks = 100;
/** Seconds that the host itself waits for its maintenance mode. */
const waitSeconds = 300;
/** Seconds: the least that esxcli takes. */
const delay = 10;
/** Holds the process that does this while it does it. The host forgets it with a restart. */
const lock = '/tmp/glidepath-power-off.pid';

/**
 * What the host does by itself when nobody is left to tell it. It goes off only if our VM has stopped, nothing else
 * runs, and maintenance mode was entered; otherwise it stays on with what runs on it. It leaves maintenance mode before it
 * is off: no VM can be powered on in it, and ours is to start with the host.
 * @see https://github.com/sixdimensionalarray/esxidown (leaves maintenance mode in the delay of the power-off)
 * @see https://github.com/lamw/ghettoVCB (keeps its lock with its process in /tmp, and gives it up by a trap)
 * @see https://docs.vmware.com/en/VMware-vSphere/6.7/vspherecli-concepts-examples/GUID-8B7791B1-8CFF-48AE-A4B2-0464867ECE1F.html
 */
function lastOrders(vm: { id: string }, isVsanMember: boolean): string {
  const id = digits(vm.id);
  const [entering, leaving] = [
    maintenanceCommand(true, waitSeconds, isVsanMember),
    maintenanceCommand(false, waitSeconds),
  ];
  return [
    // Told twice, as an answer was lost, the second would enter maintenance mode again when the first has left it.
    `before=`,
    `read before <${lock}`,
    `[ -n "$before" ] && kill -0 "$before" && exit`,
    `echo $$ >${lock}`,
    `trap ": >${lock}" EXIT`,
    `vim-cmd vmsvc/power.shutdown ${id}`,
    `left=${looks}`,
    `until vim-cmd vmsvc/power.getstate ${id} | grep -q "^Powered off"`,
    `do left=$((left - 1))`,
    `[ $left -gt 0 ] || exit 1`,
    `sleep ${lookEvery}`,
    'done',
    // What fails prints why: then something is in it, too.
    `running=$(esxcli vm process list 2>&1) && [ -z "$running" ] && ${entering} && esxcli system shutdown poweroff -d ${delay} -r Glidepath && ${leaving}`,
  ].join('\n');
}

/** In words, for a rehearsal. */
export const underUsWords = (own: Host): string =>
  `vim-cmd vmsvc/power.shutdown for ${own.name}, in which Glidepath runs; when it is off, and nothing else runs: ${maintenanceCommand(true, waitSeconds)}, then esxcli system shutdown poweroff -d ${delay}`;

/**
 * Powers off the ESXi host in a VM of which we run: the host itself shuts that VM down, the last one, and then goes off.
 * All is looked at before that can be: what comes later nobody sees.
 * @throws FaultError `reference-missing` when our VM is not surely known, `refused` when others run on the host or ours
 * would not stop, `command-failed` when that is not told
 */
export async function powerOffUnderUs(session: Session, own: Host): Promise<void> {
  const { host } = session;
  const run = esxiShell(session);
  const vm = await ownVm(run, host, own);
  await refuseIfGuestsRun(host, others(run, host, vm), `"Shut down guests" for all but ${own.name}`);
  await seeTools(run, host, vm);
  const isVsanMember = await holdsVsanData(run, host);
  const answer = await run(`nohup sh -c ${quote(lastOrders(vm, isVsanMember))} >/dev/null 2>&1 </dev/null &`);
  if (answer.failed && !answer.dropped) throw esxiFault(host, 'powering off', answer, 'Power it off by hand.');
}

/** Our VM, as a rehearsal sees it. @throws FaultError those of `powerOffUnderUs` but for the others that run */
export async function seeOwnVm(session: Session, own: Host): Promise<string> {
  const run = esxiShell(session);
  const vm = await ownVm(run, session.host, own);
  await seeTools(run, session.host, vm);
  return `Glidepath runs in ${vm.name} (${vm.id}), and VMware Tools runs there`;
}

/** The VM that is on and has the name of this computer, if there is one of that name only. */
async function ownVm(run: EsxiRun, host: Host, { name }: Host): Promise<Guest> {
  const [vm, ...more] = (await orNotBlindly(listGuests(run, host))).filter((guest) => guest.name === name);
  const remedy = `Call this computer under Setup as its VM is called on ${host.name}, and no other VM there.`;
  if (!vm) throw hostFault(host, 'reference-missing', `no VM of it has the name ${name}, as this computer has`, remedy);
  if (more.length > 0)
    throw hostFault(host, 'reference-missing', `${more.length + 1} VMs of it have the name ${name}`, remedy);
  if (!(await orNotBlindly(listRunning(run, host))).some(isIt(vm)))
    throw hostFault(host, 'reference-missing', `${name} is off there, so Glidepath does not run in it`, remedy);
  return vm;
}

const isIt =
  ({ name, vmx }: Guest) =>
  (running: RunningGuest): boolean =>
    running.name === name && running.vmx === vmx;

async function others(run: EsxiRun, host: Host, vm: Guest): Promise<RunningGuest[]> {
  const isOurs = isIt(vm);
  return (await listRunning(run, host)).filter((running) => !isOurs(running));
}

/** A host that does not tell is taken for one without vSAN: a member would move data for as long as it waits, and no longer. */
async function holdsVsanData(run: EsxiRun, host: Host): Promise<boolean> {
  try {
    return (await vsanMember(run, host)) !== null;
  } catch (error) {
    if (error instanceof FaultError && ['command-failed', 'unexpected-answer'].includes(error.fault.code)) return false;
    throw error;
  }
}

async function seeTools(run: EsxiRun, host: Host, vm: Guest): Promise<void> {
  if (await orNotBlindly(hasTools(run, host, vm))) return;
  const what = `VMware Tools does not run in ${vm.name}, in which Glidepath runs: it cannot be shut down`;
  throw hostFault(host, 'refused', what, `Install VMware Tools in ${vm.name}.`);
}
