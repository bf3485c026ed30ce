import type { Sign } from './quirks/repair.ts';
import type { ReadingKey } from './reading-keys.ts';
import { type Rule, rules } from './reading-rules.ts';
import { isAbout } from './repaired.ts';
import type { SeenSlot, SeenSlots } from './seen-slots.ts';

/** One slot that can give an entry of a reading: by the usage that stands for it, or by a sign of the family. */
export interface Source {
  seen: SeenSlot;
  sign: Sign | null;
}

/** The slots that can give this entry, the best first; equal ones in the descriptor's order. */
export function sourcesOf(key: ReadingKey, slots: SeenSlots, signs: readonly Sign[]): Source[] {
  const bySign = (place: Sign['place']) =>
    signs.filter((sign) => sign.feeds === key && sign.place === place).flatMap((sign) => signed(sign, slots));
  const sources = [...bySign('first'), ...ranked(rules[key], slots)];
  return sources.length > 0 ? sources : bySign('last');
}

function signed(sign: Sign, slots: SeenSlots): Source[] {
  return sign.usages
    .flatMap((usage) => slots.declaredAs(usage))
    .filter(({ slot }) => isAbout(sign, slot.field))
    .map((seen) => ({ seen, sign }));
}

function ranked({ usages, rank }: Rule<unknown>, slots: SeenSlots): Source[] {
  return usages
    .flatMap((usage) => slots.of(usage))
    .flatMap((seen) => {
      const place = rank(seen.field);
      return place === null ? [] : [{ seen, place }];
    })
    .sort((one, other) => one.place - other.place)
    .map(({ seen }) => ({ seen, sign: null }));
}

/** What a sign says of its flag; null: nothing. */
export function signSays({ from }: Sign, raw: number): boolean | null {
  if ('bit' in from) return (Math.floor(raw / 2 ** from.bit) % 2 === 1) !== (from.inverted ?? false);
  if (from.yes.includes(raw)) return true;
  return from.no.includes(raw) ? false : null;
}
