import { z } from 'zod';
import { faultSchema } from '../../../shared/fault.ts';
import { detailSchema, readingSchema, upsSchema } from '../../../shared/reading.ts';
import { orderSchema } from '../../../shared/ups-command.ts';

const request = z.int().min(1);
const upsId = z.string().min(1).max(200);
const reportId = z.int().min(0).max(255);
/** Bytes; two lower-case digits each on the way between the processes. */
const bytes = z
  .string()
  .regex(/^([0-9a-f]{2})*$/)
  .transform((hex) => Uint8Array.from(Buffer.from(hex, 'hex')));
const hex4 = z.string().regex(/^[0-9a-f]{4}$/);
/** Without the id byte. */
const report = z.strictObject({ id: reportId, bytes });

/** All that a device says, undecoded: what a report of a new model needs. */
export const rawDumpSchema = z.strictObject({
  vendorId: hex4,
  productId: hex4,
  descriptor: bytes,
  /** Every feature report of the UPS, asked for just now. */
  features: z.array(report),
  /** The last of each input report that has come since it was opened. */
  inputs: z.array(report),
  /** The feature reports that were not answered, and why. */
  failed: z.array(z.strictObject({ id: reportId, why: z.string() })),
});
export type RawDump = z.output<typeof rawDumpSchema>;
/** As it crosses between the processes. */
export type HexDump = z.input<typeof rawDumpSchema>;

/** What the worker process is told. */
export const workerCommandSchema = z.discriminatedUnion('type', [
  /** Starts looking for UPSes, `quietMs` from now: what a worker before this one had open must be left alone for a while. */
  z.strictObject({ type: z.literal('begin'), quietMs: z.number().min(0) }),
  /** Polls at the faster pace of an outage, or at the calm one. */
  z.strictObject({ type: z.literal('hurry'), onBattery: z.boolean() }),
  /** Each `request` is answered once, by `answer` or `refused`. */
  z.strictObject({ type: z.literal('command'), request, upsId, order: orderSchema }),
  z.strictObject({ type: z.literal('details'), request, upsId }),
  z.strictObject({ type: z.literal('dump'), request, upsId }),
  /** Closes everything and exits. */
  z.strictObject({ type: z.literal('stop') }),
]);
export type WorkerCommand = z.infer<typeof workerCommandSchema>;

export const workerAnswerSchema = z.discriminatedUnion('to', [
  z.strictObject({ to: z.literal('command'), sentence: z.string().max(500) }),
  z.strictObject({ to: z.literal('details'), details: z.array(detailSchema) }),
  z.strictObject({ to: z.literal('dump'), dump: rawDumpSchema }),
]);
/** As sent. */
export type WorkerAnswer = z.input<typeof workerAnswerSchema>;
/** As taken. */
export type TakenAnswer = z.output<typeof workerAnswerSchema>;

/** What the worker process tells. */
export const workerMessageSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('found'), ups: upsSchema }),
  z.strictObject({ type: z.literal('reading'), reading: readingSchema, fresh: z.enum(['poll', 'interrupt', 'none']) }),
  z.strictObject({ type: z.literal('lost'), upsId: z.string(), fault: faultSchema }),
  z.strictObject({ type: z.literal('trouble'), fault: faultSchema.nullable() }),
  z.strictObject({ type: z.literal('answer'), request, answer: workerAnswerSchema }),
  z.strictObject({ type: z.literal('refused'), request, fault: faultSchema }),
  /** Every second: its event loop turns. */
  z.strictObject({ type: z.literal('heartbeat') }),
]);
/** As sent. */
export type WorkerMessage = z.input<typeof workerMessageSchema>;
/** As taken. */
export type TakenMessage = z.output<typeof workerMessageSchema>;
