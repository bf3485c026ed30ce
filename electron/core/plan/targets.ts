import type { Host } from '../../../shared/inventory.ts';
import type { StepKind } from '../../../shared/sequence.ts';
import { stepKinds } from '../../../shared/step-kinds.ts';
import { parseTarget } from '../../../shared/target.ts';

/**
 * Finds the hosts behind `tag:x`, `all` and `critical`: those on which a step of that kind can be done, in the order of
 * the inventory, this computer last. Remembers, since many steps ask alike. null: it is aimed at one host by its id.
 */
export function targetFinder(hosts: readonly Host[]): (target: string, kind: StepKind) => readonly Host[] | null {
  const ordered = [...hosts.filter((host) => !host.isThisComputer), ...hosts.filter((host) => host.isThisComputer)];
  const known = new Map<string, readonly Host[]>();
  return (text, kind) => {
    const target = parseTarget(text);
    if (target.kind === 'host') return null;
    const key = `${kind} ${text}`;
    const found = known.get(key);
    if (found) return found;
    // Who really goes down is decided while the run goes on: `critical` stands for the same hosts as `all`.
    const meant = target.kind === 'tag' ? ordered.filter((host) => host.tags.includes(target.tag)) : ordered;
    const fit = meant.filter((host) => stepKinds[kind].targets?.includes(host.kind));
    known.set(key, fit);
    return fit;
  };
}
