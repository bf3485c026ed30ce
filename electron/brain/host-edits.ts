import type { Host, HostKey } from '../../shared/inventory.ts';
import type { Sequence, Step } from '../../shared/sequence.ts';
import { expand } from '../core/plan/expand.ts';
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

/** @param hosts among which the sequence's groups of hosts (a tag, all) find theirs */
export function usesHost(sequence: Sequence | undefined, id: string, hosts: readonly Host[]): boolean {
  return sequence !== undefined && decidingFor(sequence, hosts).has(id);
}

/** All steps, both ways, that the sequence has for this host. */
export function stepsFor(sequence: Sequence, id: string, hosts: readonly Host[]): Step[] {
  return stepsOf(sequence, hosts).filter((step) => 'target' in step && step.target === id);
}

function stepsOf(sequence: Sequence, hosts: readonly Host[]): Step[] {
  const compiled = expand(sequence, hosts).sequence;
  return [...compiled.stages, ...compiled.returnStages].flatMap((stage) => stage.steps);
}

/**
 * The ids of all hosts that the sequence comes to, and of those that they run on, which decide their power; if it is for
 * those only that lose it, also of the hosts that these use: they decide who goes down with whom.
 */
function decidingFor(sequence: Sequence, hosts: readonly Host[]): Set<string> {
  const ids = new Set(stepsOf(sequence, hosts).flatMap((step) => ('target' in step ? [step.target] : [])));
  const isForAll = sequence.scope === 'all';
  const byId = new Map(hosts.map((host) => [host.id, host]));
  // What is added on the way is visited as well.
  for (const id of ids) {
    const { uses = [], runsOn } = byId.get(id) ?? {};
    if (runsOn !== undefined) ids.add(runsOn);
    if (!isForAll) for (const carrier of uses) ids.add(carrier);
  }
  return ids;
}

/** Of all that is known of the hosts that a sequence uses, or by which it decides: with the sequence's own hash it says what would be done to whom. */
export function hostsHash(sequence: Sequence, hosts: readonly Host[]): string {
  const deciding = decidingFor(sequence, hosts);
  const used = hosts.filter((host) => deciding.has(host.id));
  return contentHash(Object.fromEntries(used.map((host) => [host.id, withoutUnsaid(host)])));
}

/** What is not said of it counts as before it could be said: what was armed then stays armed. */
function withoutUnsaid({ fedBy, tags, uses, isThisComputer, ...rest }: Host): object {
  return {
    ...rest,
    ...(fedBy.upses.length > 0 && { fedBy }),
    ...(tags.length > 0 && { tags }),
    ...(uses.length > 0 && { uses }),
    ...(isThisComputer && { isThisComputer }),
  };
}

/** `secret`: the host's password, or the text of its private key, as the host signs in. */
export function credentialOf({ login }: Pick<Host, 'login'>, secret: string, passphrase: string): Credential {
  return login === 'key' ? { kind: 'key', privateKey: secret, passphrase } : { kind: 'password', password: secret };
}
