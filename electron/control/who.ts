import { z } from 'zod';

/** The process that controls a data folder: the one that decides, runs and writes there. */
export const whoSchema = z.strictObject({
  pid: z.int().min(1),
  /** Since when, ms since the epoch. */
  since: z.number(),
  kind: z.enum(['app', 'daemon']),
});
export type Who = z.infer<typeof whoSchema>;

/** What stands in the lock file. It informs only: what counts is the lock that the kernel holds on it. */
export const noteSchema = z.strictObject({ who: whoSchema, socket: z.string().max(1000) });
export type Note = z.infer<typeof noteSchema>;
