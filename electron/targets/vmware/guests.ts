import { atMost } from '../at-most.ts';
import type { GuestActs } from '../platforms/platform.ts';
import type { Session } from '../platforms/session.ts';
import type { VimFault } from '../soap/answer.ts';
import type { Ref } from '../soap/write.ts';
import { vimFaultError } from './faults.ts';
import { mayDo } from './privileges.ts';
import { propertiesOf } from './properties.ts';
import { taskOf, untilEnded } from './tasks.ts';
import { isOn, listVms, toolsRun, type Vm, vmRef } from './vms.ts';

/** Calls to one server at a time. */
const width = 4;

/** Milliseconds of the clock in which a VM that was told to start has begun to, or was refused. */
const startMs = 30_000;

const powerPrivileges = ['VirtualMachine.Interact.PowerOff', 'VirtualMachine.Interact.PowerOn'];

const remedy = 'Look at the VM by hand.';

/**
 * VMs by VMware's API, of one ESXi host or of a vCenter. What is on is told by the power state of each; that a call or a
 * task ended well proves nothing.
 * @param select those that are its guests
 * @see https://developer.broadcom.com/xapis/vsphere-web-services-api/latest/vim.VirtualMachine.html
 */
export function vmGuests(select: (session: Session, vms: readonly Vm[]) => Promise<Vm[]>): GuestActs {
  const powerOf = (session: Session, ref: Ref) =>
    propertiesOf(session.api, session.host, ref, ['runtime.powerState', 'guest.toolsRunningStatus']);
  return {
    words: { ask: 'ShutdownGuest', cut: 'PowerOffVM_Task', start: 'PowerOnVM_Task' },
    agent: 'VMware Tools',
    async list(session) {
      const vms = await select(session, await listVms(session.api, session.host));
      return vms.map(({ ref, name, on }) => ({ id: ref.value, name, on }));
    },
    async stillOn(session, guests) {
      const refs = guests.map((guest) => vmRef(guest.id).value);
      const on = new Set((await listVms(session.api, session.host)).filter((vm) => vm.on).map(({ ref }) => ref.value));
      return guests.filter((_, at) => on.has(refs[at] ?? ''));
    },
    hasAgent: async (session, guest) => toolsRun(await powerOf(session, vmRef(guest.id))),
    async shutDown(session, guest) {
      const ref = vmRef(guest.id);
      const ask = () => session.api.call('ShutdownGuest', ref);
      const first = await ask();
      // A connection that was kept may have ended long ago, and a guest may be asked twice.
      const { fault, dropped } = first.dropped ? await ask() : first;
      if (dropped) return 'the connection was lost while it was asked';
      if (fault === null) return null;
      if (fault.type === 'ToolsUnavailable') return 'VMware Tools is not running in it';
      if (fault.type === 'InvalidPowerState' && !isOn(await powerOf(session, ref))) return null;
      return whyNot(session, `shutting down ${guest.name}`, fault);
    },
    async cut(session, guests) {
      const calls = guests.map((guest) => vmRef(guest.id));
      await atMost(width, calls, (ref) => session.api.call('PowerOffVM_Task', ref));
    },
    async start(session, guest) {
      const ref = vmRef(guest.id);
      const doing = `starting ${guest.name}`;
      const answer = await session.api.call('PowerOnVM_Task', ref);
      if (answer.fault?.type === 'InvalidPowerState' && isOn(await powerOf(session, ref))) return null;
      if (answer.fault) return whyNot(session, doing, answer.fault);
      const end = await untilEnded(session, taskOf(session.host, doing, answer, remedy), startMs);
      if (end.state !== 'error' || isOn(await powerOf(session, ref))) return null;
      return whyNot(session, doing, end.fault);
    },
    mayManage: (session) => mayDo(session, powerPrivileges),
  };
}

/**
 * Why one VM would not: the others are gone on with.
 * @throws FaultError `not-allowed` when the licence forbids it, which holds for all of them
 */
function whyNot({ host }: Session, doing: string, fault: VimFault): string {
  const error = vimFaultError(host, doing, fault, remedy);
  if (fault.type === 'RestrictedVersion') throw error;
  return error.fault.what;
}
