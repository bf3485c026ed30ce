import type { Detail } from '../../../shared/reading.ts';
import type { Sample } from './field-store.ts';
import type { ReadingKey } from './reading-keys.ts';
import type { Repaired } from './repaired.ts';
import type { HidField } from './report-descriptor.ts';
import type { SeenSlot } from './seen-slots.ts';
import { unitSymbol } from './units.ts';
import { pathName, usage } from './usages.ts';

interface WhatItTold {
  sample: Sample | undefined;
  repaired: Repaired | undefined;
  /** It arrived, is of a kind that a reading measures, and was not taken for what it says. */
  isDoubted: boolean;
}

/** One slot as a line for people. `feeds`: the entries of the reading that are taken from it now. */
export function detailOf(seen: SeenSlot, told: WhatItTold, feeds: readonly ReadingKey[]): Detail {
  const { slot } = seen;
  const { sample } = told;
  const suffix = slot.instance === 0 ? '' : ` #${slot.instance + 1}`;
  return {
    name: `${pathName(slot.field)}${suffix}`.slice(0, 300),
    place: placeOf(slot.field),
    raw: sample ? String(sample.raw) : '',
    value: sample ? `${tidy(sample.value)} ${unitSymbol(slot.field)}`.trim() : '',
    feeds: feeds.length === 0 ? null : feeds.join(', ').slice(0, 40),
    repair: sample ? why(seen, told, feeds).slice(0, 300) : '',
  };
}

function why({ renamed, field }: SeenSlot, { repaired, isDoubted }: WhatItTold, feeds: readonly ReadingKey[]): string {
  const reasons = [renamed?.why ?? '', repaired?.why ?? ''].filter((reason) => reason !== '');
  if (repaired?.value === null) return `Left out: ${reasons.join('. ')}`;
  if (feeds.length > 0) {
    const kelvin = field.usage === usage.temperature && (repaired?.value ?? 0) >= 273;
    const capped = field.usage === usage.remainingCapacity && (repaired?.value ?? 0) > 100;
    if (kelvin) reasons.push('Kelvin, shown in degrees Celsius');
    if (capped) reasons.push('More than 100 %');
    return reasons.join('. ');
  }
  return isDoubted ? [...reasons, 'Not taken: it cannot be true, or stands for "not known"'].join('. ') : '';
}

/** "Feature 0x0c, bits 0..7" */
function placeOf({ kind, reportId, offset, size }: HidField): string {
  const name = `${kind.charAt(0).toUpperCase()}${kind.slice(1)} 0x${reportId.toString(16).padStart(2, '0')}`;
  return size === 1 ? `${name}, bit ${offset}` : `${name}, bits ${offset}..${offset + size - 1}`;
}

/** Without the noise of binary fractions. */
function tidy(value: number): string {
  return String(Number(value.toPrecision(12)));
}
