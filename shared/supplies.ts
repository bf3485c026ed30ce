import { z } from 'zod';
import { idSchema, nameSchema } from './id.ts';
import { addressSchema } from './inventory.ts';

const port = z.int().min(1).max(65535);

/** A upsd. Every UPS that it lists is taken. The password, if it needs one, is in the keychain. */
export const nutServerSchema = z.strictObject({
  id: idSchema,
  kind: z.literal('nut'),
  address: addressSchema,
  port: port.default(3493),
  /** Empty: no login; reading needs none. */
  user: z.string().regex(/^[A-Za-z0-9_.@-]{0,64}$/, 'letters, digits and _.@- only, 64 at most'),
  /** STARTTLS, with a certificate of this SHA-256 fingerprint and no other; null: plain text. */
  certificate: z
    .string()
    .regex(/^SHA256:[0-9a-f]{64}$/)
    .nullable(),
});

/** An apcupsd with its network information server (NIS) switched on. */
export const apcupsdServerSchema = z.strictObject({
  id: idSchema,
  kind: z.literal('apcupsd'),
  address: addressSchema,
  port: port.default(3551),
});

export const upsServerSchema = z.discriminatedUnion('kind', [nutServerSchema, apcupsdServerSchema]);
export type UpsServer = z.infer<typeof upsServerSchema>;
export type NutServer = z.infer<typeof nutServerSchema>;
export type ApcupsdServer = z.infer<typeof apcupsdServerSchema>;

/** A UPS that has been seen once and belongs to the rack: it is missed when it is not there. */
export const knownSupplySchema = z.strictObject({
  id: z.string().min(1).max(200),
  /** What the user calls it; at first what it calls itself. */
  name: nameSchema,
  /** Commands may be sent to it. Only the user switches this on. */
  commandsAllowed: z.boolean(),
  /**
   * It says that the mains are there and that it discharges at once when they fail, as CyberPower's UT series does; most
   * others say that of a self-test or a calibration, which is no outage. Absent: as most others.
   * @see https://github.com/networkupstools/nut/blob/6c63f7745ab5/docs/man/usbhid-ups.txt onlinedischarge_onbattery
   */
  dischargeIsOutage: z.boolean().optional(),
});
export type KnownSupply = z.infer<typeof knownSupplySchema>;

export const suppliesSchema = z.strictObject({
  format: z.literal('glidepath-supplies'),
  version: z.literal(1),
  servers: z.array(upsServerSchema).max(20),
  supplies: z.array(knownSupplySchema).max(50),
});
export type SuppliesFile = z.infer<typeof suppliesSchema>;

export const emptySupplies: SuppliesFile = { format: 'glidepath-supplies', version: 1, servers: [], supplies: [] };
