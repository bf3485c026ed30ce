/** Where one value is in a fake UPS's reports; `name` is the last part of its path. */
export interface ModelField {
  name: string;
  type: 'Input' | 'Feature';
  reportId: number;
  /** Bits after the report id byte. */
  offset: number;
  size: number;
}

/** All that makes up one make of UPS. Kept apart from our parser, which it tests. */
export interface UpsModel {
  vendorId: number;
  productId: number;
  manufacturer: string;
  product: string;
  descriptor: Buffer;
  fields: readonly ModelField[];
  /** Payload by report id, without the id byte; reports that are not here stall. */
  reports: ReadonlyMap<number, Buffer>;
  /** Payload bytes of each input report. */
  inputs: ReadonlyMap<number, number>;
  /** Seconds that one count of its timers (DelayBeforeShutdown, DelayBeforeStartup) stands for. */
  timerUnit: number;
}
