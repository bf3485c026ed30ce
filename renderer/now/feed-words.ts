import { asFed } from '../../shared/as-fed.ts';
import type { Host } from '../../shared/inventory.ts';
import type { BranchMargin } from '../../shared/view.ts';

/**
 * What feeds the hosts of a branch, as they themselves say it. The branch has what follows of it: every UPS where nothing is
 * said, none where a host names one that nobody knows.
 */
export function feedWords(
  branch: Pick<BranchMargin, 'hostIds' | 'upsIds' | 'need'>,
  hosts: readonly Host[],
  nameOf: (upsId: string) => string,
): string {
  // Hosts that a run took with it may be gone from the inventory by now.
  const said = asFed(hosts).find((host) => branch.hostIds.includes(host.id))?.fedBy;
  const { upses, need } = said ?? { upses: branch.upsIds, need: branch.need };
  if (upses.length === 0) return 'any UPS: not said';
  const names = [...new Set(upses)].map(nameOf);
  if (names.length === 1) return names.join();
  return need === 'all' ? `${names.join(' and ')}, needs all` : `${names.join(' or ')}, one is enough`;
}
