import { z } from 'zod';
import { faultSchema } from './fault.ts';
import { hostSchema } from './inventory.ts';
import { compiledSchema, shedSchema } from './sequence.ts';
import { type SettingStep, settingStepSchema } from './setting-steps.ts';

const at = z.number();
const step = z.string();
const sentence = z.string().max(2000);
const stepData = z.record(z.string(), z.union([z.string(), z.number(), z.array(z.string()).readonly()]));
/** What a step leaves behind for later ones of the same run, as the guests that were on. */
export type StepData = z.infer<typeof stepData>;

/** Why a run was started. */
export const runCauseSchema = z.enum(['runtime', 'charge', 'on-battery', 'low-battery', 'forced-shutdown', 'by-hand']);
export type RunCause = z.infer<typeof runCauseSchema>;

/**
 * One line of a run's journal. The journal alone must be enough to resume the run and to draw it later,
 * so it begins with the sequence and the hosts as they were. `at` is ms since the epoch.
 */
export const runRecordSchema = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('begun'),
    version: z.literal(3),
    at,
    runId: z.string(),
    cause: runCauseSchema,
    /** Why, with its numbers. */
    why: sentence,
    sequence: compiledSchema,
    hash: z.string(),
    /** Mains returning cancels it before the line and brings things back after it. Not so when begun by hand on mains. */
    followsPower: z.boolean(),
    /** The ids of the UPSes that failed: each of them must say itself that the mains are back. */
    upses: z.array(z.string()).optional(),
    /** Hosts that an earlier run powered off and that have not been brought back: they are not "off before". */
    owed: z.array(z.string()),
    /** Guests that an earlier run shut down and that have not been started again, by the id of their host. */
    owedGuests: z.record(z.string(), z.array(z.string())),
    /** What an earlier run switched on hosts that has not been switched back, with what it takes to do so, by the host's id. */
    owedSettings: z.record(z.string(), z.array(z.strictObject({ kind: settingStepSchema, data: stepData }))).optional(),
    /** Those of the owed hosts that an earlier run had begun to wake, and when (ms): they may be on their way up. */
    waking: z.record(z.string(), z.number()).optional(),
    /** Hosts that were signed in to when it began: found silent later, they were not "off before". */
    met: z.array(z.string()).optional(),
    hosts: z.array(hostSchema),
    /** The hosts that it is for; absent: all. */
    wanted: z.array(z.string()).optional(),
  }),
  /** From now on it is for these hosts, null: for all. Steps of others that have not begun are held back. */
  z.strictObject({
    type: z.literal('wanted'),
    at,
    hosts: z.array(z.string()).nullable(),
    /** The ids of UPSes that failed since: each of them, too, must say itself that the mains are back. */
    upses: z.array(z.string()).optional(),
    why: sentence,
  }),
  /** The battery will not last for everything: from now on this is given up. */
  z.strictObject({ type: z.literal('shed'), at, measure: shedSchema, why: sentence }),
  /** The process that writes has been started again. */
  z.strictObject({ type: z.literal('resumed'), at, why: sentence }),
  z.strictObject({ type: z.literal('step-started'), at, step }),
  /** On disk before the act is sent, with what the look before it found. */
  z.strictObject({ type: z.literal('intent'), at, step, attempt: z.int(), data: stepData }),
  /** The other side took it. */
  z.strictObject({ type: z.literal('accepted'), at, step, attempt: z.int(), data: stepData }),
  z.strictObject({
    type: z.literal('step-ended'),
    at,
    step,
    result: z.enum(['done', 'already', 'failed', 'skipped']),
    /** What proves it; empty when it failed or was skipped. */
    proof: sentence,
    fault: faultSchema.nullable(),
    data: stepData,
  }),
  /** What it began would have gone on by itself, as the countdown of a UPS, and was called off. */
  z.strictObject({ type: z.literal('taken-back'), at, step, proof: sentence }),
  /** The first step behind the line is about to begin. */
  z.strictObject({ type: z.literal('no-return'), at }),
  /** The power changed, or a decision was made: one sentence. */
  z.strictObject({ type: z.literal('note'), at, sentence }),
  /** Nothing more is begun; what was sent is followed to its end. */
  z.strictObject({ type: z.literal('cancelled'), at, why: sentence }),
  z.strictObject({ type: z.literal('down-ended'), at, result: z.enum(['done', 'failed', 'cancelled']), why: sentence }),
  z.strictObject({ type: z.literal('return-begun'), at, why: sentence }),
  z.strictObject({
    type: z.literal('ended'),
    at,
    result: z.enum(['done', 'failed', 'cancelled']),
    /** The user ended it, and wants nothing more brought back. */
    byHand: z.boolean(),
    why: sentence,
  }),
]);
/** A setting that a run switched and that was not switched back. */
export type OwedSetting = { kind: SettingStep; data: StepData };

export type RunRecord = z.infer<typeof runRecordSchema>;
