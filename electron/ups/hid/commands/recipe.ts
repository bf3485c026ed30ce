import type { Offer } from '../../../../shared/ups-command.ts';
import type { HidField } from '../report-descriptor.ts';

/** What reading back must show for a write to count as taken. `seconds` decodes a raw value; null: no countdown. */
export type Proof =
  | { kind: 'same' }
  /** It counts down from about so many seconds. A longer time is taken for what it is, a shorter one is a refusal. */
  | { kind: 'counting'; from: number; seconds: (raw: number) => number | null }
  /** It does not count down. `steady`: at none of the looks, not at the first alone. */
  | { kind: 'idle'; seconds: (raw: number) => number | null; steady: boolean }
  /** 5 while it runs. Some show at once how it ended. */
  | { kind: 'testing' }
  | { kind: 'not-testing' };

export interface Write {
  field: HidField;
  /** As sent. */
  raw: number;
  proof: Proof;
}

/** One command of one device: what is offered, and how it is written. */
export interface Recipe extends Offer {
  /** Must not be 0, or the unit refuses: read before anything is written. */
  readonly switchable: HidField | null;
  /** In this order, each read back before the next. `delay`: seconds, one that the offer allows. */
  writes(delay: number): Write[];
  /** What the UPS does then, one sentence. `delay`: seconds as read back. */
  says(delay: number): string;
}

/** What the recipes of a device are made from. */
export interface Device {
  fields: readonly HidField[];
  product: string;
}
