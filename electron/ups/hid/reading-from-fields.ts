import { emptyReading, type Reading } from '../../../shared/reading.ts';
import type { FieldStore, Slot } from './field-store.ts';
import { type AmountKey, type AmountRule, amountRules, type FlagKey, flagRules, urgentFlags } from './reading-rules.ts';
import type { HidField } from './report-descriptor.ts';
import { usage } from './usages.ts';

/** Finds, once for a device, the slots that can give each entry of a reading, and reads them ever after. */
export class ReadingView {
  #store: FieldStore;
  #flags = new Map<FlagKey, Slot[]>();
  #amounts = new Map<AmountKey, Slot[]>();
  #nominal: Slot[];

  constructor(store: FieldStore) {
    this.#store = store;
    for (const [key, rule] of entries(flagRules)) this.#flags.set(key, this.#ranked(rule));
    for (const [key, rule] of entries(amountRules)) this.#amounts.set(key, this.#ranked(rule));
    this.#nominal = store.slots.filter(({ field }) => field.usage === usage.configVoltage);
  }

  /** Feature reports with the flags that decide, best source of each. */
  get urgentReports(): ReadonlySet<number> {
    const best = urgentFlags.map((key) => this.#flags.get(key)?.find((slot) => slot.featureReport !== null));
    return reportsOf(best);
  }

  /** Feature reports with anything that a reading holds. */
  get usefulReports(): ReadonlySet<number> {
    return reportsOf([...this.#flags.values(), ...this.#amounts.values()].flat());
  }

  /** Does one of these fields carry a flag that decides? */
  hasUrgent(fields: readonly HidField[]): boolean {
    const slots = new Set(urgentFlags.flatMap((key) => this.#flags.get(key) ?? []));
    return fields.some((field) => {
      const slot = this.#store.slotOf(field);
      return slot !== undefined && slots.has(slot);
    });
  }

  reading(upsId: string, at: number): Reading {
    const reading = emptyReading(upsId, at);
    for (const [key, slots] of this.#flags) {
      const sample = slots.map((slot) => this.#store.read(slot)).find((found) => found !== undefined);
      if (sample) reading[key] = flagRules[key].from(sample.raw);
    }
    for (const [key, slots] of this.#amounts) reading[key] = this.#amount(amountRules[key], slots);
    return reading;
  }

  /** The first that is plausible: a device with one wrong exponent may have the value elsewhere too. */
  #amount(rule: AmountRule, slots: readonly Slot[]): number | null {
    for (const slot of slots) {
      const sample = this.#store.read(slot);
      const value = sample ? rule.from(sample.value, this.#nominalOf(slot)) : null;
      if (value !== null) return value;
    }
    return null;
  }

  #nominalOf(slot: Slot): number | null {
    const twin = this.#nominal.find(({ field }) => samePath(field, slot.field));
    return (twin && this.#store.read(twin)?.value) ?? null;
  }

  /** In order of preference; equal ones in the descriptor's order. */
  #ranked(rule: { usage: number; rank: (field: HidField) => number | null }): Slot[] {
    return this.#store.slots
      .filter(({ field }) => field.usage === rule.usage)
      .flatMap((slot) => {
        const place = rule.rank(slot.field);
        return place === null ? [] : [{ slot, place }];
      })
      .sort((one, other) => one.place - other.place)
      .map(({ slot }) => slot);
  }
}

function samePath(one: HidField, other: HidField): boolean {
  return (
    one.path.length === other.path.length &&
    one.path.every((part, at) => part.usage === other.path[at]?.usage && part.index === other.path[at]?.index)
  );
}

function reportsOf(slots: ReadonlyArray<Slot | undefined>): ReadonlySet<number> {
  return new Set(slots.flatMap((slot) => slot?.featureReport ?? []));
}

function entries<K extends string, V>(record: Readonly<Record<K, V>>): [K, V][] {
  return Object.entries(record) as [K, V][];
}
