import type { FieldValue } from './decode.ts';
import type { HidField } from './report-descriptor.ts';
import { type Selection, selectedFlags, selectionsOf } from './selections.ts';
import { pathName } from './usages.ts';

/** A place in the device's tree of which the newest value is kept. */
export interface Slot {
  /** The first field that stands for it; its Feature and Input versions share the slot. */
  field: HidField;
  /** The feature report that it can be polled from. */
  featureReport: number | null;
  /** 0 for the first place of this name, 1 for the second: three phases repeat a usage. */
  instance: number;
}

export interface Sample {
  raw: number;
  value: number;
  /** Milliseconds, monotonic: when the device was asked, or sent it by itself. */
  at: number;
}

/** The newest value of every field of one device, however it arrived. */
export class FieldStore {
  readonly slots: readonly Slot[];
  #slotOf = new Map<HidField, Slot>();
  #samples = new Map<Slot, Sample>();
  #selectionOf = new Map<HidField, Selection>();

  constructor(fields: readonly HidField[]) {
    const selections = selectionsOf(fields);
    for (const selection of selections) {
      for (const slot of selection.slots) this.#selectionOf.set(slot, selection);
    }
    const plain = fields.filter((field) => field.selects.length === 0);
    this.slots = this.#slotsOf([...plain, ...selections.flatMap(({ flags }) => flags)]);
  }

  /**
   * Takes what was sampled at `at`. An answer asked for before an interrupt report came is older than that report,
   * though it arrives later: it must not undo a power failure.
   */
  apply(values: readonly FieldValue[], at: number): void {
    for (const { field, raw, value } of this.#withSelections(values)) {
      const slot = this.#slotOf.get(field);
      if (!slot || (this.#samples.get(slot)?.at ?? Number.NEGATIVE_INFINITY) > at) continue;
      this.#samples.set(slot, { raw, value, at });
    }
  }

  /** The slots that a field of a report writes: one, or for an array one for each usage that it selects from. */
  slotsOf(field: HidField): Slot[] {
    const fields = this.#selectionOf.get(field)?.flags ?? [field];
    return fields.flatMap((each) => this.#slotOf.get(each) ?? []);
  }

  read(slot: Slot): Sample | undefined {
    return this.#samples.get(slot);
  }

  #slotsOf(fields: readonly HidField[]): Slot[] {
    const all: Slot[] = [];
    const byName = new Map<string, Slot[]>();
    const seen = { input: new Map<string, number>(), output: new Map(), feature: new Map() };
    for (const field of fields) {
      // The same path may occur twice: the n-th Input belongs to the n-th Feature.
      const name = pathName(field);
      const instance = seen[field.kind].get(name) ?? 0;
      seen[field.kind].set(name, instance + 1);
      const named = byName.get(name) ?? [];
      const slot = named[instance] ?? { field, featureReport: null, instance };
      if (field.kind === 'feature') slot.featureReport = field.reportId;
      if (instance === named.length) {
        named.push(slot);
        all.push(slot);
        byName.set(name, named);
      }
      this.#slotOf.set(field, slot);
    }
    return all;
  }

  #withSelections(values: readonly FieldValue[]): readonly FieldValue[] {
    const touched = new Set(values.flatMap(({ field }) => this.#selectionOf.get(field) ?? []));
    if (touched.size === 0) return values;
    return [...values, ...[...touched].flatMap((selection) => selectedFlags(selection, values))];
  }
}
