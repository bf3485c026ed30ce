import { z } from 'zod';
import { faultSchema } from './fault.ts';
import { hostKinds } from './platforms.ts';

/** `ready`: it was tried and works. `fails`: it would not work. `cannot-check`: nothing that changes nothing can tell. */
export const verdictSchema = z.enum(['ready', 'fails', 'cannot-check']);
export type RehearsalVerdict = z.infer<typeof verdictSchema>;

/** What is looked at before a step would act. */
export const checkNames = ['reach', 'host-key', 'login', 'privilege', 'guests', 'tools', 'mac', 'time'] as const;

/** One look at one thing that a step needs. */
export const checkSchema = z.strictObject({
  what: z.enum(checkNames),
  verdict: verdictSchema,
  /** What was seen, or why it cannot be told; one sentence. */
  detail: z.string().max(2000),
  /** Set when it fails. */
  fault: faultSchema.nullable(),
  /** Milliseconds that the look took; null: not measured. */
  ms: z.number().min(0).nullable(),
  /** By name, the guests that the step is for, if it is for any. */
  guests: z.array(z.string().max(300)).max(10_000).optional(),
});
export type Check = z.infer<typeof checkSchema>;

export const rehearsedStepSchema = z.strictObject({
  /** Of the compiled sequence. */
  stepId: z.string(),
  stageId: z.string(),
  phase: z.enum(['down', 'return']),
  kind: z.string(),
  hostId: z.string().nullable(),
  hostName: z.string(),
  hostKind: z.enum(hostKinds).nullable(),
  /** What it would do, in words, as "systemctl poweroff". */
  would: z.string().max(2000),
  /** The worst of its checks: `fails`, then `cannot-check`, then `ready`. */
  verdict: verdictSchema,
  checks: z.array(checkSchema),
  /** By name, the guests that the step was not for in the last rehearsal before; absent: none, or there was no such one. */
  newGuests: z.array(z.string().max(300)).max(10_000).optional(),
  /** Seconds that it is expected to take: usually, and at most in nine of ten. */
  p50: z.number().min(0),
  p90: z.number().min(0),
});
export type RehearsedStep = z.infer<typeof rehearsedStepSchema>;

/** The report of one rehearsal: every step's act replaced by looks, nothing switched off. */
export const rehearsalSchema = z.strictObject({
  format: z.literal('glidepath-rehearsal'),
  version: z.literal(1),
  id: z.string(),
  /** Ms since the epoch. */
  begunAt: z.number(),
  endedAt: z.number(),
  cause: z.enum(['by-hand', 'schedule']),
  sequenceId: z.string(),
  sequenceName: z.string(),
  /** Of the sequence, and of the hosts that it is aimed at: edited since is a fact. */
  hash: z.string(),
  hostsHash: z.string(),
  /** Broken off: by hand, or because the power failed; null: it went to its end. */
  brokenOff: z.string().nullable(),
  steps: z.array(rehearsedStepSchema),
  /** Seconds on the critical path going down. */
  needs: z.strictObject({ p50: z.number(), p90: z.number() }),
  /** Seconds of battery on which the plan could count then; null: not known. */
  runtimeLeft: z.number().nullable(),
});
export type Rehearsal = z.infer<typeof rehearsalSchema>;

/** The worst verdict of several; without any nothing could be checked. */
export function worstVerdict(verdicts: readonly RehearsalVerdict[]): RehearsalVerdict {
  if (verdicts.includes('fails')) return 'fails';
  return verdicts.length === 0 || verdicts.includes('cannot-check') ? 'cannot-check' : 'ready';
}
