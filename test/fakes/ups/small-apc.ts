import type { ModelField, UpsModel } from './model.ts';

// Report descriptor items: HID 1.11 section 6.2.2.
const descriptor = `
  05 84  09 04  a1 01                  ; Power Device, UPS, application
    09 24  a1 00                         ; PowerSummary
      85 0c  15 00  25 64  75 08  95 01    ; report 0x0c, 0..100, 8 bits
        05 85  09 66  81 a2  09 66  b1 a2    ; RemainingCapacity, input and feature
        27 ff ff 00 00  75 10  66 01 10      ; 0..65535, 16 bits, second
        09 68  81 a2  09 68  b1 a2           ; RunTimeToEmpty
      85 15  65 00                         ; report 0x15
        16 ff ff  26 ff 7f                   ; -1..32767
        05 84  09 57  b1 a2                  ; DelayBeforeShutdown, feature
      85 09  67 21 d1 f0 00  55 05         ; report 0x09, volt, 0.01
        15 00  27 ff ff 00 00  09 30  b1 a2  ; Voltage (of the battery), feature
      65 00  55 00
      09 02  a1 02                         ; PresentStatus
        85 16  25 01  75 01                  ; report 0x16, flags of 1 bit
        05 85
        09 44  81 a2  09 44  b1 a2             ; Charging
        09 45  81 a2  09 45  b1 a2             ; Discharging
        09 d0  81 a2  09 d0  b1 a2             ; ACPresent
        09 d1  81 a2  09 d1  b1 a2             ; BatteryPresent
        09 42  81 a2  09 42  b1 a2             ; BelowRemainingCapacityLimit
        05 84
        09 69  81 a2  09 69  b1 a2             ; ShutdownImminent
        05 85
        09 4b  81 a2  09 4b  b1 a2             ; NeedReplacement
        05 84
        09 65  81 a2  09 65  b1 a2             ; Overload
      c0
    c0
    09 1a  a1 00                         ; Input
      85 31  75 10  27 ff ff 00 00         ; report 0x31, 16 bits
        67 21 d1 f0 00  55 07                ; volt
        09 30  b1 a2                         ; Voltage, feature
    c0
    09 16  a1 00                         ; PowerConverter
      85 50  75 08  25 64  65 00  55 00    ; report 0x50, 0..100
        09 35  b1 a2                         ; PercentLoad, feature
    c0
  c0
`;

const flags = [
  'Charging',
  'Discharging',
  'ACPresent',
  'BatteryPresent',
  'BelowRemainingCapacityLimit',
  'ShutdownImminent',
  'NeedReplacement',
  'Overload',
];

const both = (field: Omit<ModelField, 'type'>): ModelField[] => [
  { ...field, type: 'Input' },
  { ...field, type: 'Feature' },
];
const feature = (field: Omit<ModelField, 'type'>): ModelField => ({ ...field, type: 'Feature' });

/** A small UPS with the report ids of an APC Back-UPS: on mains, full, 3600 s, 230 V, a load of 20 %. */
export const smallApc: UpsModel = {
  vendorId: 0x051d,
  productId: 0x0002,
  manufacturer: 'American Power Conversion',
  product: 'Back-UPS Fake 700',
  descriptor: Buffer.from(descriptor.replaceAll(/;.*|\s/g, ''), 'hex'),
  fields: [
    ...both({ name: 'RemainingCapacity', reportId: 0x0c, offset: 0, size: 8 }),
    ...both({ name: 'RunTimeToEmpty', reportId: 0x0c, offset: 8, size: 16 }),
    feature({ name: 'DelayBeforeShutdown', reportId: 0x15, offset: 0, size: 16 }),
    feature({ name: 'Voltage', reportId: 0x31, offset: 0, size: 16 }),
    feature({ name: 'PercentLoad', reportId: 0x50, offset: 0, size: 8 }),
    ...flags.flatMap((name, offset) => both({ name, reportId: 0x16, offset, size: 1 })),
  ],
  reports: new Map([
    [0x0c, Buffer.from([100, 0x10, 0x0e])],
    [0x15, Buffer.from([0xff, 0xff])],
    [0x09, Buffer.from([0x3f, 0x05])],
    [0x16, Buffer.from([0b0000_1100])],
    [0x31, Buffer.from([230, 0])],
    [0x50, Buffer.from([20])],
  ]),
  inputs: new Map([
    [0x0c, 3],
    [0x16, 1],
  ]),
  timerUnit: 1,
};
