import { FaultError } from '../../../shared/fault.ts';

/**
 * One short item of a report descriptor.
 * @see https://www.usb.org/sites/default/files/hid1_11.pdf section 6.2.2.2
 */
export interface ShortItem {
  type: 'main' | 'global' | 'local' | 'reserved';
  /** Upper four bits of the prefix. */
  tag: number;
  /** Bytes of data: 0, 1, 2 or 4. */
  size: number;
  unsigned: number;
  /** The same data read as two's complement. */
  signed: number;
  /** Where it starts, bytes from the beginning of the descriptor. */
  at: number;
}

const types = ['main', 'global', 'local', 'reserved'] as const;
const longItemPrefix = 0xfe;

/** A descriptor that cannot be right. Thrown, never returned: half a descriptor would give half-true readings. */
export function badDescriptor(what: string, at: number): FaultError {
  return new FaultError({
    code: 'ups-bad-descriptor',
    what: `${what}, at byte ${at}`,
    where: 'USB report descriptor',
    remedy: 'Unplug the USB cable of the UPS and plug it in again. If it stays so, report the model with this message.',
  });
}

/** Yields the short items. Long items are skipped: HID 1.11 section 6.2.2.3 defines no tag for them. */
export function* shortItems(bytes: Uint8Array): Generator<ShortItem> {
  let at = 0;
  while (at < bytes.length) {
    const prefix = bytes[at] as number;
    const size = prefix === longItemPrefix ? longItemSize(bytes, at) : ([0, 1, 2, 4][prefix & 3] as number);
    const start = at + (prefix === longItemPrefix ? 3 : 1);
    if (start + size > bytes.length) throw badDescriptor(`an item of ${size} bytes is cut off`, at);
    if (prefix !== longItemPrefix) {
      const unsigned = littleEndian(bytes, start, size);
      const type = types[(prefix >> 2) & 3] as ShortItem['type'];
      yield { type, tag: prefix >> 4, size, unsigned, signed: asSigned(unsigned, size * 8), at };
    }
    at = start + size;
  }
}

function longItemSize(bytes: Uint8Array, at: number): number {
  const size = bytes[at + 1];
  if (size === undefined) throw badDescriptor('a long item is cut off', at);
  return size;
}

function littleEndian(bytes: Uint8Array, start: number, size: number): number {
  let value = 0;
  for (let index = size - 1; index >= 0; index -= 1) value = value * 256 + (bytes[start + index] as number);
  return value;
}

/** Two's complement of `bits` bits, 0 < bits <= 32; 0 bits are 0. */
export function asSigned(unsigned: number, bits: number): number {
  return bits > 0 ? (unsigned << (32 - bits)) >> (32 - bits) : unsigned;
}
