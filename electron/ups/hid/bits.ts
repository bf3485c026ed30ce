import { asSigned } from './items.ts';

/** Wider fields hold no number. */
const widest = 32;

/**
 * Reads `size` bits, least significant first, `offset` bits into the payload (the report without its id byte).
 * Null when they are not all there, or are too many for a number. HID 1.11 section 5.8.
 */
export function readBits(payload: Uint8Array, offset: number, size: number, signed: boolean): number | null {
  if (size < 1 || size > widest || offset + size > payload.length * 8) return null;
  let value = 0;
  for (let bit = size - 1; bit >= 0; bit -= 1) {
    const at = offset + bit;
    value = value * 2 + (((payload[at >> 3] as number) >> (at & 7)) & 1);
  }
  return signed ? asSigned(value, size) : value;
}
