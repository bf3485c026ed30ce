import { z } from 'zod';

/** How long one step of a run took, once. A rehearsal teaches nothing: nothing is done in it. */
export const durationSampleSchema = z.strictObject({
  /** The step kind. */
  kind: z.string().max(40),
  /** The id of its host; null for kinds that have none. */
  hostId: z.string().max(64).nullable(),
  /** The step that the user made, for kinds of which two on one host are different jobs; absent: the kind says it all. */
  job: z.string().max(64).optional(),
  /** How many guests it was about; null: the kind has none. */
  guests: z.int().min(0).nullable(),
  /** From its begin to its proof. */
  seconds: z.number().min(0).max(86_400),
  /** Ms since the epoch. */
  at: z.number(),
});
export type DurationSample = z.infer<typeof durationSampleSchema>;

/** Samples kept for each kind and host, and each job: the newest. */
export const samplesKept = 30;

export const durationsSchema = z.strictObject({
  format: z.literal('glidepath-durations'),
  version: z.literal(1),
  samples: z.array(durationSampleSchema).max(20_000),
});
export type DurationsFile = z.infer<typeof durationsSchema>;

/** What a step is expected to take, in seconds. */
export interface Expected {
  p50: number;
  p90: number;
  /** How many samples it rests on; 0: the default of its kind. */
  samples: number;
}
