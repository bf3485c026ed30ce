import { toFault } from '../../../shared/fault.ts';
import type { StepData } from '../../../shared/run-record.ts';
import { vmGuests } from '../vmware/guests.ts';
import type { EsxiSystem } from '../vmware/hosts.ts';
import { systemInTouch, throughVcenter, vcenterOf } from '../vmware/its-vcenter.ts';
import { setMaintenance } from '../vmware/maintenance.ts';
import { destinations } from '../vmware/migration.ts';
import { tellOnce } from '../vmware/tell-once.ts';
import { isVcls, listVms, type Vm } from '../vmware/vms.ts';
import { seenRunning } from './guest-words.ts';
import type { Guest, GuestActs, Platform, SettingActs } from './platform.ts';
import type { Session } from './session.ts';

/** What a vCenter knows of its VMs, asked once in a step: a host may have hundreds. */
const asked = new WeakMap<AbortSignal, Promise<Vm[]>>();

/**
 * An ESXi host that a vCenter may manage. Guests are asked to stop, and maintenance mode is entered and left, through
 * the vCenter while it answers: it then knows that this is no failure. What is true is told by the host itself, whoever
 * did it, so that a vCenter that goes away in between changes nothing; and without a vCenter, or when that does not do
 * it, the host is told directly.
 */
export function managedEsxi(direct: Platform): Platform {
  const { guests, settings } = direct;
  if (!guests || !settings?.maintenance) throw new Error('an ESXi host has guests and a maintenance mode');
  return {
    ...direct,
    guests: { ...guests, shutDown: (session, guest) => shutDown(session, guest, guests) },
    settings: { ...settings, maintenance: managed(settings.maintenance) },
  };
}

const managed = (direct: SettingActs): SettingActs => ({
  ...direct,
  async set(session, on, by) {
    const byItself = () => direct.set(session, on, by);
    const left = await throughVcenter<StepData | null>(
      session,
      async (vcenter, system) => {
        if (on && (await wouldMoveGuests(session, vcenter, system))) return null;
        await setMaintenance(vcenter, system, on, by.step);
        return {};
      },
      byItself,
    );
    if (left === null) return byItself();
    // What a vCenter does not see the host itself sets right: vSAN may go on taking it for being in maintenance mode.
    const isHalf = !on && (await direct.read(session, by.before)).on === 'between';
    return isHalf ? direct.set(session, on, by) : left;
  },
  maySet: async (session, on, step) => `${await direct.maySet(session, on, step)}${await alsoBy(session)}`,
});

/**
 * A vCenter whose DRS is automatic moves what runs on a host that enters maintenance mode. When no host of its cluster
 * keeps its power it would go to one where the guests may have been asked already, so that nobody asks it any more: it
 * stays, and is told. The host itself moves nothing.
 * @see https://techdocs.broadcom.com/us/en/vmware-cis/vsphere.html (vSphere Resource Management: Using Maintenance Mode)
 */
async function wouldMoveGuests(session: Session, vcenter: Session, system: EsxiSystem): Promise<boolean> {
  const vms = await listVms(vcenter.api, vcenter.host);
  const running = vms.filter((vm) => vm.on && vm.hostId === system.ref.value && !isVcls(vm));
  if (running.length === 0 || (await destinations(session, session.spared())).length > 0) return false;
  const why = 'as DRS could move its guests to hosts that go down as well';
  tellOnce(session, `not by ${vcenter.host.name}, ${why}: ${seenRunning(running)}`);
  return true;
}

/** By which vCenter it would be done; one that would not do it is no hindrance, and is told. */
async function alsoBy(session: Session): Promise<string> {
  const vcenter = vcenterOf(session);
  if (vcenter === null) return '';
  const { name } = vcenter.host;
  try {
    await systemInTouch(vcenter, session.host);
    return `; through ${name}`;
  } catch (error) {
    return `; not through ${name}: ${toFault(error, name).what}`;
  }
}

const byVcenter = vmGuests(async (_session, vms) => [...vms]);

/**
 * A guest has another id there: it is found by its name on this very host, if only one has it. What the vCenter does not
 * do the host may, and otherwise says why.
 */
async function shutDown(session: Session, guest: Guest, direct: GuestActs): Promise<string | null> {
  const isAsked = await throughVcenter(
    session,
    async (vcenter, system) => {
      const vms = asked.get(session.signal) ?? listVms(vcenter.api, vcenter.host);
      asked.set(session.signal, vms);
      const [vm, ...more] = (await vms).filter(
        ({ name, hostId, on }) => name === guest.name && hostId === system.ref.value && on,
      );
      if (!vm || more.length > 0 || isVcls(vm)) return false;
      return (await byVcenter.shutDown(vcenter, { ...guest, id: vm.ref.value })) === null;
    },
    async () => false,
  );
  return isAsked ? null : direct.shutDown(session, guest);
}
