import { assertNever } from '../../shared/assert-never.ts';
import { FaultError } from '../../shared/fault.ts';
import type { Host, HostKey, KeyOwner } from '../../shared/inventory.ts';
import { platforms } from '../../shared/platforms.ts';
import { type SecretSlot, secretSlots } from '../../shared/secret-slot.ts';
import type { Sequence, Step } from '../../shared/sequence.ts';
import { expand } from '../core/plan/expand.ts';
import type { SecretCredential } from '../core/ports.ts';
import { contentHash } from '../storage/content-hash.ts';

/**
 * Adds a host or replaces the one of its id. Its keys change only when the user confirms one, and go when it stands
 * elsewhere: they were confirmed of what answered there.
 */
export function withHost(hosts: readonly Host[], host: Host): Host[] {
  const old = hosts.find((each) => each.id === host.id);
  const bmc = host.bmc && {
    ...host.bmc,
    certificate: old?.bmc && !standsElsewhere(old, host, 'bmc') ? old.bmc.certificate : null,
  };
  const next = { ...host, bmc, hostKeys: old && !standsElsewhere(old, host) ? old.hostKeys : [] };
  return old ? hosts.map((each) => (each === old ? next : each)) : [...hosts, next];
}

/** What was confirmed of it was confirmed of what answers elsewhere, or in another language: an SSH key is no certificate. */
export function standsElsewhere(old: Host, now: Host, of: KeyOwner = 'host'): boolean {
  if (of === 'host' && platforms[old.kind].by !== platforms[now.kind].by) return true;
  const [before, after] = of === 'host' ? [old, now] : [old.bmc, now.bmc];
  return before?.address !== after?.address || before?.port !== after?.port;
}

/**
 * What is kept for it and does not fit any more. A host and a Redfish controller elsewhere are given nothing before what
 * they show is confirmed; an IPMI controller shows nothing, so a password goes to the one that it was given for only.
 */
export function outdatedSecrets(old: Host, now: Host): SecretSlot[] {
  const isBmcGone = now.bmc === null || (now.bmc.protocol === 'ipmi' && standsElsewhere(old, now, 'bmc'));
  return secretSlots.filter((slot) => {
    if (slot === 'login') return old.login !== now.login;
    return slot === 'bmc' ? old.bmc !== null && isBmcGone : old.secureOn && !now.secureOn;
  });
}

/** Trusts this key of the host from now on, instead of an older one of the same type. */
export function withKey(hosts: readonly Host[], id: string, key: HostKey, of: KeyOwner = 'host'): Host[] {
  const pinned = (old: readonly HostKey[]) => [...old.filter((each) => each.type !== key.type), key];
  const trusting = (host: Host): Host =>
    of === 'host'
      ? { ...host, hostKeys: pinned(host.hostKeys) }
      : { ...host, bmc: host.bmc && { ...host.bmc, certificate: key } };
  return hosts.map((host) => (host.id === id ? trusting(host) : host));
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
 * The ids of all hosts that the sequence comes to, of those through which it does, as jump hosts or what manages them, and of
 * those that they run on, which decide their power; if it is for those only that lose it, also of the hosts that these use: they decide who goes down with whom.
 */
function decidingFor(sequence: Sequence, hosts: readonly Host[]): Set<string> {
  const ids = new Set(stepsOf(sequence, hosts).flatMap((step) => ('target' in step ? [step.target] : [])));
  const isForAll = sequence.scope === 'all';
  const byId = new Map(hosts.map((host) => [host.id, host]));
  // What is added on the way is visited as well.
  for (const id of ids) {
    const { uses = [], runsOn, jump, managedBy } = byId.get(id) ?? {};
    if (runsOn !== undefined) ids.add(runsOn);
    if (jump !== undefined) ids.add(jump);
    if (managedBy !== undefined) ids.add(managedBy);
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
function withoutUnsaid(host: Host): object {
  const { fedBy, tags, uses, isThisComputer, secureOn, bmc, oldAlgorithms, sudo, powerOffCommand, ...rest } = host;
  return {
    ...rest,
    // Linux hosts, which were the only ones to have one, had it whether it was said or not.
    powerOffCommand: powerOffCommand ?? (host.kind === 'linux' ? platforms.linux.powerOff : undefined),
    ...(fedBy.upses.length > 0 && { fedBy }),
    ...(tags.length > 0 && { tags }),
    ...(uses.length > 0 && { uses }),
    ...(isThisComputer && { isThisComputer }),
    ...(secureOn && { secureOn }),
    ...(bmc !== null && { bmc }),
    // ESXi hosts were always offered them, and had no sudo.
    ...(oldAlgorithms !== (host.kind === 'esxi') && { oldAlgorithms }),
    ...(!(host.kind === 'esxi' && !sudo) && { sudo }),
  };
}

/**
 * `secret`: the host's password, or the text of its private key, as the host signs in.
 * @throws FaultError `refused` when an agent signs in to it
 */
export function credentialOf(
  { name, login }: Pick<Host, 'name' | 'login'>,
  secret: string,
  passphrase: string,
): SecretCredential {
  switch (login) {
    case 'key':
      return { kind: 'key', privateKey: secret, passphrase };
    case 'password':
      return { kind: 'password', password: secret };
    case 'agent': {
      const what = 'An SSH agent signs in to it, so no secret is kept for it.';
      throw new FaultError({ code: 'refused', what, where: name, remedy: 'Add its key to the agent with ssh-add.' });
    }
    default:
      return assertNever(login, 'login');
  }
}
