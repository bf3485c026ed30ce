import { z } from 'zod';
import { FaultError } from '../../../shared/fault.ts';
import { nameSchema } from '../../../shared/id.ts';

const percent = z.number().min(0).max(100);
/** Seconds after the start. */
const at = z
  .number()
  .min(0)
  .max(30 * 86_400);

export const simulatedFlags = ['needReplacement', 'overload', 'batteryPresent', 'bypass', 'forcedShutdown'] as const;

const eventSchema = z.discriminatedUnion('do', [
  z.strictObject({ at, do: z.literal('cut') }),
  z.strictObject({ at, do: z.literal('restore') }),
  /** Percent of the nominal power; more than 100 is an overload. */
  z.strictObject({ at, do: z.literal('load'), value: z.number().min(0).max(200) }),
  z.strictObject({ at, do: z.literal('charge'), value: percent }),
  /** It says nothing more, without being gone. */
  z.strictObject({ at, do: z.literal('silent') }),
  z.strictObject({ at, do: z.literal('answer') }),
  /** It says the same for ever, as some do in a deep test; `answer` ends it. */
  z.strictObject({ at, do: z.literal('freeze') }),
  /** One report of zeros, as some send now and then. */
  z.strictObject({ at, do: z.literal('zeros') }),
  z.strictObject({ at, do: z.literal('unplug') }),
  z.strictObject({ at, do: z.literal('replug') }),
  z.strictObject({ at, do: z.literal('self-test'), value: z.enum(['quick', 'deep']).default('quick') }),
  z.strictObject({ at, do: z.literal('flag'), flag: z.enum(simulatedFlags), value: z.boolean() }),
]);
export type SimulatedEvent = z.infer<typeof eventSchema>;

/** A small file that says what a simulated UPS is and what happens to it. */
export const simulatedScriptSchema = z.strictObject({
  format: z.literal('glidepath-simulated-ups'),
  version: z.literal(1),
  name: nameSchema,
  /** Watts. */
  nominalPower: z.number().min(1).max(1_000_000).default(900),
  /** Seconds that the full battery carries half load. */
  halfLoadRuntime: z.number().min(1).max(604_800).default(1800),
  charge: percent.default(100),
  load: z.number().min(0).max(200).default(35),
  timeline: z.array(eventSchema).max(1000).default([]),
});
export type SimulatedScript = z.infer<typeof simulatedScriptSchema>;

/**
 * @param where the file, for the fault
 * @throws FaultError `file-broken` with the place in it
 */
export function parseSimulatedScript(text: string, where: string): SimulatedScript {
  const broken = (what: string) =>
    new FaultError({ code: 'file-broken', what, where, remedy: 'Correct the file in a text editor.' });
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw broken(`It is not JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
  const result = simulatedScriptSchema.safeParse(value);
  if (result.success) return result.data;
  const [first] = result.error.issues;
  throw broken(`${first?.path.map(String).join('.') || 'the whole file'}: ${first?.message ?? 'invalid'}`);
}

/** A small tower: what is in a home lab. */
export const towerScript: SimulatedScript = simulatedScriptSchema.parse({
  format: 'glidepath-simulated-ups',
  version: 1,
  name: 'Simulated UPS',
});
