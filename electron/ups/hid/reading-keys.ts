import type { Reading } from '../../../shared/reading.ts';

type KeysOf<T> = { [K in keyof Reading]: Reading[K] extends T | null ? K : never }[keyof Reading];

/** What a NUT server alone can tell. */
type Foreign = 'forcedShutdown';

/** Entries of a reading that a HID device can tell, by what they are. */
export type FlagKey = Exclude<KeysOf<boolean>, Foreign>;
export type AmountKey = Exclude<KeysOf<number>, 'at'>;
export type WordKey = 'testResult' | 'beeper';
export type DateKey = 'manufactureDate' | 'batteryDate';
export type ReadingKey = FlagKey | AmountKey | WordKey | DateKey;
