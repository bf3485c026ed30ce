import { wholeOf } from './capacity.ts';
import type { FieldStore, Slot } from './field-store.ts';
import type { Quirks } from './quirks/quirks.ts';
import type { Grounds, Repair } from './quirks/repair.ts';
import type { Told } from './reading-rules.ts';
import { isAbout, type Repaired, renamed, repaired } from './repaired.ts';
import type { HidField } from './report-descriptor.ts';
import { usage } from './usages.ts';

/** A slot as it should have been declared, and what has to be repaired of its values. */
export interface SeenSlot {
  slot: Slot;
  field: HidField;
  renamed: Grounds | null;
  repairs: readonly Repair[];
}

const { capacityMode, configVoltage, designCapacity, fullChargeCapacity } = usage;

/** Every slot of a device with its quirks applied: what it tells, put beside what has to be known to judge it. */
export class SeenSlots {
  readonly all: readonly SeenSlot[];
  #store: FieldStore;
  #byUsage = new Map<number, SeenSlot[]>();
  #byOwnUsage = new Map<number, SeenSlot[]>();
  #nominal = new Map<SeenSlot, SeenSlot>();
  /** CapacityMode, and what may be 100 %, by slot. */
  #mode: SeenSlot | undefined;
  #wholes = new Map<SeenSlot, SeenSlot[]>();
  /** Repairs that were needed once and are made ever after. */
  #settled = new Set<Repair>();

  constructor(store: FieldStore, { renames, repairs }: Pick<Quirks, 'renames' | 'repairs'>) {
    this.#store = store;
    this.all = store.slots.map((slot) => {
      const { field, grounds } = renamed(slot.field, renames);
      return { slot, field, renamed: grounds, repairs: repairs.filter((each) => isAbout(each, slot.field)) };
    });
    for (const seen of this.all) {
      push(this.#byUsage, seen.field.usage, seen);
      push(this.#byOwnUsage, seen.slot.field.usage, seen);
    }
    this.#link();
  }

  /** In the descriptor's order, by the usage that they should have been declared with. */
  of(usageId: number): readonly SeenSlot[] {
    return this.#byUsage.get(usageId) ?? [];
  }

  /** By the usage that the device gives them. */
  declaredAs(usageId: number): readonly SeenSlot[] {
    return this.#byOwnUsage.get(usageId) ?? [];
  }

  /** Feature reports with what is needed to judge other values. */
  get contextReports(): number[] {
    const context = [
      ...this.#nominal.values(),
      ...[...this.#wholes.values()].flat(),
      ...(this.#mode ? [this.#mode] : []),
    ];
    return context.flatMap(({ slot }) => slot.featureReport ?? []);
  }

  /** After its repairs; undefined while nothing has arrived. */
  repaired(seen: SeenSlot): Repaired | undefined {
    const sample = this.#store.read(seen.slot);
    return sample && repaired(sample, seen.field, seen.repairs, this.#value(this.#nominal.get(seen)), this.#settled);
  }

  /** Undefined while nothing has arrived, or when it says nothing. */
  told(seen: SeenSlot): Told | undefined {
    const found = this.repaired(seen);
    if (!found || found.value === null) return undefined;
    return {
      raw: found.raw,
      value: found.value,
      field: seen.field,
      nominal: this.#value(this.#nominal.get(seen)),
      whole: this.#whole(seen, found.value),
    };
  }

  #whole(seen: SeenSlot, value: number): number | null {
    const wholes = this.#wholes.get(seen);
    if (!wholes) return null;
    return wholeOf(seen.field, value, {
      mode: this.#mode && this.#store.read(this.#mode.slot)?.raw,
      hasMode: this.#mode !== undefined,
      wholes: wholes.map((each) => ({ field: each.field, value: this.#value(each) })),
    });
  }

  #value(seen: SeenSlot | undefined): number | null {
    const sample = seen && this.#store.read(seen.slot);
    return sample ? repaired(sample, seen.field, seen.repairs, null, this.#settled).value : null;
  }

  /** Only a battery's voltage is judged by its nominal one: the line's is the same all over the world, or nearly. */
  #link(): void {
    const [nominals, full, design] = [this.of(configVoltage), this.of(fullChargeCapacity), this.of(designCapacity)];
    this.#mode = this.of(capacityMode).find(({ field }) => field.size > 1);
    for (const seen of this.of(usage.voltage)) {
      if (seen.field.path.at(-1)?.usage === usage.input || seen.field.path.at(-1)?.usage === usage.output) continue;
      const twin = nominals.find((each) => isBeside(each.field, seen.field));
      if (twin) this.#nominal.set(seen, twin);
    }
    for (const seen of [...this.of(usage.remainingCapacity), ...this.of(usage.remainingCapacityLimit)]) {
      const near = (each: SeenSlot) => isBeside(each.field, seen.field);
      const far = (each: SeenSlot) => each.field.path.at(-1)?.usage === usage.powerSummary;
      this.#wholes.set(seen, [
        ...full.filter(near),
        ...design.filter(near),
        ...full.filter(far),
        ...design.filter(far),
      ]);
    }
  }
}

function push<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const list = map.get(key);
  if (list) list.push(value);
  else map.set(key, [value]);
}

function isBeside(one: HidField, other: HidField): boolean {
  return (
    one.path.length === other.path.length &&
    one.path.every((part, at) => part.usage === other.path[at]?.usage && part.index === other.path[at]?.index)
  );
}
