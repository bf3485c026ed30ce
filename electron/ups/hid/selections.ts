import type { FieldValue } from './decode.ts';
import { eachUsage } from './local-items.ts';
import type { HidField } from './report-descriptor.ts';

/** What arrays select from is a handful in practice; ranges of 65536 are nobody's flags. */
const mostFlags = 2048;

/** The array slots of one main item: together they say which of some usages are on. HID 1.11 section 6.2.2.5. */
export interface Selection {
  slots: ReadonlySet<HidField>;
  /** One flag for each usage that can be selected, as if the device had sent it by itself. */
  flags: readonly HidField[];
}

/** The arrays among these fields. */
export function selectionsOf(fields: readonly HidField[]): Selection[] {
  const groups = new Map<HidField['selects'], Set<HidField>>();
  for (const field of fields) {
    if (field.selects.length === 0) continue;
    const group = groups.get(field.selects) ?? new Set();
    groups.set(field.selects, group.add(field));
  }
  let left = mostFlags;
  return [...groups].map(([selects, slots]) => {
    const [slot] = slots;
    const flags = slot ? flagsOf(selects, slot, left) : [];
    left -= flags.length;
    return { slots, flags };
  });
}

/** What arrived of an array, as flags: 1 for the selected ones, 0 for the others. Nothing when not all of it arrived. */
export function selectedFlags({ slots, flags }: Selection, values: readonly FieldValue[]): FieldValue[] {
  const sent = values.filter(({ field }) => slots.has(field));
  if (sent.length < slots.size) return [];
  const selected = new Set(sent.map(({ field, raw }) => raw - field.logicalMin));
  return flags.map((field, index) => ({ field, raw: Number(selected.has(index)), value: Number(selected.has(index)) }));
}

function flagsOf(selects: HidField['selects'], slot: HidField, most: number): HidField[] {
  const flags: HidField[] = [];
  for (const usage of eachUsage(selects)) {
    if (flags.length >= most) break;
    flags.push({ ...slot, usage, selects: [] });
  }
  return flags;
}
