import type { Host } from '../../shared/inventory.ts';
import { platforms } from '../../shared/platforms.ts';
import type { StepKind } from '../../shared/sequence.ts';
import { stepKinds } from '../../shared/step-kinds.ts';
import { count } from '../parts/format.ts';

/** The hosts that a kind of step can be aimed at. */
export function hostsFor(kind: StepKind, hosts: readonly Host[]): Host[] {
  const kinds = stepKinds[kind].targets;
  return kinds ? hosts.filter((host) => kinds.includes(host.kind)) : [];
}

/** Whether a target can stand for several hosts. */
export const isGroup = (target: string): boolean =>
  target === 'all' || target === 'critical' || target.startsWith('tag:');

function hostName(hosts: readonly Host[], id: string): string {
  return hosts.find((host) => host.id === id)?.name ?? `missing host "${id}"`;
}

/** "nas-1", "all hosts", "hosts tagged storage". */
export function targetWords(target: string, hosts: readonly Host[]): string {
  if (target === 'all') return 'all hosts';
  if (target === 'critical') return 'hosts losing power';
  return target.startsWith('tag:') ? `hosts tagged ${target.slice(4)}` : hostName(hosts, target);
}

/** What a step of this kind can be aimed at. What the inventory does not have stays visible until it is replaced. */
export function targetOptions(
  kind: StepKind,
  target: string,
  hosts: readonly Host[],
): { value: string; label: string }[] {
  const fitting = hostsFor(kind, hosts);
  const tags = [...new Set(fitting.flatMap((host) => host.tags))].sort();
  const options = [
    ...fitting.map((host) => ({ value: host.id, label: `${host.name} (${platforms[host.kind].label})` })),
    ...tags.map((tag) => {
      const tagged = fitting.filter((host) => host.tags.includes(tag));
      return { value: `tag:${tag}`, label: `Tagged ${tag} (${count(tagged.length, 'host')})` };
    }),
    { value: 'all', label: 'All hosts' },
    { value: 'critical', label: 'Hosts that lose their power' },
  ];
  if (options.some((option) => option.value === target)) return options;
  const label = isGroup(target) ? `${targetWords(target, hosts)}: there are none` : `${target}: no such host`;
  return [{ value: target, label }, ...options];
}

/** The hosts that a target may stand for, as they are now. */
export function membersOf(kind: StepKind, target: string, hosts: readonly Host[]): Host[] {
  const fitting = hostsFor(kind, hosts);
  if (target.startsWith('tag:')) return fitting.filter((host) => host.tags.includes(target.slice(4)));
  return isGroup(target) ? fitting : fitting.filter(({ id }) => id === target);
}

/** Which hosts a group is now, in one sentence; null: the target is one host. */
export function membersWords(kind: StepKind, target: string, hosts: readonly Host[]): string | null {
  if (!isGroup(target)) return null;
  if (target === 'critical') return 'Whichever hosts hang on the UPSes that fail.';
  const fitting = membersOf(kind, target, hosts);
  return fitting.length === 0 ? 'No host now.' : `Now ${fitting.map((host) => host.name).join(', ')}.`;
}
