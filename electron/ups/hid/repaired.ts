import type { Sample } from './field-store.ts';
import type { About, Change, Grounds, Rename, Repair } from './quirks/repair.ts';
import type { HidCollection, HidField } from './report-descriptor.ts';
import { usage } from './usages.ts';

/** Whether a quirk is about this field. */
export function isAbout(about: About, field: HidField): boolean {
  return (
    about.usages.includes(field.usage) &&
    (about.under === undefined || about.under.some((chain) => endsWith(field.path, chain))) &&
    (about.input === undefined || isInInput(field, about.input)) &&
    (about.units === undefined || about.units.includes(field.unit)) &&
    (about.unitExponents === undefined || about.unitExponents.includes(field.unitExponent)) &&
    (about.unscaled === undefined || field.physicalMin === null || (!field.physicalMin && !field.physicalMax))
  );
}

/** The collections right around something, the innermost last. */
export function endsWith(path: readonly HidCollection[], chain: readonly number[]): boolean {
  const inner = path.slice(Math.max(0, path.length - chain.length));
  return inner.length === chain.length && inner.every((part, index) => part.usage === chain[index]);
}

function isInInput(field: HidField, index: number): boolean {
  return field.path.some((part) => part.usage === usage.input && part.index === index);
}

/** The field as it should have been declared. */
export function renamed(field: HidField, renames: readonly Rename[]): { field: HidField; grounds: Grounds | null } {
  const rename = renames.find((each) => isAbout(each, field));
  if (!rename) return { field, grounds: null };
  const { is, in: into, unit = field.unit } = rename;
  const outer = field.path.slice(0, 1);
  const path = into ? [...outer, ...into.map((each) => ({ usage: each, type: 0, index: null }))] : field.path;
  return { field: { ...field, usage: is, path, unit }, grounds: rename };
}

/** What a sample says after its repairs; null: nothing. `why` names the ones that changed it. */
export interface Repaired {
  raw: number;
  value: number | null;
  why: string;
}

/** `nominal`: the value of its Config twin, if that is known. `settled`: what this device was found to need for good. */
export function repaired(
  sample: Sample,
  field: HidField,
  repairs: readonly Repair[],
  nominal: number | null,
  settled: Set<Repair>,
): Repaired {
  let told: Repaired = { raw: sample.raw, value: sample.value, why: '' };
  for (const repair of repairs) {
    const { change, why } = repair;
    if (told.value === null) break;
    const isSettled = settled.has(repair);
    const after = changed(change, told.raw, told.value, field, nominal, isSettled);
    if (after && change.kind === 'multiply' && change.above?.forGood && nominal !== null) settled.add(repair);
    if (after) told = { ...after, why: told.why === '' ? why : `${told.why}. ${why}` };
  }
  return told;
}

function changed(
  change: Change,
  raw: number,
  value: number,
  field: HidField,
  nominal: number | null,
  isSettled: boolean,
): Omit<Repaired, 'why'> | null {
  switch (change.kind) {
    case 'multiply': {
      const { by, over = 1, between, above } = change;
      if (between && (value < between[0] || value > between[1])) return null;
      if (above && !isSettled && nominal === null && above.unknown === 'leave') return null;
      if (above && !isSettled && nominal !== null && value <= nominal * above.nominalTimes) return null;
      return { raw, value: Number(((value * by) / over).toPrecision(12)) };
    }
    case 'instead': {
      const other = change.raw[raw];
      return other === undefined ? null : { raw: other, value: other };
    }
    case 'as-sent':
      return { raw, value: raw };
    case 'ignore':
      return change.raw === undefined || change.raw.includes(raw) ? { raw, value: null } : null;
    case 'minutes-and-seconds':
      return { raw, value: (raw >>> 8) * 60 + (raw & 0x3f) };
    case 'low-bits': {
      const span = field.logicalMax + 1;
      // Whole bytes that are not used. A maximum of one byte in a field of two is only stale: 260 V are 260 V.
      if (field.logicalMin !== 0 || raw < span || ![2 ** 16, 2 ** 24].includes(span)) return null;
      const low = raw % span;
      return { raw: low, value: raw === 0 ? value : (value / raw) * low };
    }
  }
}
