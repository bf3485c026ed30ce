import { z } from 'zod';

const amount = z.number().finite().nullable();

/** What is kept of one UPS for one stretch of time. Amounts are the last ones in it; a gap in the points is a gap in what is known. */
export const historyPointSchema = z.strictObject({
  /** Its beginning, ms since the epoch. */
  at: z.number(),
  /** It ran from its battery at some moment of it. */
  onBattery: z.boolean(),
  charge: amount,
  runtime: amount,
  load: amount,
  inputVoltage: amount,
});
export type HistoryPoint = z.infer<typeof historyPointSchema>;

/** Points that are given for any time at most: as many stretches of equal length it is divided into. */
export const mostPoints = 800;
/** Ms from one point to the next at most while a UPS is read, and while it runs from its battery. */
export const slowestPace = 300_000;
export const batteryPace = 5000;

export const powerEventKinds = [
  'power-lost',
  'power-back',
  'battery-low',
  'contact-lost',
  'contact-back',
  'replace-battery',
  'overload',
  'bypass',
  'output-off',
  'test-started',
  'test-ended',
  'forced-shutdown',
  'command-sent',
] as const;

/** Something that happened to a UPS, in one sentence with its numbers. */
export const powerEventSchema = z.strictObject({
  at: z.number(),
  upsId: z.string().min(1).max(200),
  /** The UPS's name by then. */
  upsName: z.string().max(200),
  kind: z.enum(powerEventKinds),
  sentence: z.string().max(500),
});
export type PowerEvent = z.infer<typeof powerEventSchema>;
