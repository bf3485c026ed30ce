import { asFed } from '../../shared/as-fed.ts';
import type { Host } from '../../shared/inventory.ts';
import type { CriticalHost, PowerView } from '../../shared/view.ts';
import type { IconName } from '../parts/icons.tsx';
import type { Tone } from '../shell/power-words.ts';
import { listed } from '../supply/supply-names.ts';

export interface FedLine {
  icon: IconName;
  tone: Tone;
  words: string;
}

/** What hangs on a UPS: all of it while it is well, what falls and what stays when it fails. */
export function fedLines(
  power: PowerView,
  hosts: readonly Host[],
  critical: readonly CriticalHost[],
  nameOf: (upsId: string) => string,
): FedLine[] {
  const { id } = power.ups;
  const all = asFed(hosts);
  if (power.onBatterySince === null) {
    const fed = all.filter((host) => host.fedBy.upses.includes(id));
    return fed.length > 0 ? [{ icon: 'power', tone: 'calm', words: `Feeds ${listed(names(fed))}` }] : [];
  }
  // A host of which nothing is said goes down with any UPS there is.
  const mine = all.filter((host) => host.fedBy.upses.length === 0 || host.fedBy.upses.includes(id));
  const isCritical = (host: Host) => critical.some((each) => each.hostId === host.id);
  const falling = names(mine.filter(isCritical));
  const byKeeper = new Map<string, string[]>();
  for (const host of mine.filter((each) => !isCritical(each))) {
    const others = host.fedBy.upses.filter((ups) => ups !== id).map(nameOf);
    const keeper = others.join(host.fedBy.need === 'all' ? ' and ' : ' or ');
    byKeeper.set(keeper, [...(byKeeper.get(keeper) ?? []), host.name]);
  }
  const kept = [...byKeeper].map(([keeper, who]): FedLine => {
    const verb = `${listed(who)} ${who.length === 1 ? 'is' : 'are'}`;
    return { icon: 'check', tone: 'good', words: keeper ? `${verb} kept up by ${keeper}` : `${verb} not in danger` };
  });
  if (falling.length === 0) return kept;
  return [{ icon: 'down', tone: 'bad', words: `Goes down with it: ${listed(falling)}` }, ...kept];
}

const names = (hosts: readonly Host[]): string[] => hosts.map((host) => host.name);
