import { FaultError } from '../../../shared/fault.ts';
import type { Step } from '../../../shared/sequence.ts';
import { count } from '../../../shared/words.ts';
import { atMost } from '../at-most.ts';
import { hostFault } from '../host-fault.ts';
import type { Guest, GuestActs } from '../platforms/platform.ts';
import type { Session } from '../platforms/session.ts';
import { haStatus, whenQuorate, whoRuns } from './ha-status.ts';
import { askCurrent, type Current, currentOf, listGuests, majorVersion, type Parts, partsOf } from './listing.ts';
import { asRoot, at, mayUse, once } from './node.ts';

/** Commands to one node at a time. */
const width = 4;

/**
 * The oldest that surely leaves on what has not stopped in its time: older ones call lxc-stop without --nokill.
 * @see https://github.com/proxmox/pve-container/blob/master/src/PVE/LXC.pm (vm_stop)
 */
const oldest = 7;

/** Seconds that a guest is waited for when it is asked. It has been asked by then, and what is under way goes on. */
const askSeconds = 3;

/** Seconds after which HA cuts what it was told to stop: longer than any step lasts. */
const haSeconds = 7200;

/** Ms of real time: a start waits until it is done. */
const startMs = 120_000;
const stopMs = 60_000;

/** These do not change while the guests of one step are asked. */
const releaseOf = once(supportedVersion);
const haOf = once(haStatus);
const quorateOf = once(whenQuorate);

/**
 * The VMs and containers of one node, by its own programs. A guest of HA is stopped by HA, which goes on to look after
 * it, as its program would do too, but with more time. That one is off is told by the list alone.
 * @see https://pve.proxmox.com/pve-docs/qm.1.html, pct.1.html, ha-manager.1.html (crm-command stop)
 * @see https://github.com/proxmox/pve-ha-manager/blob/master/src/PVE/HA/Resources/PVEVM.pm (shutdown: forceStop)
 */
export const proxmoxGuests: GuestActs = {
  words: { ask: 'qm shutdown, pct shutdown', cut: 'qm stop, pct stop', start: 'qm start, pct start' },
  agent: 'the QEMU guest agent',
  list: listGuests,
  async hasAgent(session, guest) {
    const parts = partsOf(guest.id);
    // A container is told by a signal.
    if (parts.type === 'lxc') return true;
    const { agent } = await currentOf(session, parts);
    return agent ? agentAnswers(session, parts) : null;
  },
  async shutDown(session, guest) {
    await releaseOf(session);
    const status = await haOf(session);
    return orWhy(async () => {
      const parts = partsOf(guest.id);
      const now = await currentOf(session, parts);
      if (now.status === 'stopped') return null;
      if (now.qmpstatus === 'paused') return 'it is paused';
      switch (whoRuns(status, parts.sid)) {
        case 'node':
          return askIt(session, guest, parts, now);
        case 'ha':
          return askHaToStop(session, parts, now);
        case 'frozen':
          return 'HA is disarmed and holds everything as it is: ha-manager crm-command arm-ha';
      }
    });
  },
  async cut(session, guests, round) {
    await atMost(width, guests, (guest) => cutOff(session, partsOf(guest.id), round));
  },
  async start(session, guest) {
    await quorateOf(session);
    return orWhy(async () => {
      const parts = partsOf(guest.id);
      const ran = await asRoot(session, starting(parts), startMs);
      if (ran.isDone || (await currentOf(session, parts)).status !== 'stopped') return null;
      return `${parts.sid} did not start (${ran.said})`;
    });
  },
  async mayManage(session, step) {
    await supportedVersion(session);
    const may = await mayUse(session, commandsOf(step));
    const status = await haStatus(session);
    const byHa = status.services.filter(({ sid }) => whoRuns(status, sid) !== 'node');
    return byHa.length === 0 ? may : `${may}; HA stops ${count(byHa.length, 'guest')} of its cluster, few at a time`;
  },
};

