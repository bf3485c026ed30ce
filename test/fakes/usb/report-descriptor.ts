// Builds HID report descriptors. One table gives both the descriptor and the layout of the reports, so that they
// cannot drift apart. Kept apart from our parser, which it tests. Items: HID 1.11, section 6.2.2.
// @see https://www.usb.org/sites/default/files/hid1_11.pdf

export type ReportKind = 'input' | 'feature';

export interface Field<Key extends string = string> {
  node: 'field';
  key: Key;
  /** Page << 16 | id. */
  usage: number;
  report: number;
  kinds: readonly ReportKind[];
  bits: number;
  min: number;
  max: number;
  /** As on the wire: HID 1.11, section 6.2.2.7. */
  unit: number;
  exponent: number;
}

export interface Collection<Key extends string = string> {
  node: 'collection';
  type: 'physical' | 'application' | 'logical';
  usage: number;
  children: readonly Node<Key>[];
}

export type Node<Key extends string = string> = Field<Key> | Collection<Key>;

/** Where the fields of one report are, in bits after the report id. */
export interface Slot<Key extends string = string> {
  id: number;
  kind: ReportKind;
  bits: number;
  fields: { key: Key; offset: number; bits: number; min: number; max: number }[];
}

const collectionTypes = { physical: 0, application: 1, logical: 2 };
const mainItems = { input: 0x80, feature: 0xb0 };
const flags = { variable: 0x02, volatile: 0x80 };

/** The least size that holds the value. */
function item(prefix: number, value: number, signed = false): number[] {
  const fits = (bytes: number) =>
    signed ? value >= -(2 ** (8 * bytes - 1)) && value < 2 ** (8 * bytes - 1) : value < 2 ** (8 * bytes);
  const size = [1, 2].find(fits) ?? 4;
  const bytes = Array.from({ length: size }, (_, at) => Math.floor(value / 2 ** (8 * at)) & 0xff);
  return [prefix | (size === 4 ? 3 : size), ...bytes];
}

/**
 * `declare` makes a descriptor that lies: what it gives for a field is what the descriptor says of it, while the reports
 * are laid out as the field is.
 */
export function describeReports<Key extends string>(
  root: Node<Key>,
  declare: (field: Field<Key>) => Field<Key> = (field) => field,
): Buffer {
  const bytes: number[] = [];
  const globals = new Map<number, number>();
  const global = (prefix: number, value: number, signed = false) => {
    if (globals.get(prefix) === value) return;
    globals.set(prefix, value);
    bytes.push(...item(prefix, value, signed));
  };
  const usage = (value: number) => {
    global(0x04, value >>> 16);
    bytes.push(...item(0x08, value & 0xffff));
  };
  const visit = (node: Node<Key>): void => {
    if (node.node === 'collection') {
      usage(node.usage);
      bytes.push(0xa1, collectionTypes[node.type]);
      node.children.forEach(visit);
      bytes.push(0xc0);
      return;
    }
    const told = declare(node);
    global(0x84, told.report);
    global(0x74, told.bits);
    global(0x94, 1);
    global(0x14, told.min, true);
    global(0x24, told.max, true);
    global(0x64, told.unit);
    global(0x54, told.exponent & 0x0f);
    for (const kind of told.kinds) {
      usage(told.usage);
      // Inputs have no volatile bit.
      bytes.push(...item(mainItems[kind], kind === 'input' ? flags.variable : flags.variable | flags.volatile));
    }
  };
  visit(root);
  return Buffer.from(bytes);
}

export const slotKey = (kind: ReportKind, id: number): string => `${kind} ${id}`;

export function layOut<Key extends string>(root: Node<Key>): Map<string, Slot<Key>> {
  const slots = new Map<string, Slot<Key>>();
  const visit = (node: Node<Key>): void => {
    if (node.node === 'collection') {
      node.children.forEach(visit);
      return;
    }
    for (const kind of node.kinds) {
      const slot = slots.get(slotKey(kind, node.report)) ?? { id: node.report, kind, bits: 0, fields: [] };
      slots.set(slotKey(kind, node.report), slot);
      slot.fields.push({ key: node.key, offset: slot.bits, bits: node.bits, min: node.min, max: node.max });
      slot.bits += node.bits;
    }
  };
  visit(root);
  return slots;
}

/** The report with its id first. */
export function encode<Key extends string>(slot: Slot<Key>, values: Readonly<Record<Key, number>>): Buffer {
  const report = Buffer.alloc(1 + Math.ceil(slot.bits / 8));
  report[0] = slot.id;
  for (const { key, offset, bits, min, max } of slot.fields) {
    const value = Math.max(min, Math.min(max, Math.round(values[key])));
    const raw = BigInt.asUintN(bits, BigInt(value));
    for (let bit = 0; bit < bits; bit += 1) {
      const at = offset + bit;
      if ((raw >> BigInt(bit)) & 1n) report[1 + (at >> 3)] = (report[1 + (at >> 3)] ?? 0) | (1 << (at & 7));
    }
  }
  return report;
}
