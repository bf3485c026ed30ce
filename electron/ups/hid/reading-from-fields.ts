import { type Detail, emptyReading, type Reading } from '../../../shared/reading.ts';
import { detailOf } from './details.ts';
import type { FieldStore } from './field-store.ts';
import type { Quirks } from './quirks/quirks.ts';
import type { FlagKey, ReadingKey } from './reading-keys.ts';
import { flagKeys, measuredKeys, otherKeys, type Rule, rules, urgentFlags } from './reading-rules.ts';
import type { HidField } from './report-descriptor.ts';
import { type SeenSlot, SeenSlots } from './seen-slots.ts';
import { type Source, signSays, sourcesOf } from './sources.ts';
import { TwiceInARow } from './twice.ts';

/** Finds, once for a device, the slots that can give each entry of a reading, and reads them ever after. */
export class ReadingView {
  #store: FieldStore;
  #quirks: Quirks;
  #slots: SeenSlots;
  #sources = new Map<ReadingKey, readonly Source[]>();
  #conditions = new Map<number, SeenSlot>();
  #twice: ReadonlyMap<FlagKey, TwiceInARow>;

  constructor(store: FieldStore, quirks: Quirks) {
    this.#store = store;
    this.#quirks = quirks;
    this.#slots = new SeenSlots(store, quirks);
    for (const key of [...flagKeys, ...otherKeys]) {
      this.#sources.set(key, sourcesOf(key, this.#slots, quirks.signs));
    }
    for (const { onlyWhile } of quirks.signs) {
      const [seen] = onlyWhile ? this.#slots.declaredAs(onlyWhile.usage) : [];
      if (onlyWhile && seen) this.#conditions.set(onlyWhile.usage, seen);
    }
    this.#twice = new Map(quirks.twice.map(({ flag }) => [flag, new TwiceInARow()]));
  }

  /** Feature reports with the flags that decide: the best source of each, and the signs that go before it. */
  get urgentReports(): ReadonlySet<number> {
    return new Set(
      urgentFlags.flatMap((key) => {
        const polled = this.#of(key).filter(({ seen }) => seen.slot.featureReport !== null);
        const flag = polled.find(({ sign }) => sign === null || sign.onlyWhile === undefined);
        return [...polled.filter(({ sign }) => sign?.onlyWhile), ...(flag ? [flag] : [])].flatMap(
          ({ seen }) => seen.slot.featureReport ?? [],
        );
      }),
    );
  }

  /** Feature reports with anything that a reading holds or is judged by. */
  get usefulReports(): ReadonlySet<number> {
    const sources = [...this.#sources.values()].flat().map(({ seen }) => seen);
    const reports = [...sources, ...this.#conditions.values()].flatMap(({ slot }) => slot.featureReport ?? []);
    return new Set([...reports, ...this.#slots.contextReports]);
  }

  /** Does one of these fields carry a flag that decides? */
  hasUrgent(fields: readonly HidField[]): boolean {
    const urgent = new Set(urgentFlags.flatMap((key) => this.#of(key).map(({ seen }) => seen.slot)));
    return fields.some((field) => this.#store.slotsOf(field).some((slot) => urgent.has(slot)));
  }

  reading(upsId: string, at: number): Reading {
    const reading = emptyReading(upsId, at);
    for (const key of flagKeys) reading[key] = this.#calm(key, this.#find(key, rules[key]));
    for (const key of otherKeys) this.#fill(reading, key);
    // Liebert and Tripp Lite say both of a full battery.
    if (reading.fullyCharged === true) reading.charging = false;
    // With the mains there, 0 V and 0 Hz are not measured but missing.
    if (reading.acPresent === true && reading.inputVoltage === 0) reading.inputVoltage = null;
    if (reading.acPresent === true && reading.inputFrequency === 0) reading.inputFrequency = null;
    return this.#quirks.zeroReports ? withoutZeros(reading) : reading;
  }

  /** When the sample came that gives this flag, milliseconds, monotonic; undefined: nothing gives it. */
  sampledAt(key: FlagKey): number | undefined {
    const found = this.#find(key, rules[key]);
    return found && this.#store.read(found.seen.slot)?.at;
  }

  /** Everything that the device tells, as it tells it, and what the reading makes of it. */
  details(): Detail[] {
    const feeds = new Map<SeenSlot, ReadingKey[]>();
    for (const key of this.#sources.keys()) {
      const seen = this.#find(key, rules[key] as Rule<unknown>)?.seen;
      if (seen) feeds.set(seen, [...(feeds.get(seen) ?? []), key]);
    }
    const doubted = new Set(
      measuredKeys.flatMap((key) =>
        this.#of(key).flatMap((source) => (this.#says(source, rules[key]) === null ? [source.seen] : [])),
      ),
    );
    return this.#slots.all.map((seen) => {
      const sample = this.#store.read(seen.slot);
      const told = { sample, repaired: this.#slots.repaired(seen), isDoubted: doubted.has(seen) };
      return detailOf(seen, told, feeds.get(seen) ?? []);
    });
  }

  #of(key: ReadingKey): readonly Source[] {
    return this.#sources.get(key) ?? [];
  }

  #fill<K extends (typeof otherKeys)[number]>(reading: Pick<Reading, K>, key: K): void {
    // The cast joins what TypeScript keeps apart: the rule of a key gives the values of that key.
    reading[key] = (this.#find(key, rules[key] as Rule<NonNullable<Reading[K]>>)?.value ?? null) as Reading[K];
  }

  /** The first that is plausible: a device with one wrong exponent may have the value elsewhere too. */
  #find<T>(key: ReadingKey, rule: Rule<T>): { seen: SeenSlot; value: T } | undefined {
    let found: { seen: SeenSlot; value: T } | undefined;
    for (const source of this.#of(key)) {
      const value = this.#says(source, rule);
      if (value === null) continue;
      if (!rule.any || value === true) return { seen: source.seen, value };
      found ??= { seen: source.seen, value };
    }
    return found;
  }

  #says<T>({ seen, sign }: Source, rule: Rule<T>): T | null {
    if (!sign) {
      const told = this.#slots.told(seen);
      return told ? rule.from(told) : null;
    }
    const raw = this.#store.read(seen.slot)?.raw;
    if (raw === undefined || !this.#applies(sign.onlyWhile)) return null;
    // A sign feeds a flag, so T is boolean here.
    return signSays(sign, raw) as T | null;
  }

  #applies(condition: { usage: number; raw: number } | undefined): boolean {
    if (!condition) return true;
    const seen = this.#conditions.get(condition.usage);
    return seen !== undefined && this.#store.read(seen.slot)?.raw === condition.raw;
  }

  #calm(key: FlagKey, found: { seen: SeenSlot; value: boolean } | undefined): boolean | null {
    if (!found) return null;
    const at = this.#store.read(found.seen.slot)?.at ?? 0;
    return this.#twice.get(key)?.take(found.value, at) ?? found.value;
  }
}

/**
 * A unit that has neither mains nor a battery in use and whose output is off, or is not told of, could not answer: that
 * was a report of zeros. So is a battery that is well charged and lasts 0 s.
 */
function withoutZeros(reading: Reading): Reading {
  const { acPresent, discharging, charging, outputOff, charge, runtime } = reading;
  const empty = acPresent === false && discharging === false && charging === false && outputOff !== false;
  return {
    ...reading,
    ...(empty ? { acPresent: null, discharging: null, charging: null, outputOff: null } : {}),
    runtime: runtime === 0 && charge !== null && charge >= 20 ? null : runtime,
  };
}
