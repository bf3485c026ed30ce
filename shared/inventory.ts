import { z } from 'zod';
import { idSchema, nameSchema } from './id.ts';
import { groupTargets } from './target.ts';

/** Six bytes, written with colons in small letters; `-` and bare hex are accepted and normalised. */
export const macSchema = z
  .string()
  .trim()
  .toLowerCase()
  .transform(
    (text) =>
      (text.match(/[0-9a-f]{2}/g) ?? []).join(':') + (/^[0-9a-f]{2}([:-]?[0-9a-f]{2}){5}$/.test(text) ? '' : '!'),
  )
  .refine((text) => /^[0-9a-f]{2}(:[0-9a-f]{2}){5}$/.test(text), 'a MAC address has six bytes: 00:11:22:33:44:55');

/** A host name or an IP address: never begins with `-`, so it is safe as an argument. */
export const addressSchema = z
  .string()
  .trim()
  .regex(/^[A-Za-z0-9]([A-Za-z0-9.:_-]{0,251}[A-Za-z0-9])?$/, 'a host name or an IP address');

export const hostKeySchema = z.strictObject({
  /** As in an SSH host key: ssh-ed25519, ecdsa-sha2-nistp256, ssh-rsa ... */
  type: z.string().regex(/^[a-z0-9@.-]{3,60}$/),
  /** As `ssh-keygen -l` prints it. */
  fingerprint: z.string().regex(/^SHA256:[A-Za-z0-9+/]{43}$/),
});
export type HostKey = z.infer<typeof hostKeySchema>;

/** Every kind of host there is. */
export const hostKinds = ['linux', 'esxi'] as const;

const hostId = idSchema.refine((id) => !groupTargets.some((word) => word === id), 'this word means a group of hosts');

const common = {
  id: hostId,
  name: nameSchema,
  address: addressSchema,
  port: z.int().min(1).max(65535).default(22),
  user: z.string().regex(/^[A-Za-z_][A-Za-z0-9_.@\\-]{0,63}$/, 'a user name'),
  /** Which secret is kept for it in the keychain; the secret itself never stands in a file. */
  login: z.enum(['key', 'password']),
  /** Pinned on first confirmed use, checked ever after. Empty: not confirmed yet, nothing is sent to it. */
  hostKeys: z.array(hostKeySchema).max(8).default([]),
  /** For wake-on-LAN. */
  macs: z.array(macSchema).max(8).default([]),
  /**
   * The UPSes that feed it, by id. `any`: one of them is enough to keep it up (two power supplies); `all`: it goes down
   * with the first. None named: it has the power of what it runs on; otherwise it is not known, so it is taken to go
   * down with any UPS there is.
   */
  fedBy: z
    .strictObject({ upses: z.array(z.string().min(1).max(200)).max(8), need: z.enum(['any', 'all']) })
    .default({ upses: [], need: 'any' }),
  /** Steps can be aimed at all hosts of a tag. */
  tags: z.array(idSchema).max(20).default([]),
  /** Hosts that it cannot work without (storage, switch, DNS, vCenter): it goes down before them, and with them. */
  uses: z.array(idSchema).max(20).default([]),
  /** The hypervisor on which it is a guest. */
  runsOn: idSchema.optional(),
  /** The computer that Glidepath runs on: it goes down last. */
  isThisComputer: z.boolean().default(false),
};

export const linuxHostSchema = z.strictObject({
  ...common,
  kind: z.literal('linux'),
  /** Run it with `sudo -n`. */
  sudo: z.boolean().default(false),
  /** The command that powers it off, as its shell reads it. */
  powerOffCommand: z.string().trim().min(1).max(500).default('systemctl poweroff'),
});

export const esxiHostSchema = z.strictObject({ ...common, kind: z.literal('esxi') });

export const hostSchema = z.discriminatedUnion('kind', [linuxHostSchema, esxiHostSchema]);
export type Host = z.infer<typeof hostSchema>;
export type HostKind = (typeof hostKinds)[number];
export type LinuxHost = z.infer<typeof linuxHostSchema>;
export type EsxiHost = z.infer<typeof esxiHostSchema>;

export const inventorySchema = z
  .strictObject({
    format: z.literal('glidepath-inventory'),
    version: z.literal(3),
    hosts: z.array(hostSchema).max(200),
  })
  .superRefine((inventory, context) => {
    const seen = new Set<string>();
    inventory.hosts.forEach((host, index) => {
      if (seen.has(host.id))
        context.addIssue({
          code: 'custom',
          message: `the id "${host.id}" is used twice`,
          path: ['hosts', index, 'id'],
        });
      seen.add(host.id);
    });
  });
export type Inventory = z.infer<typeof inventorySchema>;

export const emptyInventory: Inventory = { format: 'glidepath-inventory', version: 3, hosts: [] };
