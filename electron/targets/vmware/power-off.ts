import { FaultError } from '../../../shared/fault.ts';
import { hostFault } from '../host-fault.ts';
import { downAndInMaintenance, orNotBlindly, refuseIfGuestsRun } from '../platforms/guests-first.ts';
import type { Session } from '../platforms/session.ts';
import { type Ref, value } from '../soap/write.ts';
import { orFault, vimFaultError } from './faults.ts';
import { onlyHost } from './hosts.ts';
import { taskOf, untilEnded } from './tasks.ts';
import { listVms } from './vms.ts';

/** Milliseconds of the clock in which the task of a host that goes down has ended, or was refused. */
const taskMs = 15_000;

const byHand = 'Power it off by hand.';

/**
 * Powers an ESXi host off by its own API, and never under a running guest: it is in maintenance mode, or nothing runs on
 * it. `force` of the method only lets it go down without maintenance mode; the method itself stops no guest.
 * @throws FaultError `refused` when guests run, `command-failed`, `not-allowed`
 * @see https://github.com/vmware/pyvmomi/issues/506
 */
export async function powerOffByApi(session: Session): Promise<void> {
  const { api, host } = session;
  const system = await orNotBlindly(onlyHost(api, host));
  if (!system.inMaintenance) await refuseIfGuestsRun(session.host, runningVms(session), downAndInMaintenance);
  if (await shutDown(session, system.ref, false)) return;
  // Without maintenance mode it refuses; by force it asks nobody, so we look once more before.
  await refuseIfGuestsRun(session.host, runningVms(session), downAndInMaintenance);
  if (await shutDown(session, system.ref, true)) return;
  throw hostFault(host, 'command-failed', 'it does not go down, not even by force (InvalidState)', byHand);
}

/** False: not in this state. */
async function shutDown(session: Session, ref: Ref, force: boolean): Promise<boolean> {
  const { api, host } = session;
  const doing = 'powering off';
  const answer = await api.call('ShutdownHost_Task', ref, [value('force', force)]);
  // It went down with the answer; whether it did is proven by looking at it.
  if (answer.dropped) return true;
  if (answer.fault?.type === 'InvalidState') return false;
  const task = taskOf(host, doing, orFault(host, doing, answer, byHand), byHand);
  const end = await untilEnded(session, task, taskMs).catch(gone);
  if (end.state !== 'error') return true;
  if (end.fault.type === 'InvalidState') return false;
  throw vimFaultError(host, doing, end.fault, byHand);
}

/** A host that does not answer any more after it took the task is on its way. */
function gone(error: unknown): { state: 'running' } {
  if (!(error instanceof FaultError)) throw error;
  return { state: 'running' };
}

const runningVms = async ({ api, host }: Session) => (await listVms(api, host)).filter(({ on }) => on);
