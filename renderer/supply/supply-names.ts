import type { Ups } from '../../shared/reading.ts';
import type { Slices } from '../../shared/view.ts';

type Named = { status: Pick<Slices['status'], 'powers'>; supplies: Pick<Slices['supplies'], 'known'> };

/** What the user calls a UPS; one that has no name yet goes by what it calls itself, or by its id. */
export function supplyName(upsId: string, { status, supplies }: Named): string {
  const given = supplies.known.find((supply) => supply.id === upsId)?.name;
  return given ?? (status.powers.find(({ ups }) => ups.id === upsId)?.ups.name || upsId);
}

/** Every UPS that there is or was and belongs to the rack, by id and name: the known ones first. */
export function allSupplies(slices: Named): { id: string; name: string }[] {
  const ids = new Set([
    ...slices.supplies.known.map((supply) => supply.id),
    ...slices.status.powers.map(({ ups }) => ups.id),
  ]);
  return [...ids].map((id) => ({ id, name: supplyName(id, slices) }));
}

const sources: Readonly<Record<Ups['source'], string>> = {
  hid: 'USB',
  nut: 'NUT',
  apcupsd: 'apcupsd',
  system: 'as this computer reports it',
  simulated: 'simulated',
};

/** How it is reached, for people. */
export const viaWords = (ups: Pick<Ups, 'source' | 'via'>): string => ups.via || sources[ups.source];

/** "nas-1, esx-1 and 12 more". */
export function listed(names: readonly string[], most = 8): string {
  const more = names.length - most;
  // One more name takes no more room than "1 more".
  return more > 1 ? `${names.slice(0, most).join(', ')} and ${more} more` : names.join(', ');
}
