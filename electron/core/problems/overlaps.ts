import type { Host } from '../../../shared/inventory.ts';
import type { Problem } from '../../../shared/problem.ts';
import type { Sequence } from '../../../shared/sequence.ts';
import { targetOf } from '../plan/target-of.ts';
import { targetFinder } from '../plan/targets.ts';
import { listed, warning, whole } from './problem.ts';

/** Other stored sequences that act on the same hosts on their way down. */
export function overlaps(sequence: Sequence, others: readonly Sequence[], hosts: readonly Host[]): Problem[] {
  const find = targetFinder(hosts);
  const reached = ({ stages }: Sequence): Set<string> =>
    new Set(
      stages.flatMap((stage) =>
        stage.steps.flatMap((step) => {
          const target = targetOf(step);
          return target === null ? [] : (find(target, step.kind)?.map((host) => host.id) ?? [target]);
        }),
      ),
    );
  const own = reached(sequence);
  return others.flatMap((other) => {
    if (other.id === sequence.id) return [];
    const theirs = reached(other);
    const names = hosts.filter(({ id }) => own.has(id) && theirs.has(id)).map(({ name }) => name);
    if (names.length === 0) return [];
    const what = `The sequence "${other.name}" acts on ${listed(names)} too: only one of the two is used`;
    return [warning(whole, what, 'Make one sequence of the two, or delete the one that is not wanted.')];
  });
}
