import type { Host } from '../../../shared/inventory.ts';
import { hostFault } from '../host-fault.ts';
import type { Session } from '../platforms/session.ts';
import { element, reference, value } from '../soap/write.ts';
import { allLike } from './addresses.ts';
import { vimFaultError } from './faults.ts';
import { type EsxiSystem, listHosts } from './hosts.ts';
import { systemAt, vcenterOf } from './its-vcenter.ts';
import { mayDo } from './privileges.ts';
import { taskOf, untilEnded } from './tasks.ts';
import { isVcls, listVms, type Vm } from './vms.ts';

/** A host's vCenter, for moving what runs on it. @throws FaultError `reference-missing` when none manages it */
export function migratingVcenter(session: Session): Session {
  const vcenter = vcenterOf(session);
  if (vcenter) return vcenter;
  throw hostFault(
    session.host,
    'reference-missing',
    'no vCenter manages it, and only that moves guests while they run',
    'Enter the vCenter as a host, and say in the settings of this host that it manages it.',
  );
}

/**
 * What runs on a host and can be moved: all but vSphere's own agents, which belong to their host.
 * @throws FaultError of `VsphereApi.call`, `reference-missing`
 */
export async function guestsToMove(session: Session): Promise<Vm[]> {
  const vcenter = migratingVcenter(session);
  const { ref } = await systemAt(vcenter, session.host);
  const vms = await listVms(vcenter.api, vcenter.host);
  return vms.filter((vm) => vm.on && vm.hostId === ref.value && !isVcls(vm));
}

/**
 * Where they can go: hosts of the same cluster that are well, and of which the plan knows that they keep their power. A
 * host that it does not know may hang on the same UPS: guests stay where they are in order rather than go there.
 * @param spared the hosts that keep their power
 */
export async function destinations(session: Session, spared: readonly Host[]): Promise<EsxiSystem[]> {
  const vcenter = migratingVcenter(session);
  const from = await systemAt(vcenter, session.host);
  const others = (await listHosts(vcenter.api, vcenter.host)).filter(
    (one) => one.ref.value !== from.ref.value && one.parent === from.parent && one.connected && !one.inMaintenance,
  );
  const known = await Promise.all(spared.map((host) => allLike(host, others, vcenter.api.addresses)));
  // Of two that tell the same address one may go down.
  const surely = known.flatMap((like) => (like.length === 1 ? like : []));
  return others.filter((one) => surely.includes(one));
}

/** The largest first, each to where most memory is left. */
export function spread(guests: readonly Vm[], hosts: readonly EsxiSystem[]): Array<{ vm: Vm; to: EsxiSystem }> {
  const left = new Map(hosts.map((host) => [host, host.freeMemory ?? 0]));
  return [...guests]
    .sort((a, b) => b.memory - a.memory)
    .flatMap((vm) => {
      const [to, free] = [...left].sort((a, b) => b[1] - a[1])[0] ?? [];
      if (to === undefined || free === undefined) return [];
      left.set(to, free - vm.memory);
      return [{ vm, to }];
    });
}

/**
 * Moves one guest while it runs, and waits for the end of it.
 * @param limitMs of the clock
 * @returns null, or why it was not moved
 * @throws FaultError of `VsphereApi.call`, `taskOf`, `untilEnded`
 * @see https://developer.broadcom.com/xapis/vsphere-web-services-api/latest/vim.VirtualMachine.html#relocate
 */
export async function move(session: Session, vm: Vm, to: EsxiSystem, limitMs: number): Promise<string | null> {
  const vcenter = migratingVcenter(session);
  const doing = `moving ${vm.name} to ${to.name}`;
  const remedy = 'Look at its compatibility with the other hosts in the vSphere Client.';
  const content = [element('spec', [reference('host', to.ref)]), value('priority', 'highPriority')];
  const answer = await vcenter.api.call('RelocateVM_Task', vm.ref, content);
  // What is refused for one guest says nothing of the others.
  if (answer.fault) return vimFaultError(vcenter.host, doing, answer.fault, remedy).fault.what;
  const end = await untilEnded(vcenter, taskOf(vcenter.host, doing, answer, remedy), limitMs);
  switch (end.state) {
    case 'success':
      return null;
    case 'running':
      return `${doing} has not ended`;
    case 'error':
      return vimFaultError(vcenter.host, doing, end.fault, remedy).fault.what;
  }
}

/** Whether our user may move guests. @throws FaultError; CannotTell */
export const mayMigrate = (session: Session): Promise<string> =>
  mayDo(migratingVcenter(session), ['Resource.HotMigrate']);
