import { z } from 'zod';
import { faultSchema } from '../../shared/fault.ts';
import type { SliceName, Slices } from '../../shared/view.ts';
import { whoSchema } from './who.ts';

/**
 * What is said on the socket: JSON, one object a line. The controller says `hello` to whoever connects; asked for
 * `snapshot` it gives everything and from then on what changes, in whole slices. Nothing else can be asked: the socket
 * shows, it commands nothing.
 */
export const controlVersion = 1;

/** Bytes of one line that a controller takes from a client. */
export const mostAsked = 200;
/** Bytes of one line that a client takes from a controller. */
export const mostTold = 64 * 1024 * 1024;

export const askSchema = z.strictObject({ ask: z.literal('snapshot') });

/** Every slice, so that one that is missing does not compile. */
const sliceNames: { readonly [N in SliceName]: true } = {
  status: true,
  plan: true,
  run: true,
  runs: true,
  hosts: true,
  supplies: true,
  events: true,
  decisions: true,
  rehearsals: true,
  channels: true,
  controller: true,
  settings: true,
};
const names = Object.keys(sliceNames) as SliceName[];

/** Both sides are the same release and the same user, so what is in a slice is as it was sent. */
const isSlices = (value: unknown): value is Partial<Slices> =>
  typeof value === 'object' && value !== null && Object.keys(value).every((name) => Object.hasOwn(sliceNames, name));
const isWhole = (value: unknown): value is Slices =>
  isSlices(value) && names.every((name) => Object.hasOwn(value, name));

export const helloSchema = z.object({
  type: z.literal('hello'),
  format: z.literal('glidepath-control'),
  version: z.int(),
  /** Of Glidepath: what the slices hold belongs to it. */
  release: z.string().max(100),
  who: whoSchema,
});
export type Hello = z.infer<typeof helloSchema>;

export const toldSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('snapshot'), slices: z.custom<Slices>(isWhole) }),
  z.strictObject({ type: z.literal('push'), slices: z.custom<Partial<Slices>>(isSlices) }),
  /** The last line of this connection. */
  z.strictObject({ type: z.literal('refused'), fault: faultSchema }),
]);
export type Told = z.infer<typeof toldSchema>;

/** undefined: it is no JSON. */
export function parseLine(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
