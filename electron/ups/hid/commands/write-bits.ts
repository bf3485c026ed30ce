import type { HidField } from '../report-descriptor.ts';

/** Whether the field can hold this raw value. */
export function fits({ size, logicalMin }: HidField, raw: number): boolean {
  if (!Number.isInteger(raw) || size < 1 || size > 32) return false;
  return logicalMin < 0 ? raw >= -(2 ** (size - 1)) && raw < 2 ** (size - 1) : raw >= 0 && raw < 2 ** size;
}

/** The payload with this field changed and every other bit as it was. The field must lie inside, and the value fit. */
export function withField(payload: Uint8Array, { offset, size }: HidField, raw: number): Uint8Array {
  const changed = Uint8Array.from(payload);
  const value = raw < 0 ? raw + 2 ** size : raw;
  for (let bit = 0; bit < size; bit += 1) {
    const at = offset + bit;
    const mask = 1 << (at & 7);
    const byte = changed[at >> 3] as number;
    // Not `value >> bit`: values of 32 bits would turn negative.
    changed[at >> 3] = Math.floor(value / 2 ** bit) % 2 === 0 ? byte & ~mask : byte | mask;
  }
  return changed;
}
