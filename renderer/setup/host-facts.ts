import type { Host } from '../../shared/inventory.ts';
import { targetWords } from '../plan/targets.ts';
import { listed } from '../supply/supply-names.ts';

/** What a host has to do with others, in short words for its row. */
export function hostFacts({ isThisComputer, runsOn, uses, tags }: Host, hosts: readonly Host[]): string[] {
  return [
    isThisComputer && 'this computer, goes down last',
    runsOn !== undefined && `runs on ${targetWords(runsOn, hosts)}`,
    uses.length > 0 && `needs ${listed(uses.map((id) => targetWords(id, hosts)))}`,
    tags.length > 0 && `tagged ${tags.join(', ')}`,
  ].filter((each) => typeof each === 'string');
}
