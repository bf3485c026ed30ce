import { z } from 'zod';
import { faultSchema } from '../../../shared/fault.ts';
import { readingSchema, upsSchema } from '../../../shared/reading.ts';

/** What the worker process is told. */
export const workerCommandSchema = z.discriminatedUnion('type', [
  /** Starts looking for UPSes, `quietMs` from now: what a worker before this one had open must be left alone for a while. */
  z.strictObject({ type: z.literal('begin'), quietMs: z.number().min(0) }),
  /** Polls at the faster pace of an outage, or at the calm one. */
  z.strictObject({ type: z.literal('hurry'), onBattery: z.boolean() }),
  /** Closes everything and exits. */
  z.strictObject({ type: z.literal('stop') }),
]);
export type WorkerCommand = z.infer<typeof workerCommandSchema>;

/** What the worker process tells. */
export const workerMessageSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('found'), ups: upsSchema }),
  z.strictObject({ type: z.literal('reading'), reading: readingSchema, fresh: z.enum(['poll', 'interrupt']) }),
  z.strictObject({ type: z.literal('lost'), upsId: z.string(), fault: faultSchema }),
  z.strictObject({ type: z.literal('trouble'), fault: faultSchema.nullable() }),
  /** Every second: its event loop turns. */
  z.strictObject({ type: z.literal('heartbeat') }),
]);
export type WorkerMessage = z.infer<typeof workerMessageSchema>;
