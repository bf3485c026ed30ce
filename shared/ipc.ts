import { z } from 'zod';
import { channelSchema } from './channels.ts';
import type { Fault } from './fault.ts';
import type { HistoryPoint } from './history.ts';
import { idSchema } from './id.ts';
import { addressSchema, type HostKey, hostKeySchema, hostSchema, keyOwners } from './inventory.ts';
import type { Detail } from './reading.ts';
import type { Rehearsal } from './rehearsal.ts';
import type { RunView } from './run.ts';
import { secretSlots } from './secret-slot.ts';
import { sequenceSchema } from './sequence.ts';
import { knownSupplySchema, upsServerSchema } from './supplies.ts';
import { orderSchema } from './ups-command.ts';
import type { CheckedPlan, SimulationView, SliceName, Slices } from './view.ts';

/** The two channels. Nothing else crosses between window and main process. */
export const requestChannel = 'glidepath:request';
export const pushChannel = 'glidepath:push';

const nothing = z.strictObject({});
/** Whose key it is: the host's own, or that of its management controller. */
const keyOwner = z.enum(keyOwners).default('host');
const upsId = z.string().min(1).max(200);
/** Ms since the epoch, in years that have four digits. */
const moment = z
  .number()
  .min(0)
  .max(Date.UTC(9999, 11, 31));
const hash = z.string().regex(/^[0-9a-f]{64}$/);

/**
 * Every request with the schema of its input. No request gives a secret back. Whether one also needs a yes in a native
 * dialog is decided in the main process by what it would change; without the yes it fails with `not-confirmed`.
 */
export const requestSchemas = {
  snapshot: nothing,
  'plan.check': z.strictObject({ sequence: sequenceSchema }),
  /** `baseHash`: what the edit began from; empty for a new sequence. Refused if the file has changed since. */
  'plan.save': z.strictObject({ sequence: sequenceSchema, baseHash: z.union([hash, z.literal('')]) }),
  'plan.arm': z.strictObject({ hash }),
  'plan.disarm': z.strictObject({ hash }),
  'run.start': z.strictObject({ hash }),
  'run.cancel': nothing,
  /** Leaves out a step of the run that goes on: what waits is not begun, what was sent is not waited for. */
  'run.skip': z.strictObject({ runId: idSchema, step: z.string().max(200) }),
  /** Puts the start off, while one is counting; never beyond the latest safe start. */
  'run.postpone': z.strictObject({ seconds: z.int().min(1).max(7200) }),
  'run.read': z.strictObject({ runId: idSchema }),
  'hosts.save': z.strictObject({ host: hostSchema }),
  'hosts.remove': z.strictObject({ id: idSchema }),
  /** `secret`: a password, or the text of a private key. Write only. */
  'hosts.setSecret': z.strictObject({
    id: idSchema,
    slot: z.enum(secretSlots).default('login'),
    secret: z.string().min(1).max(20_000),
    passphrase: z.string().max(1000),
  }),
  /** Asks the host for its key, to be compared and confirmed by the user. */
  'hosts.readKey': z.strictObject({ id: idSchema, of: keyOwner }),
  /** Of a key that the host has just shown to `hosts.readKey`, and of no other. */
  'hosts.pinKey': z.strictObject({ id: idSchema, of: keyOwner, key: hostKeySchema }),
  /** Adds or replaces a NUT or apcupsd server. */
  'servers.save': z.strictObject({ server: upsServerSchema }),
  /** Forgets its password too. */
  'servers.remove': z.strictObject({ id: idSchema }),
  /** Write only. */
  'servers.setPassword': z.strictObject({ id: idSchema, password: z.string().min(1).max(1000) }),
  /** Asks a NUT server for its TLS certificate, to be compared and confirmed by the user. */
  'servers.readCertificate': z.strictObject({ address: addressSchema, port: z.int().min(1).max(65535) }),
  /** Adds or replaces a channel. Its secret is forgotten when it goes elsewhere from now on. */
  'channels.save': z.strictObject({ channel: channelSchema }),
  /** Forgets its secret too. */
  'channels.remove': z.strictObject({ id: idSchema }),
  /** `secret`: a webhook's URL or a mail server's password; `token`: what goes with the URL, empty for none. Write only. */
  'channels.setSecret': z.strictObject({
    id: idSchema,
    secret: z.string().min(1).max(2000),
    token: z.string().regex(/^[\x21-\x7e]{0,1000}$/, 'without spaces'),
  }),
  /** Sends one message by it. Fails with what kept it from getting through. */
  'channels.test': z.strictObject({ id: idSchema }),
  /** Names a UPS, and says whether commands may be sent to it. */
  'ups.save': z.strictObject({ supply: knownSupplySchema }),
  /** It does not belong to the rack any more. */
  'ups.forget': z.strictObject({ upsId }),
  /** Only for a UPS that may be commanded. Gives what it will do, in one sentence. */
  'ups.command': z.strictObject({ upsId, order: orderSchema }),
  /** Everything that it tells, as it tells it. */
  'ups.details': z.strictObject({ upsId }),
  /** Times in ms since the epoch; 800 points at most. */
  'history.read': z.strictObject({ upsId, from: moment, to: moment }),
  /** Plays an outage through with this sequence and the hosts and UPSes as they are. */
  'plan.simulate': z.strictObject({
    sequence: sequenceSchema,
    whatIf: z.strictObject({
      load: z.number().min(0.1).max(10),
      hangs: idSchema.nullable(),
      powerBackAt: z.int().min(1).max(86_400).nullable(),
    }),
  }),
  /** Of the stored plan. Switches nothing off. */
  'rehearsal.start': z.strictObject({ hash }),
  'rehearsal.stop': nothing,
  'rehearsal.read': z.strictObject({ id: z.string().max(64) }),
  /** What was learned of how long steps take, as JSON. */
  'durations.export': nothing,
  'settings.save': z.strictObject({
    startAtLogin: z.boolean(),
    theme: z.enum(['system', 'light', 'dark']),
    rehearse: z.enum(['never', 'daily', 'weekly', 'monthly']),
  }),
} as const;

