import type { Host, HostKey } from '../../shared/inventory.ts';
import type { Sequence } from '../../shared/sequence.ts';
import type { Credential } from '../core/ports.ts';

/** Adds a host or replaces the one of its id. Its keys stay: they change only when the user confirms one. */
export function withHost(hosts: readonly Host[], host: Host): Host[] {
  const old = hosts.find((each) => each.id === host.id);
  const next = { ...host, hostKeys: old?.hostKeys ?? [] };
  return old ? hosts.map((each) => (each === old ? next : each)) : [...hosts, next];
}

/** Trusts this key of the host from now on, instead of an older one of the same type. */
export function withKey(hosts: readonly Host[], id: string, key: HostKey): Host[] {
  const pinned = (old: readonly HostKey[]) => [...old.filter((each) => each.type !== key.type), key];
  return hosts.map((host) => (host.id === id ? { ...host, hostKeys: pinned(host.hostKeys) } : host));
}

export function usesHost(sequence: Sequence, id: string): boolean {
  const steps = [...sequence.stages, ...sequence.returnStages].flatMap((stage) => stage.steps);
  return steps.some((step) => 'target' in step && step.target === id);
}

/** `secret`: the host's password, or the text of its private key, as the host signs in. */
export function credentialOf({ login }: Pick<Host, 'login'>, secret: string, passphrase: string): Credential {
  return login === 'key' ? { kind: 'key', privateKey: secret, passphrase } : { kind: 'password', password: secret };
}
