import type { Collection, Field, Node } from './report-descriptor.ts';

// What the emulated UPS has, laid out as APC's Back-UPS: HID Power Device class 1.1.
// @see https://www.usb.org/sites/default/files/pdcv11.pdf

const power = (id: number) => (0x84 << 16) | id;
const battery = (id: number) => (0x85 << 16) | id;

/** Unit codes are SI-linear with centimetre and gram, so a volt or a watt is 10^7 of them: hence the exponents. */
const unit = { volt: 0x00f0_d121, watt: 0x0000_d121, second: 0x1001, kelvin: 0x0001_0001 };

function field<Key extends string>(
  key: Key,
  usage: number,
  report: number,
  more: Partial<Omit<Field, 'node' | 'key' | 'usage' | 'report'>> = {},
): Field<Key> {
  return {
    node: 'field',
    kinds: ['feature'],
    bits: 8,
    min: 0,
    max: 255,
    unit: 0,
    exponent: 0,
    ...more,
    key,
    usage,
    report,
  };
}

const collection = <Key extends string>(
  type: Collection['type'],
  usage: number,
  children: readonly Node<Key>[],
): Collection<Key> => ({ node: 'collection', type, usage, children });

const both = { kinds: ['feature', 'input'] } as const;
const word = { bits: 16, max: 0x7fff };
const flag = <Key extends string>(key: Key, usage: number) => field(key, usage, 0x16, { ...both, bits: 1, max: 1 });

/** Interrupt reports must fit into one packet of this low-speed device: 8 bytes with the id. */
export const upsFields = collection('application', power(0x04), [
  field('manufactureDate', battery(0x85), 0x05, { bits: 16, max: 0x7fff }),
  // PowerSummary
  collection('physical', power(0x24), [
    field('iProduct', power(0xfe), 0x01),
    field('iSerialNumber', power(0xff), 0x02),
    field('iDeviceChemistry', battery(0x89), 0x03),
    field('iManufacturer', power(0xfd), 0x04),
    field('rechargeable', battery(0x8b), 0x06, { max: 1 }),
    field('capacityMode', battery(0x2c), 0x06, { max: 3 }),
    field('designCapacity', battery(0x83), 0x07, { max: 100 }),
    field('fullChargeCapacity', battery(0x67), 0x07, { max: 100 }),
    field('warningCharge', battery(0x8c), 0x07, { max: 100 }),
    field('lowCharge', battery(0x29), 0x11, { max: 100 }),
    field('nominalBatteryVoltage', power(0x40), 0x08, { ...word, unit: unit.volt, exponent: 5 }),
    field('batteryVoltage', power(0x30), 0x09, { ...both, ...word, unit: unit.volt, exponent: 5 }),
    field('charge', battery(0x66), 0x0c, { ...both, max: 100 }),
    field('runtime', battery(0x68), 0x0c, { ...both, ...word, unit: unit.second }),
    field('lowRuntime', battery(0x2a), 0x0f, { ...word, unit: unit.second }),
    field('offIn', power(0x57), 0x15, { ...word, min: -1, unit: unit.second }),
    field('onIn', power(0x56), 0x17, { ...word, min: -1, unit: unit.second }),
    field('beeper', power(0x5a), 0x18, { min: 1, max: 3 }),
    // PresentStatus
    collection('logical', power(0x02), [
      flag('charging', battery(0x44)),
      flag('discharging', battery(0x45)),
      flag('acPresent', battery(0xd0)),
      flag('batteryPresent', battery(0xd1)),
      flag('belowCapacityLimit', battery(0x42)),
      flag('timeLimitExpired', battery(0x43)),
      flag('needReplacement', battery(0x4b)),
      flag('fullyCharged', battery(0x46)),
      flag('shutdownImminent', power(0x69)),
      flag('overload', power(0x65)),
    ]),
  ]),
  // Input, Output, PowerConverter, Battery
  collection('physical', power(0x1a), [
    field('nominalInputVoltage', power(0x40), 0x30, { unit: unit.volt, exponent: 7 }),
    field('inputVoltage', power(0x30), 0x31, { ...word, unit: unit.volt, exponent: 7 }),
  ]),
  collection('physical', power(0x1c), [
    field('outputVoltage', power(0x30), 0x33, { ...both, ...word, unit: unit.volt, exponent: 6 }),
  ]),
  collection('physical', power(0x16), [
    field('load', power(0x35), 0x50, both),
    field('nominalPower', power(0x44), 0x52, { ...word, unit: unit.watt, exponent: 7 }),
  ]),
  collection('physical', power(0x12), [
    field('test', power(0x58), 0x40, { max: 6 }),
    field('temperature', power(0x36), 0x41, { ...word, unit: unit.kelvin, exponent: -1 }),
    field('batteryDate', battery(0x85), 0x42, { bits: 16, max: 0x7fff }),
  ]),
]);

type KeyOf<N> = N extends Field<infer Key> ? Key : N extends Collection<infer Key> ? Key : never;
export type FieldKey = KeyOf<typeof upsFields>;
