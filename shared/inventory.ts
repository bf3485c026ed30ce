import { z } from 'zod';
import { idSchema, nameSchema } from './id.ts';
import { hostKinds, platforms, usualPort } from './platforms.ts';
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
  .regex(/^[A-Za-z0-9]([A-Za-z0-9.:_-]{0,251}[A-Za-z0-9])?$/, 'a host name or an IP address, as nas.lan or 10.0.0.5');

export const hostKeySchema = z.strictObject({
  /** As in an SSH host key: ssh-ed25519, ecdsa-sha2-nistp256, ssh-rsa ...; `x509`: a TLS certificate. */
  type: z.string().regex(/^[a-z0-9@.-]{3,60}$/),
  /** SHA-256 as `ssh-keygen -l` prints it; of a certificate that of its DER. */
  fingerprint: z.string().regex(/^SHA256:[A-Za-z0-9+/]{43}$/),
});
export type HostKey = z.infer<typeof hostKeySchema>;

/** What of a host shows a key: it itself, or its management controller. */
export const keyOwners = ['host', 'bmc'] as const;
export type KeyOwner = (typeof keyOwners)[number];

const userSchema = z
  .string()
  .regex(/^[A-Za-z_][A-Za-z0-9_.@\\-]{0,63}$/, 'letters, digits and _.@\\- only, 64 at most, a letter or _ first');

const hostId = idSchema.refine((id) => !groupTargets.some((word) => word === id), 'this word means a group of hosts');

/** A management controller that switches the host on though the host itself is off. Its password is kept in the keychain. */
export const bmcSchema = z.strictObject({
  protocol: z.enum(['ipmi', 'redfish']),
  address: addressSchema,
  port: z.int().min(1).max(65535).optional(),
  user: userSchema,
  /** Of Redfish: the certificate that was confirmed, as SHA-256 fingerprint; null: not confirmed yet, nothing is sent. */
  certificate: hostKeySchema.nullable().default(null),
});
export type Bmc = z.infer<typeof bmcSchema>;

export const hostSchema = z
  .strictObject({
    id: hostId,
    name: nameSchema,
    kind: z.enum(hostKinds),
    address: addressSchema,
    /** At which it is spoken to; absent: the usual one of its platform. */
    port: z.int().min(1).max(65535).optional(),
    user: userSchema,
    /** Which secret signs in; it is kept in the keychain and never stands in a file. `agent`: an SSH agent holds the key. */
    login: z.enum(['key', 'password', 'agent']),
    /**
     * What it proves itself with, pinned on first confirmed use and checked ever after: SSH host keys, or the TLS
     * certificate under the type `x509`. Empty: not confirmed yet, nothing is sent to it.
     */
    hostKeys: z.array(hostKeySchema).max(8).default([]),
    /** The host through which its SSH connection goes. */
    jump: idSchema.optional(),
    /** It is also offered algorithms that are not taken for safe any more: ESXi 5.x and its like speak no others. */
    oldAlgorithms: z.boolean().default(false),
    /** Commands are run with `sudo -n`. */
    sudo: z.boolean().default(false),
    /** The command that powers it off, as its shell reads it; absent: what its platform takes. */
    powerOffCommand: z.string().trim().min(1).max(500).optional(),
    /** The host that manages it: its vCenter, the master of its pool, a control plane of its cluster. */
    managedBy: idSchema.optional(),
    /** For wake-on-LAN. */
    macs: z.array(macSchema).max(8).default([]),
    /** Its network card takes magic packets only with a password (SecureOn), which is kept in the keychain. */
    secureOn: z.boolean().default(false),
    bmc: bmcSchema.nullable().default(null),
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
  })
  .superRefine((host, context) => {
    const refuse = (path: string, message: string) => context.addIssue({ code: 'custom', message, path: [path] });
    const { by, label } = platforms[host.kind];
    if (by === 'soap' && host.login !== 'password') refuse('login', `${label} is signed in to with a password`);
    if (by === 'soap' && host.jump !== undefined) refuse('jump', 'only SSH goes through another host');
    if (host.kind === 'other' && host.powerOffCommand === undefined)
      refuse('powerOffCommand', 'which command powers it off must be said');
  })
  .transform((host) => ({ ...host, port: host.port ?? usualPort(host.kind) }));
export type Host = z.infer<typeof hostSchema>;

export const inventorySchema = z
  .strictObject({
    format: z.literal('glidepath-inventory'),
    version: z.literal(4),
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

export const emptyInventory: Inventory = { format: 'glidepath-inventory', version: 4, hosts: [] };
