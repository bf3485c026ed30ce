import { GlobalItems, limits } from './global-items.ts';
import { badDescriptor, type ShortItem, shortItems } from './items.ts';
import { eachUsage, LocalItems } from './local-items.ts';
import type {
  HidCollection,
  HidField,
  HidReport,
  ReportDescriptor,
  ReportKind,
  UsageRange,
} from './report-descriptor.ts';

/** The length field of the USB HID descriptor has 16 bits. */
const mostBytes = 0xffff;
/** Real ones have 18 to 530 fields, most of them the bytes of one long vendor report. */
const mostFields = 4096;
const deepestNesting = 64;
/** HID_MAX_BUFFER_SIZE of Linux, in bits. */
const longestReport = 16384 * 8;

const reportKinds: Readonly<Record<number, ReportKind>> = { 8: 'input', 9: 'output', 11: 'feature' };
const collectionTag = 10;
const endCollectionTag = 12;

/**
 * Parses a HID report descriptor. Whatever the bytes, it ends soon: with a descriptor, or by throwing a FaultError
 * `ups-bad-descriptor`. Zero bytes after the last collection are taken for the padding that sysfs may add.
 * @see https://www.usb.org/sites/default/files/hid1_11.pdf section 6.2.2
 */
export function parseReportDescriptor(bytes: Uint8Array): ReportDescriptor {
  if (bytes.length > mostBytes) throw badDescriptor(`${bytes.length} bytes are too many`, mostBytes);
  const parser = new Parser();
  for (const item of shortItems(bytes)) parser.item(item);
  return parser.end(bytes.length);
}

class Parser {
  #global = new GlobalItems();
  #local = new LocalItems();
  #open: HidCollection[] = [];
  #outermost: HidCollection[] = [];
  #fields: HidField[] = [];
  /** Bits so far, by kind and id. */
  #lengths = new Map<string, { kind: ReportKind; id: number; bits: number }>();

  item(item: ShortItem): void {
    switch (item.type) {
      case 'global':
        this.#global.add(item);
        return;
      case 'local':
        this.#local.add(item, this.#global.state.page);
        return;
      case 'main':
        this.#main(item);
        return;
      case 'reserved':
        return;
    }
  }

  end(at: number): ReportDescriptor {
    if (this.#open.length > 0) throw badDescriptor(`${this.#open.length} collections are not closed`, at);
    if (this.#fields.length === 0) throw badDescriptor('there is no field in it', at);
    const reports: HidReport[] = [...this.#lengths.values()].map(({ kind, id, bits }) => ({
      kind,
      id,
      bytes: Math.ceil(bits / 8),
    }));
    return { fields: this.#fields, collections: this.#outermost, reports };
  }

  #main(item: ShortItem): void {
    const usages = this.#local.take(this.#global.state.page);
    const kind = reportKinds[item.tag];
    if (kind) {
      this.#data(item, kind, usages);
      return;
    }
    if (item.tag === collectionTag) {
      this.#begin(item, usages);
      return;
    }
    if (item.tag === endCollectionTag && !this.#open.pop())
      throw badDescriptor('nothing is open to be closed', item.at);
  }

  #begin(item: ShortItem, usages: readonly UsageRange[]): void {
    if (this.#open.length >= deepestNesting) throw badDescriptor('collections are nested too deep', item.at);
    const type = item.unsigned & 0xff;
    const collection = { usage: usages[0]?.first ?? null, type, index: type >= 0x80 ? type - 0x80 : null };
    if (this.#open.length === 0) this.#outermost.push(collection);
    this.#open.push(collection);
  }

  #data(item: ShortItem, kind: ReportKind, usages: readonly UsageRange[]): void {
    const { reportId, reportSize, reportCount } = this.#global.state;
    const key = `${kind} ${reportId}`;
    const length = this.#lengths.get(key) ?? { kind, id: reportId, bits: 0 };
    const start = length.bits;
    length.bits += reportSize * reportCount;
    if (length.bits > longestReport) throw badDescriptor(`report ${reportId} is too long`, item.at);
    this.#lengths.set(key, length);

    const first = usages[0]?.first;
    if (first === undefined || reportSize === 0) return;
    if (this.#fields.length + reportCount > mostFields) throw badDescriptor('there are too many fields', item.at);
    const variable = (item.unsigned & 2) !== 0;
    // An array with one usage has nothing to select from: a variable whose flag was forgotten.
    const single = usages.length === 1 && usages[0]?.last === first;
    const common = this.#common(item, kind, variable || single ? [] : usages);
    const each = eachUsage(usages);
    let next = each.next();
    let usage = first;
    for (let index = 0; index < reportCount; index += 1) {
      // Fewer usages than values: the last one stands for all that follow.
      if (!next.done) {
        usage = next.value;
        next = each.next();
      }
      this.#fields.push({ ...common, offset: start + index * reportSize, usage });
    }
  }

  /** What the fields of one item share; `offset` and `usage` are filled in for each. */
  #common(item: ShortItem, kind: ReportKind, selects: readonly UsageRange[]): HidField {
    const { reportId, reportSize, unit, unitExponent, ...state } = this.#global.state;
    const logical = limits(state.logicalMin, state.logicalMax);
    const { physicalMin, physicalMax } = state;
    const physical = physicalMin && physicalMax ? limits(physicalMin, physicalMax) : null;
    return {
      kind,
      reportId,
      offset: 0,
      size: reportSize,
      usage: 0,
      selects,
      path: [...this.#open],
      constant: (item.unsigned & 1) !== 0,
      logicalMin: logical.min,
      logicalMax: logical.max,
      physicalMin: physical?.min ?? null,
      physicalMax: physical?.max ?? null,
      unit,
      unitExponent,
    };
  }
}
