import type { ShortItem } from './items.ts';
import { badDescriptor } from './items.ts';
import type { UsageRange } from './report-descriptor.ts';

interface Bound {
  /** As given: with its page when `extended`. */
  value: number;
  extended: boolean;
}

interface Pending extends UsageRange {
  /** Given with its page: a later Usage Page item does not change it. */
  extended: boolean;
}

/** The local items before one main item: which usages it has. HID 1.11 section 6.2.2.8. */
export class LocalItems {
  #pending: Pending[] = [];
  /** The half of a range that has come; the two may come in either order. */
  #minimum: Bound | null = null;
  #maximum: Bound | null = null;
  /** Inside a delimiter set: null outside, else how many usages were seen. Only the first, preferred one counts. */
  #alternatives: number | null = null;

  add(item: ShortItem, page: number): void {
    switch (item.tag) {
      case 0x0:
        this.#usage(item, page);
        return;
      case 0x1:
        this.#minimum = { value: item.unsigned, extended: item.size === 4 };
        this.#range(item, page);
        return;
      case 0x2:
        this.#maximum = { value: item.unsigned, extended: item.size === 4 };
        this.#range(item, page);
        return;
      case 0xa:
        this.#alternatives = item.unsigned === 1 ? 0 : null;
        return;
      default:
        // Designators and strings: nothing that a value depends on.
        return;
    }
  }

  /**
   * Ends the list. The specification joins page and usage only at the main item, makers expect it at once. As Linux
   * does: joined at once, and those at the end that no item has confirmed take the page that is in force now.
   * @see https://github.com/torvalds/linux/blob/v6.6/drivers/hid/hid-core.c hid_concatenate_last_usage_page
   */
  take(page: number): UsageRange[] {
    for (let index = this.#pending.length - 1; index >= 0; index -= 1) {
      const range = this.#pending[index] as Pending;
      if (range.extended) continue;
      if (range.first >>> 16 === page) break;
      range.first = join(page, range.first & 0xffff);
      range.last = join(page, range.last & 0xffff);
    }
    const taken = this.#pending.map(({ first, last }) => ({ first, last }));
    this.#pending = [];
    this.#minimum = null;
    this.#maximum = null;
    this.#alternatives = null;
    return taken;
  }

  #usage(item: ShortItem, page: number): void {
    const extended = item.size === 4;
    const usage = extended ? item.unsigned : join(page, item.unsigned);
    this.#add({ first: usage, last: usage, extended });
  }

  #range(item: ShortItem, page: number): void {
    const [minimum, maximum] = [this.#minimum, this.#maximum];
    if (!minimum || !maximum) return;
    // A bound without a page is on the other one's.
    const own = minimum.extended ? minimum.value >>> 16 : maximum.extended ? maximum.value >>> 16 : page;
    const first = join(own, minimum.value & 0xffff);
    const last = maximum.extended ? maximum.value : join(own, maximum.value);
    if (last < first || last >>> 16 !== own) throw badDescriptor('a usage range ends before it begins', item.at);
    this.#minimum = null;
    this.#maximum = null;
    this.#add({ first, last, extended: minimum.extended || maximum.extended });
  }

  #add(range: Pending): void {
    if (this.#alternatives !== null) {
      this.#alternatives += 1;
      if (this.#alternatives > 1) return;
    }
    this.#pending.push(range);
  }
}

/** The usages of a list one by one. */
export function* eachUsage(ranges: readonly UsageRange[]): Generator<number, void> {
  for (const { first, last } of ranges) {
    for (let usage = first; usage <= last; usage += 1) yield usage;
  }
}

function join(page: number, id: number): number {
  return page * 0x10000 + id;
}
