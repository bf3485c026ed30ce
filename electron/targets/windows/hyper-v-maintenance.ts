import { FaultError } from '../../../shared/fault.ts';
import { CannotTell } from '../checks/check.ts';
import { hostFault } from '../host-fault.ts';
import { keptOf, wasBefore } from '../platforms/before.ts';
import type { SettingActs, SettingSeen } from '../platforms/platform.ts';
import type { Session } from '../platforms/session.ts';
import { rowsIn } from './answer.ts';
import { seenIn, vmsIn } from './hyper-v-guests.ts';
import { listVmsAndCluster, resumeNode, suspendNode } from './hyper-v-scripts.ts';
import { askPowerShell } from './powershell.ts';

interface Looked extends SettingSeen {
  /** Of a cluster, and paused, whoever has paused it. */
  isPaused: boolean;
  isInCluster: boolean;
  isAdmin: boolean;
}

/** @throws FaultError `command-failed` when it is in a cluster that does not answer there, and those of `listed` */
async function look(session: Session): Promise<Looked> {
  const { host } = session;
  const answer = await askPowerShell(session, listVmsAndCluster, 'asking for its VMs and its cluster');
  const vms = vmsIn(host, answer);
  const isAdmin = answer.admin === true;
  const anyOn = vms.some(({ on }) => on);
  const seen = seenIn(vms);
  if (answer.cluster === '')
    return { isAdmin, isPaused: false, isInCluster: false, on: anyOn ? false : 'either', seen: `no cluster, ${seen}` };
  const [node] = rowsIn(host, answer, 'nodes', ['state', 'drain']);
  if (node === undefined) {
    const what = `its cluster (${answer.cluster}) does not know it`;
    throw hostFault(host, 'command-failed', what, 'On the host, run: Get-ClusterNode');
  }
  return {
    isAdmin,
    isPaused: node.state === 'Paused',
    isInCluster: true,
    on: isOn(node.state, node.drain, anyOn),
    seen: `${node.state} in its cluster (drain: ${node.drain}), ${seen}`,
  };
}

/** Paused alone is not enough: what did not move would still run there. */
function isOn(state: string, drain: string, anyOn: boolean): SettingSeen['on'] {
  if (state === 'Up') return false;
  return state === 'Paused' && drain !== 'InProgress' && !anyOn ? true : 'between';
}

/**
 * A node of a cluster is paused and drained. A host without one has nothing to switch: it is in maintenance as soon as
 * none of its VMs is on, and nobody starts one there but its users.
 */
export const hyperVMaintenance: SettingActs = {
  async read(session, left = []) {
    const { on, seen, isPaused } = await look(session);
    if (isPaused && wasBefore(left)) return { on: 'either', seen: `${seen}, as before this run` };
    return { on, seen, data: keptOf(isPaused) };
  },
  async set(session, on, { before }) {
    const is = await look(session);
    if (is.on === on || is.on === 'either' || (!on && wasBefore(before))) return {};
    if (is.isInCluster) await switchNode(session, on);
    else if (on) throw nowhereToGo(session, is.seen);
    return {};
  },
  would: (on) => (on ? 'Suspend-ClusterNode -Drain' : 'Resume-ClusterNode'),
  async maySet(session) {
    const { isInCluster, isAdmin, seen } = await look(session);
    const { user } = session.host;
    if (!isInCluster) return seen;
    if (isAdmin) return `${user} is in Administrators; ${seen}`;
    throw new CannotTell(`${user} is in Hyper-V Administrators, and a cluster may want more; ${seen}`);
  },
};

async function switchNode(session: Session, on: boolean): Promise<void> {
  try {
    await askPowerShell(session, on ? suspendNode : resumeNode, on ? 'pausing the node' : 'resuming the node');
  } catch (error) {
    // It also says no to what has come about.
    if (!(error instanceof FaultError) || error.fault.code !== 'command-failed') throw error;
    if ((await look(session)).on !== on) throw error;
  }
}

const nowhereToGo = ({ host }: Session, seen: string) =>
  hostFault(
    host,
    'refused',
    `there is no cluster to which its VMs could move: ${seen}`,
    'Put the step "Shut down guests" before this one.',
  );
