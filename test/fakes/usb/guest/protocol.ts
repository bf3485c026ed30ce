import { z } from 'zod';

// What goes over the virtual machine's serial port, JSON by the line.

export type Request =
  /** A line for the shell; answered with what it printed. */
  | { op: 'shell'; line: string }
  /** Starts a program; answered with its process id, then told line by line. */
  | { op: 'start'; name: string; argv: readonly string[] }
  /** SIGTERM. */
  | { op: 'end'; name: string }
  /** From now on tells all variables of that UPS of upsd, whenever one has changed. */
  | { op: 'watch-nut'; ups: string; everyMs: number }
  | { op: 'power-off' };

export const fromGuestSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('ready'), uptime: z.number(), node: z.string(), kernel: z.string() }),
  z.strictObject({ type: z.literal('answer'), id: z.number(), text: z.string(), failed: z.boolean() }),
  z.strictObject({ type: z.literal('line'), name: z.string(), line: z.string() }),
  z.strictObject({ type: z.literal('ended'), name: z.string(), how: z.string() }),
  z.strictObject({ type: z.literal('nut'), variables: z.record(z.string(), z.string()) }),
]);
export type FromGuest = z.infer<typeof fromGuestSchema>;
