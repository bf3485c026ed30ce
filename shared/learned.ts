import { z } from 'zod';

const amount = z.number().finite().nullable();

/** One stretch in which a UPS ran from its battery, as it really went. */
export const dischargeSchema = z
  .strictObject({
    /** When it began, ms since the epoch: what tells it from others. */
    at: z.number(),
    seconds: z.number().min(1).max(604_800),
    /** Percent, at its beginning and at its end. */
    fromCharge: z.number().min(0).max(100),
    toCharge: z.number().min(0).max(100),
    /** Percent of the nominal power, the mean over it; null: not told. */
    load: amount,
    /** The runtime that the UPS gave at first and at last, seconds. */
    saidFirst: amount,
    saidLast: amount,
  })
  .refine(({ fromCharge, toCharge }) => toCharge < fromCharge, 'the charge of a discharge falls');
export type Discharge = z.infer<typeof dischargeSchema>;

/** How many discharges of one UPS are kept, the newest. */
export const dischargesKept = 12;

export const learnedSchema = z.strictObject({
  format: z.literal('glidepath-learned'),
  version: z.literal(1),
  upses: z
    .array(
      z.strictObject({ upsId: z.string().min(1).max(200), discharges: z.array(dischargeSchema).max(dischargesKept) }),
    )
    .max(50),
});
export type LearnedFile = z.infer<typeof learnedSchema>;

export const nothingLearned: LearnedFile = { format: 'glidepath-learned', version: 1, upses: [] };
