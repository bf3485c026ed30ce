import { z } from 'zod';

const seconds = (max: number) => z.int().min(0).max(max);

/** When a run starts: at the first of those that are switched on. */
export const triggersSchema = z.strictObject({
  /** Start when runtime left <= plan p90 x factor, and never later than at `floor` seconds left. */
  runtime: z.strictObject({
    enabled: z.boolean().default(true),
    factor: z.number().min(1).max(5).default(1.25),
    floor: seconds(7200).default(180),
  }),
  /** Start when charge falls to this percentage. */
  charge: z.strictObject({ enabled: z.boolean().default(true), percent: z.int().min(1).max(99).default(30) }),
  /** Start after so many seconds on battery. */
  onBattery: z.strictObject({ enabled: z.boolean().default(false), seconds: seconds(7200).default(120) }),
  /** Start when the UPS has said for so many seconds that its battery is low. */
  lowBattery: z.strictObject({ enabled: z.boolean().default(true), lasts: seconds(60).default(5) }).prefault({}),
  /** Start when a NUT primary tells everybody to shut down. */
  forced: z.strictObject({ enabled: z.boolean().default(true) }).prefault({}),
  /** Seconds on battery in which a low runtime or charge starts nothing: on a small battery every flicker would. */
  settle: seconds(300).default(5),
  /** Start when a UPS on battery that never told its runtime has been silent for so many seconds. */
  silent: z.strictObject({ enabled: z.boolean().default(true), seconds: seconds(600).default(15) }).prefault({}),
});
export type Triggers = z.infer<typeof triggersSchema>;

export const defaultTriggers: Triggers = triggersSchema.parse({ runtime: {}, charge: {}, onBattery: {} });