/** What a step may have a guest of either kind told. */
function commandsOf(step: Step): string[] {
  const [vm, container] = [partsOf('qemu/100'), partsOf('lxc/100')];
  const [both, isCut] = [[vm, container], step.kind === 'shut-down-guests' && step.force];
  const looks = both.map(askCurrent);
  if (step.kind !== 'shut-down-guests') return [...looks, ...both.map(starting)];
  const asking = [...both.map((parts) => shuttingDown(parts)), stoppingByHa(vm), pinging(vm)];
  return [...looks, ...asking, ...(isCut ? both.flatMap((parts) => [stopping(parts), ending(parts)]) : [])];
}

const shuttingDown = ({ program, vmid }: Parts): string => `${program} shutdown ${vmid} --timeout ${askSeconds}`;
const stoppingByHa = ({ sid }: Parts): string => `${at.haManager} crm-command stop ${sid} ${haSeconds}`;
const starting = ({ program, vmid }: Parts): string => `${program} start ${vmid}`;
/** @see https://pve.proxmox.com/pve-docs/qm.1.html (guest cmd) */
const pinging = ({ vmid }: Parts): string => `${at.qm} guest cmd ${vmid} ping`;
const stopping = ({ type, program, vmid }: Parts): string =>
  `${program} stop ${vmid}${type === 'qemu' ? ' --timeout 5' : ''}`;
/** Ends what runs it. */
const ending = ({ type, vmid }: Parts): string =>
  type === 'qemu' ? `${at.pkill} -KILL -F /var/run/qemu-server/${vmid}.pid` : `${at.lxcStop} -n ${vmid} --kill`;

/** Why one guest says no, as one that is not on this node any more, while the others may not. */
async function orWhy(asking: () => Promise<string | null>): Promise<string | null> {
  try {
    return await asking();
  } catch (error) {
    if (error instanceof FaultError && error.fault.code === 'command-failed') return error.fault.what;
    throw error;
  }
}

async function askIt(session: Session, guest: Guest, parts: Parts, now: Current): Promise<string | null> {
  const isInBackup = now.lock === 'backup' && parts.type === 'qemu';
  if (now.lock !== undefined && !isInBackup) return lockedBy(now.lock);
  if (now.agent && !(await agentAnswers(session, parts)))
    session.tell(`the QEMU guest agent does not answer in ${guest.name}, which may not stop`);
  const ran = await asRoot(session, `${shuttingDown(parts)}${isInBackup ? ' --skiplock 1' : ''}`, stopMs);
  // It ends with an error, too, when the guest just takes longer than that; only the log tells which it was.
  if (!ran.isDone && !justSlow.test(ran.said)) session.tell(`asking ${guest.name} ended with ${ran.said}`);
  return null;
}

/** What qm and pct print then. */
const justSlow = /got timeout|did not stop/;

/** HA takes what cannot be stopped for broken, and then leaves it alone for good. */
async function askHaToStop(session: Session, parts: Parts, { lock }: Current): Promise<string | null> {
  if (lock !== undefined) return lockedBy(lock);
  const ran = await asRoot(session, stoppingByHa(parts));
  return ran.isDone ? null : `HA did not take the order (${ran.said})`;
}

const lockedBy = (lock: string): string => `it is locked (${lock})`;

async function agentAnswers(session: Session, parts: Parts): Promise<boolean> {
  return (await asRoot(session, pinging(parts))).isDone;
}

/** First by its program; where that is held up, by a lock or by HA, what runs it is ended. */
async function cutOff(session: Session, parts: Parts, round: number): Promise<void> {
  await asRoot(session, round === 1 ? stopping(parts) : ending(parts), stopMs);
}

async function supportedVersion(session: Session): Promise<number> {
  const major = await majorVersion(session);
  if (major >= oldest) return major;
  const what = `it is Proxmox VE ${major}, which cuts containers off that do not stop at once`;
  throw hostFault(session.host, 'refused', what, `Update it to Proxmox VE ${oldest} or later.`);
}
