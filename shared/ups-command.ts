import { z } from 'zod';

/**
 * What a UPS can be told, by NUT's names.
 * @see https://networkupstools.org/docs/user-manual.chunked/apcs03.html
 */
export const upsCommands = [
  'shutdown.return', // off after a delay, on again when the mains are back
  'shutdown.stayoff', // off after a delay, and off it stays
  'shutdown.stop', // stops the countdown of either
  'beeper.enable',
  'beeper.disable',
  'beeper.mute',
  'test.battery.start.quick',
  'test.battery.start.deep',
  'test.battery.stop',
] as const;
export const upsCommandSchema = z.enum(upsCommands);
export type UpsCommand = z.infer<typeof upsCommandSchema>;

const seconds = z
  .int()
  .min(0)
  .max(7 * 86_400);

/** Which delays a device really keeps, seconds. */
export const delaySchema = z.discriminatedUnion('kind', [
  /** Any multiple of `step` between the two; others are rounded as the device does it. */
  z.strictObject({
    kind: z.literal('steps'),
    min: seconds,
    max: seconds,
    step: z.int().min(1),
    round: z.enum(['down', 'up']),
  }),
  /** These and no others, rising: the next longer one is taken. */
  z.strictObject({ kind: z.literal('choices'), seconds: z.array(seconds).min(1).max(64) }),
]);
export type Delay = z.infer<typeof delaySchema>;

/** One command that a UPS takes. */
export const offerSchema = z.strictObject({
  command: upsCommandSchema,
  /** null: it takes none. */
  delay: delaySchema.nullable(),
  /** What is particular about it on this device, one sentence for people; empty: nothing. */
  note: z.string().max(300),
});
export type Offer = z.infer<typeof offerSchema>;

/** The number of a group of outlets, as the UPS counts them. */
export const outletSchema = z.int().min(1).max(16);

/** A group of outlets that can be turned off alone. */
export const outletGroupSchema = z.strictObject({
  number: outletSchema,
  /** As the UPS calls it; empty: not told. */
  name: z.string().max(200),
  offers: z.array(offerSchema).max(3),
});
export type OutletGroup = z.infer<typeof outletGroupSchema>;

/** What a UPS takes. `outletGroups`: those of its groups that can be turned off alone; absent: none. */
export interface Offered {
  offers: readonly Offer[];
  outletGroups?: readonly OutletGroup[] | undefined;
}

/** What can be told to one group of outlets, or with null to all of the UPS. */
export const offersTo = ({ offers, outletGroups = [] }: Offered, outlet: number | null): readonly Offer[] =>
  outlet === null ? offers : (outletGroups.find(({ number }) => number === outlet)?.offers ?? []);

/** "Rack", "Rack (outlet group 2)": what is told something, for people. */
export const withOutlet = (ups: string, outlet: number | null): string =>
  outlet === null ? ups : `${ups} (outlet group ${outlet})`;

/** A command as the user gives it. `delay`: seconds, only for a command that takes one. */
export const orderSchema = z.strictObject({ command: upsCommandSchema, delay: seconds.nullable() });

/** A command as it is given. `outlet`: to that group of outlets alone; absent: to all of the UPS. */
export type Order = z.infer<typeof orderSchema> & { outlet?: number };

/** The delay in seconds that the device will really keep when told `wanted`. Never shorter than its least. */
export function realDelay(delay: Delay, wanted: number): number {
  if (delay.kind === 'choices') return delay.seconds.find((each) => each >= wanted) ?? (delay.seconds.at(-1) as number);
  const round = delay.round === 'up' ? Math.ceil : Math.floor;
  return Math.min(delay.max, Math.max(delay.min, round(wanted / delay.step) * delay.step));
}

/** The shortest delay that the device really keeps and that is no shorter than `wanted`, seconds; null: it has none. */
export function delayOfAtLeast(delay: Delay, wanted: number): number | null {
  const kept = realDelay(delay.kind === 'steps' ? { ...delay, round: 'up' } : delay, wanted);
  return kept >= wanted ? kept : null;
}

/** These take the power away from what hangs on the UPS. */
export const cutsPower = (command: UpsCommand): boolean =>
  command === 'shutdown.return' || command === 'shutdown.stayoff';
