import { libvirtDomains } from '../libvirt/domains.ts';
import { activeDomains, harmlessVirsh } from '../libvirt/virsh.ts';
import { powerOffByCommand } from './by-command.ts';
import { seenRunning } from './guest-words.ts';
import { refuseIfGuestsRun } from './guests-first.ts';
import { linux } from './linux.ts';
import type { Platform } from './platform.ts';

/**
 * Linux with libvirt. What happens to domains that still run when it goes down is up to a service of its own, which may
 * be there or not.
 * @see https://libvirt.org/manpages/libvirt-guests.html
 */
export const libvirt: Platform = {
  ...linux,
  powerOff: {
    ...powerOffByCommand,
    async act(session) {
      await refuseIfGuestsRun(session.host, activeDomains(session));
      await powerOffByCommand.act(session);
    },
    looks: (session) => [
      ...powerOffByCommand.looks(session),
      { what: 'guests', see: async () => seenRunning(await activeDomains(session)) },
    ],
  },
  guests: libvirtDomains,
  harmless: [...linux.harmless, ...harmlessVirsh],
};
