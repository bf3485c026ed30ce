import type { FaultError } from '../../../shared/fault.ts';
import type { Host } from '../../../shared/inventory.ts';
import { hostFault } from '../host-fault.ts';
import type { SoapAnswer, VimFault } from '../soap/answer.ts';

/**
 * What a server's "no" means to the user. Its type decides.
 * @param doing as in "shutting down web-1"
 * @see https://github.com/vmware/pyvmomi/issues/625 (RestrictedVersion: the free licence lets the API only read)
 */
export function vimFaultError(host: Host, doing: string, { type, message }: VimFault, remedy: string): FaultError {
  const said = message === '' ? '' : `: ${message.slice(0, 300)}`;
  switch (type) {
    case 'RestrictedVersion':
      return hostFault(
        host,
        'not-allowed',
        `${doing} failed: its licence lets the API only read (${type})`,
        'The free ESXi is like that: choose “ESXi over SSH” for this host.',
      );
    case 'NoPermission':
      return hostFault(
        host,
        'not-allowed',
        `${doing} failed: ${host.user} may not do that (${type})`,
        `Give ${host.user} the role Administrator there, or one that may do it.`,
      );
    case 'MethodNotFound':
      return hostFault(
        host,
        'command-failed',
        `${doing} failed: this server does not know how (${type})`,
        'Look whether this is an ESXi host or a vCenter, version 6.0 or newer.',
      );
    case 'NotAuthenticated':
      return hostFault(
        host,
        'dead-peer',
        `${doing} failed: it has forgotten our session twice`,
        'Look at its management service.',
      );
    default:
      return hostFault(host, 'command-failed', `${doing} failed (${type})${said}`, remedy);
  }
}

/** The answer, if it is one that says yes. @throws FaultError that of its fault, `dead-peer` */
export function orFault(host: Host, doing: string, answer: SoapAnswer, remedy: string): SoapAnswer {
  if (answer.fault) throw vimFaultError(host, doing, answer.fault, remedy);
  if (!answer.dropped) return answer;
  throw hostFault(host, 'dead-peer', `the connection was lost while ${doing}`, 'Look whether the host is still up.');
}
