import type { Host, HostKey, KeyOwner } from '../../shared/inventory.ts';
import { platforms } from '../../shared/platforms.ts';
import { asHost } from './bmc/controller.ts';
import { hostFault } from './host-fault.ts';
import { readCertificate } from './soap/certificate.ts';

/**
 * Asks a host for what it proves itself with, its SSH key or its certificate, so that a person can compare and confirm
 * it. Nobody signs in, but to its jump host.
 * @throws FaultError of `readHostKey` and `readCertificate`
 */
export const readKeyBy =
  (shell: { readHostKey(host: Host): Promise<HostKey> }) =>
  (host: Host, of: KeyOwner = 'host'): Promise<HostKey> => {
    if (of === 'bmc') return readCertificate(controllerOf(host));
    switch (platforms[host.kind].by) {
      case 'ssh':
        return shell.readHostKey(host);
      case 'soap':
        return readCertificate(host);
    }
  };

/** @throws FaultError `refused` when it has none that shows a certificate */
function controllerOf(host: Host): Host {
  if (host.bmc?.protocol === 'redfish') return asHost(host, host.bmc);
  const what = 'it has no management controller that speaks Redfish';
  throw hostFault(host, 'refused', what, 'Enter its management controller first.');
}
