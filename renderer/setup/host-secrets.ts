import { assertNever } from '../../shared/assert-never.ts';
import type { Host, KeyOwner } from '../../shared/inventory.ts';
import { proofNoun } from '../../shared/platforms.ts';
import type { SecretSlot } from '../../shared/secret-slot.ts';
import type { HostView } from '../../shared/view.ts';

/** What is called so of a host: the thing that is entered, and for whom it is kept. */
interface SecretWords {
  /** "private key", "SecureOn password". */
  noun: string;
  /** "root@10.0.0.5". */
  keptFor: string;
}

export function secretWords(slot: SecretSlot, { login, user, address, name, bmc }: Host): SecretWords {
  switch (slot) {
    case 'login':
      return { noun: login === 'key' ? 'private key' : 'password', keptFor: `${user}@${address}` };
    case 'secure-on':
      return { noun: 'SecureOn password', keptFor: `the network card of ${name}` };
    case 'bmc':
      return { noun: 'controller password', keptFor: bmc ? `${bmc.user}@${bmc.address}` : name };
    default:
      return assertNever(slot, 'secret');
  }
}

/** The secrets that a host needs as it is said to be. An agent keeps its key itself. */
export const slotsOf = ({ login, secureOn, bmc }: Host): SecretSlot[] => [
  ...(login === 'agent' ? [] : (['login'] as const)),
  ...(secureOn ? (['secure-on'] as const) : []),
  ...(bmc ? (['bmc'] as const) : []),
];

export const isKept = (slot: SecretSlot, { hasSecret, alsoKept = [] }: HostView): boolean =>
  slot === 'login' ? hasSecret : alsoKept.includes(slot);

/** What shows a key of its own: the host, and a controller that is spoken to over TLS. */
export const keyOwnersOf = ({ bmc }: Host): KeyOwner[] => (bmc?.protocol === 'redfish' ? ['host', 'bmc'] : ['host']);

/** "host key", "certificate", "controller certificate". */
export const keyNoun = (of: KeyOwner, { kind }: Host): string =>
  of === 'bmc' ? 'controller certificate' : proofNoun(kind);

export const isConfirmed = (of: KeyOwner, { hostKeys, bmc }: Host): boolean =>
  of === 'bmc' ? bmc?.certificate != null : hostKeys.length > 0;
