import { z } from 'zod';
import { hostKinds } from './platforms.ts';

export const parameterName = z.string().regex(/^[a-z][a-z0-9-]{0,31}$/, 'small letters, digits and "-", 32 at most');

/** Texts are single words of letters that no shell acts on, since they may stand in a command. */
export const parameterValue = z.union([
  z.boolean(),
  z.number(),
  z
    .string()
    .max(200)
    .regex(/^[\w@%+=:,./-]*$/, 'letters, digits and @ % + = : , . / _ - only'),
]);
export type ParameterValue = z.infer<typeof parameterValue>;

/** What must hold for a step or a stage to be done, looked at when it could begin. */
export const conditionSchema = z.discriminatedUnion('is', [
  /** How many UPSes have failed, against the sequence's fault tolerance. */
  z.strictObject({ is: z.literal('within-tolerance') }),
  z.strictObject({ is: z.literal('beyond-tolerance') }),
  /** At least so many UPSes have failed. */
  z.strictObject({ is: z.literal('failed-upses'), atLeast: z.int().min(1).max(8) }),
  /** The step's host is of this kind. */
  z.strictObject({ is: z.literal('host-kind'), kind: z.enum(hostKinds) }),
  z.strictObject({ is: z.literal('parameter'), name: parameterName, equals: parameterValue }),
]);
export type Condition = z.infer<typeof conditionSchema>;