export type RequestName = keyof typeof requestSchemas;
export type RequestInput<N extends RequestName> = z.input<(typeof requestSchemas)[N]>;
export type ParsedInput<N extends RequestName> = z.output<(typeof requestSchemas)[N]>;

export interface RequestOutputs {
  snapshot: { rev: number; slices: Slices };
  'plan.check': CheckedPlan;
  'plan.save': { hash: string };
  'plan.arm': null;
  'plan.disarm': null;
  'run.start': null;
  'run.cancel': null;
  'run.skip': null;
  'run.postpone': null;
  'run.read': RunView;
  'hosts.save': null;
  'hosts.remove': null;
  'hosts.setSecret': null;
  'hosts.readKey': HostKey;
  'hosts.pinKey': null;
  'servers.save': null;
  'servers.remove': null;
  'servers.setPassword': null;
  'servers.readCertificate': { fingerprint: string };
  'channels.save': null;
  'channels.remove': null;
  'channels.setSecret': null;
  'channels.test': null;
  'ups.save': null;
  'ups.forget': null;
  'ups.command': { sentence: string };
  'ups.details': Detail[];
  'history.read': HistoryPoint[];
  'plan.simulate': SimulationView;
  'rehearsal.start': null;
  'rehearsal.stop': null;
  'rehearsal.read': Rehearsal;
  'durations.export': { text: string };
  'settings.save': null;
}

export type Answer<N extends RequestName> = { ok: true; value: RequestOutputs[N] } | { ok: false; fault: Fault };

/** Whole slices that changed. `rev` grows by one with each push; the snapshot tells where it stands. */
export interface Push {
  rev: number;
  slices: Partial<{ [N in SliceName]: Slices[N] }>;
}

/** What the preload puts on `window.glidepath`. */
export interface Bridge {
  request<N extends RequestName>(name: N, input: RequestInput<N>): Promise<Answer<N>>;
  /** Returns the function that ends the subscription. */
  onPush(listener: (push: Push) => void): () => void;
}
