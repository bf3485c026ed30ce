import type { Host } from '../../shared/inventory.ts';

/**
 * "fed by A and B, needs all". Nothing while it makes no difference: with one UPS, a host of which nothing is said hangs
 * on it.
 */
export function fedByWords(
  { upses, need }: Host['fedBy'],
  thereAre: number,
  nameOf: (upsId: string) => string,
): string | null {
  if (upses.length === 0) return thereAre > 1 ? 'goes down with any UPS: what feeds it is not said' : null;
  const names = upses.map(nameOf);
  if (names.length === 1) return `fed by ${names[0]}`;
  return need === 'any' ? `fed by ${names.join(' and ')}, one is enough` : `fed by ${names.join(' and ')}, needs all`;
}

/** Ticks a UPS or takes its tick away; the others stay as they are. */
export const withFeed = (fedBy: Host['fedBy'], upsId: string, isFeeding: boolean): Host['fedBy'] => ({
  ...fedBy,
  upses: [...fedBy.upses.filter((id) => id !== upsId), ...(isFeeding ? [upsId] : [])],
});
