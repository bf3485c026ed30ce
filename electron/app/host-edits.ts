import type { Host, HostKey } from '../../shared/inventory.ts';
import type { Sequence } from '../../shared/sequence.ts';
import type { Credential } from '../core/ports.ts';
import { contentHash } from '../storage/content-hash.ts';

/**
 * Adds a host or replaces the one of its id. Its keys change only when the user confirms one, and go when it stands
 * elsewhere: they were confirmed of what answered there.
 */
export function withHost(hosts: readonly Host[], host: Host): Host[] {
  const old = hosts.find((each) => each.id === host.id);
  const next = { ...host, hostKeys: old && !standsElsewhere(old, host) ? old.hostKeys : [] };
  return old ? hosts.map((each) => (each === old ? next : each)) : [...hosts, next];
}

export const standsElsewhere = (old: Host, now: Host): boolean => old.address !== now.address || old.port !== now.port;

/** What is kept for it does not fit any more. */
export const signsInOtherwise = (old: Host, now: Host): boolean => old.login !== now.login;

/** Trusts this key of the host from now on, instead of an older one of the same type. */
export function withKey(hosts: readonly Host[], id: string, key: HostKey): Host[] {
  const pinned = (old: readonly HostKey[]) => [...old.filter((each) => each.type !== key.type), key];
  return hosts.map((host) => (host.id === id ? { ...host, hostKeys: pinned(host.hostKeys) } : host));
}

export function changesHost(before: readonly Host[], after: readonly Host[], id: string): boolean {
  const hashIn = (hosts: readonly Host[]) => contentHash(hosts.find((host) => host.id === id) ?? null);
  return hashIn(before) !== hashIn(after);
}

export function usesHost(sequence: Sequence | undefined, id: string): boolean {
  return sequence !== undefined && targetsOf(sequence).has(id);
}

function targetsOf(sequence: Sequence): Set<string> {
  const steps = [...sequence.stages, ...sequence.returnStages].flatMap((stage) => stage.steps);
  return new Set(steps.flatMap((step) => ('target' in step ? [step.target] : [])));
}

/** Of all that is known of the hosts that a sequence uses: with the sequence's own hash it says what would be done to whom. */
export function hostsHash(sequence: Sequence, hosts: readonly Host[]): string {
  const targets = targetsOf(sequence);
  const used = hosts.filter((host) => targets.has(host.id));
  return contentHash(Object.fromEntries(used.map((host) => [host.id, withoutEmptyFeed(host)])));
}

/** Nothing said of what feeds it is as before that could be said: what was armed then stays armed. */
function withoutEmptyFeed(host: Host): Partial<Host> {
  const { fedBy, ...rest } = host;
  return fedBy.upses.length === 0 ? rest : host;
}

/** `secret`: the host's password, or the text of its private key, as the host signs in. */
export function credentialOf({ login }: Pick<Host, 'login'>, secret: string, passphrase: string): Credential {
  return login === 'key' ? { kind: 'key', privateKey: secret, passphrase } : { kind: 'password', password: secret };
}
