import { allLike } from '../vmware/addresses.ts';
import { vmGuests } from '../vmware/guests.ts';
import { ha } from '../vmware/ha.ts';
import { tellOnce } from '../vmware/tell-once.ts';
import { vcls } from '../vmware/vcls.ts';
import { isVcls } from '../vmware/vms.ts';
import type { GuestActs, Platform } from './platform.ts';

/**
 * The guests of all hosts of a vCenter, but for its agents, which it takes away itself (vCLS), and for the VM that it runs
 * in: with that it could not tell any more what became of the others. That VM is found by the address of the vCenter
 * among those that Tools tell. Several may tell it, as the appliance that an upgrade has replaced: each may be the one.
 */
const guests: GuestActs = vmGuests(async (session, vms) => {
  const own = await allLike(session.host, vms, session.api.addresses);
  for (const { name } of own) tellOnce(session, `${name} ${leftForItsHost}`);
  if (own.length === 0) tellOnce(session, notFound);
  return vms.filter((vm) => !own.includes(vm) && !isVcls(vm) && !vm.isTemplate);
});

const leftForItsHost = 'is the vCenter itself: it is left for the step of the host that it runs on';

const notFound =
  'none of its VMs has the address of the vCenter: if it runs in one of them, leave that one out of the step by its name';

/** A vCenter: what is done for all of its hosts at once. It is no machine to a plan: its VM is a guest of a host. */
export const vcenter: Platform = {
  powerOff: null,
  guests,
  settings: { ha, vcls },
  harmless: [],
};
