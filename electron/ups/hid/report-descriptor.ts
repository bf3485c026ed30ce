/** What a report descriptor says, ready for use. @see https://www.usb.org/sites/default/files/hid1_11.pdf section 6.2.2 */
export interface ReportDescriptor {
  /** In the order of the descriptor. Padding (items without a usage) is not a field. */
  fields: readonly HidField[];
  /** The outermost collections. */
  collections: readonly HidCollection[];
  reports: readonly HidReport[];
}

export type ReportKind = 'input' | 'output' | 'feature';

export interface HidReport {
  kind: ReportKind;
  /** 0 when the device numbers no reports. */
  id: number;
  /** Bytes after the id byte, padding included. */
  bytes: number;
}

export interface HidCollection {
  /** `page << 16 | id`; null for a collection without a usage. */
  usage: number | null;
  /** Type byte: 0 physical, 1 application, 2 logical, 0x80.. vendor. */
  type: number;
  /**
   * Eaton and its relatives number equal collections by the vendor-defined type byte: `a1 81` is [1].
   * @see https://github.com/networkupstools/nut/blob/6c63f7745ab5/drivers/hidparser.c
   */
  index: number | null;
}

/** Usages from `first` to `last`, both included. */
export interface UsageRange {
  first: number;
  last: number;
}

/** One value in one report. */
export interface HidField {
  kind: ReportKind;
  reportId: number;
  /** Bits after the report id byte. */
  offset: number;
  /** Bits. */
  size: number;
  /** `page << 16 | id`. For an array slot only a name: which usage it stands for, its value says. */
  usage: number;
  /** For an array slot the usages that its value selects from, `logicalMin` standing for the first; empty for a variable. */
  selects: readonly UsageRange[];
  /** Collections around it, outermost first. */
  path: readonly HidCollection[];
  /** The host may not write it. */
  constant: boolean;
  logicalMin: number;
  /** Already repaired where the firmware wrote it too short. */
  logicalMax: number;
  /** Null when the descriptor gives none. */
  physicalMin: number | null;
  physicalMax: number | null;
  /** Unit code, all 32 bits. */
  unit: number;
  /** -8..7. */
  unitExponent: number;
}
