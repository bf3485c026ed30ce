import { z } from 'zod';

export const decisionKinds = [
  'nothing', // on mains, or nothing that concerns the plan
  'held-back', // an outage, and a run would not start yet, or not at all
  'postponed',
  'not-armed', // a run would have started
  'started',
  'widened', // a run that goes on takes in more hosts
  'narrowed', // the power of some of its hosts is back
  'shed', // the battery will not last: something is given up
  'cancelled',
  'return-waits',
  'return-begun',
  'return-halted',
] as const;
export type DecisionKind = (typeof decisionKinds)[number];

/** One decision: what, and why in one sentence with its numbers. Kept in decisions.jsonl, whether a run came of it or not. */
export const decisionSchema = z.strictObject({
  /** Ms since the epoch. */
  at: z.number(),
  kind: z.enum(decisionKinds),
  sentence: z.string().max(2000),
  /** The run that it is about; null: none. */
  runId: z.string().nullable(),
});
export type Decision = z.infer<typeof decisionSchema>;
