/** Unit codes of report descriptors. @see https://www.usb.org/sites/default/files/hid1_11.pdf section 6.2.2.7 */
export const unitCode = {
  volt: 0x00f0_d121,
  /** Also volt-ampere. */
  watt: 0x0000_d121,
  ampere: 0x0010_0001,
  second: 0x0000_1001,
  hertz: 0x0000_f001,
  kelvin: 0x0001_0001,
  ampereSecond: 0x0010_1001,
} as const;
