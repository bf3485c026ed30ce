import type { ShortItem } from './items.ts';
import { badDescriptor } from './items.ts';

/** A limit as the item carries it: which of the two readings is meant shows only beside the other limit. */
interface Limit {
  signed: number;
  unsigned: number;
}

/** The item state that stays in force until changed. HID 1.11 section 6.2.2.7. */
export interface GlobalState {
  page: number;
  logicalMin: Limit;
  logicalMax: Limit;
  physicalMin: Limit | null;
  physicalMax: Limit | null;
  unit: number;
  unitExponent: number;
  /** Bits. */
  reportSize: number;
  reportCount: number;
  /** 0: none given yet. */
  reportId: number;
}

/** Linux allows 4; nothing real comes near. */
const deepestStack = 16;
const zero: Limit = { signed: 0, unsigned: 0 };

export class GlobalItems {
  #state: GlobalState = {
    page: 0,
    logicalMin: zero,
    logicalMax: zero,
    physicalMin: null,
    physicalMax: null,
    unit: 0,
    unitExponent: 0,
    reportSize: 0,
    reportCount: 0,
    reportId: 0,
  };
  #stack: GlobalState[] = [];

  get state(): Readonly<GlobalState> {
    return this.#state;
  }

  add(item: ShortItem): void {
    switch (item.tag) {
      case 0x0:
        this.#set({ page: item.unsigned & 0xffff });
        return;
      case 0x1:
        this.#set({ logicalMin: item });
        return;
      case 0x2:
        this.#set({ logicalMax: item });
        return;
      case 0x3:
        this.#set({ physicalMin: item });
        return;
      case 0x4:
        this.#set({ physicalMax: item });
        return;
      case 0x5:
        this.#set({ unitExponent: nibbleExponent(item.unsigned) });
        return;
      case 0x6:
        this.#set({ unit: item.unsigned });
        return;
      case 0x7:
        this.#set({ reportSize: item.unsigned });
        return;
      case 0x8:
        if (item.unsigned < 1 || item.unsigned > 255) throw badDescriptor(`report id ${item.unsigned}`, item.at);
        this.#set({ reportId: item.unsigned });
        return;
      case 0x9:
        this.#set({ reportCount: item.unsigned });
        return;
      case 0xa:
        if (this.#stack.length >= deepestStack) throw badDescriptor('too many pushes', item.at);
        this.#stack.push({ ...this.#state });
        return;
      case 0xb:
        this.#pop(item);
        return;
      default:
        return;
    }
  }

  #set(change: Partial<GlobalState>): void {
    Object.assign(this.#state, change);
  }

  #pop(item: ShortItem): void {
    const top = this.#stack.pop();
    if (!top) throw badDescriptor('a pop without a push', item.at);
    this.#state = top;
  }
}

/** Four bits of two's complement: 7 is 7, 8 is -8, 15 is -1. Some firmwares fill the whole byte; only these four count. */
function nibbleExponent(value: number): number {
  const nibble = value & 0xf;
  return nibble > 7 ? nibble - 16 : nibble;
}

/**
 * A maximum below its minimum was written one byte too short: `25 ff` means 255, not -1.
 * @see https://github.com/networkupstools/nut/issues/1512
 */
export function limits(low: Limit, high: Limit): { min: number; max: number } {
  return { min: low.signed, max: high.signed < low.signed ? high.unsigned : high.signed };
}
