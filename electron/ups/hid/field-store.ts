import type { FieldValue } from './decode.ts';
import type { HidField } from './report-descriptor.ts';
import { pathName } from './usages.ts';

/** A place in the device's tree of which the newest value is kept. */
export interface Slot {
  /** The first field that stands for it; its Feature and Input versions share the slot. */
  field: HidField;
  /** The feature report that it can be polled from. */
  featureReport: number | null;
}

interface Sample {
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

  constructor(fields: readonly HidField[]) {
    const byName = new Map<string, Slot>();
    const seen = new Map<string, number>();
    for (const field of fields) {
      if (field.selects.length > 0) continue;
      // The same path may occur twice (three phases): the n-th Input belongs to the n-th Feature.
      const name = pathName(field);
      const count = seen.get(`${field.kind} ${name}`) ?? 0;
      seen.set(`${field.kind} ${name}`, count + 1);
      const slot = byName.get(`${name} ${count}`) ?? { field, featureReport: null };
      if (field.kind === 'feature') slot.featureReport = field.reportId;
      byName.set(`${name} ${count}`, slot);
      this.#slotOf.set(field, slot);
    }
    this.slots = [...byName.values()];
  }

  /**
   * Takes what was sampled at `at`. An answer asked for before an interrupt report came is older than that report,
   * though it arrives later: it must not undo a power failure.
   */
  apply(values: readonly FieldValue[], at: number): void {
    for (const { field, raw, value } of values) {
      const slot = this.#slotOf.get(field);
      if (!slot || (this.#samples.get(slot)?.at ?? Number.NEGATIVE_INFINITY) > at) continue;
      this.#samples.set(slot, { raw, value, at });
    }
  }

  slotOf(field: HidField): Slot | undefined {
    return this.#slotOf.get(field);
  }

  read(slot: Slot): { raw: number; value: number } | undefined {
    return this.#samples.get(slot);
  }
}
