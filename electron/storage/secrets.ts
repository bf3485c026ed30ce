import { join } from 'node:path';
import { z } from 'zod';
import type { Channel } from '../../shared/channels.ts';
import { FaultError } from '../../shared/fault.ts';
import type { Host } from '../../shared/inventory.ts';
import { secretKey, secretSlots } from '../../shared/secret-slot.ts';
import { secureOnBytes } from '../../shared/secure-on.ts';
import type { NutServer } from '../../shared/supplies.ts';
import type { ChannelSecret, Credential, Credentials, HostPasswords, SecretCredential } from '../core/ports.ts';
import { openedFor, type SealedChannel, sealedChannelSchema, sealedFor } from './channel-secret.ts';
import {
  type PasswordSlot,
  passwordFor,
  passwordOf,
  type SealedPassword,
  sealedPasswordSchema,
} from './host-password.ts';
import { JsonFile } from './json-file.ts';

/** The keychain of the operating system. Both calls throw when it is not available: nothing is ever kept in plain text. */
export interface Encryption {
  encrypt(text: string): Promise<Buffer>;
  decrypt(data: Buffer): Promise<string>;
  /** false: there is no keyring, the key stands in the program and only keeps secrets from a casual look. */
  isStrong(): boolean;
}

const fileSchema = z.strictObject({
  format: z.literal('glidepath-secrets'),
  version: z.literal(1),
  /** By host id, or `server:` or `channel:` and the id of a UPS server or a channel. `ciphertext`: base64 of an encrypted credential. */
  secrets: z.record(z.string(), z.strictObject({ ciphertext: z.base64().min(1) })),
});
type SecretsFile = z.infer<typeof fileSchema>;

const credentialSchema: z.ZodType<SecretCredential> = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('password'), password: z.string() }),
  z.strictObject({ kind: z.literal('key'), privateKey: z.string(), passphrase: z.string() }),
]);

/**
 * Inside the ciphertext, since the file that names the server can be written by anybody: where the password was entered
 * for is where it goes, and to nobody else.
 */
const serverPasswordSchema = z.strictObject({
  kind: z.literal('server-password'),
  password: z.string(),
  address: z.string(),
  port: z.int(),
  user: z.string(),
  /** It was given to a connection that is encrypted, and must not go in the clear. */
  encrypted: z.boolean(),
});
type ServerPassword = z.infer<typeof serverPasswordSchema>;

/** Whose secret it is, and where in the window it is entered. */
interface Owner {
  name: string;
  under: string;
}

const empty: SecretsFile = { format: 'glidepath-secrets', version: 1, secrets: {} };

/** No host's id has a colon. */
const serverPrefix = 'server:';
const keyOf = (serverId: string) => `${serverPrefix}${serverId}`;
const channelPrefix = 'channel:';

/** A secret of a host, as `secretKey` names it. */
const isOfHost = (key: string): boolean =>
  !key.includes(':') || secretSlots.some((slot) => slot !== 'login' && key.startsWith(secretKey(slot, '')));

/** What signs in to the hosts and to the UPS servers, kept as ciphertexts in secrets.json. */
export class Secrets implements Credentials, HostPasswords {
  readonly #file: JsonFile<SecretsFile>;
  readonly #encryption: Encryption;

  constructor(dataFolder: string, encryption: Encryption) {
    this.#file = new JsonFile(join(dataFolder, 'secrets.json'), { schema: fileSchema, migrations: [] });
    this.#encryption = encryption;
  }

  get isStrong(): boolean {
    return this.#encryption.isStrong();
  }

  /** @throws FaultError `no-credential` when none fits the host's way to sign in, or it cannot be decrypted here */
  async for(host: Host): Promise<Credential> {
    if (host.login === 'agent') return { kind: 'agent' };
    const owner = { name: host.name, under: 'Hosts' };
    const credential = await this.#read(host.id, owner, credentialSchema);
    if (!credential) throw noCredential(owner, 'No password or key is kept for it.');
    if (credential.kind === host.login) return credential;
    throw noCredential(owner, `A ${credential.kind} is kept for it, but it signs in with a ${host.login}.`);
  }

  /** The hosts' secrets that are kept, as `secretKey` names them. @throws FaultError `file-broken`, `file-newer` */
  async ids(): Promise<Set<string>> {
    return new Set((await this.#keys()).filter(isOfHost));
  }

  /**
   * Of a UPS server; null when none is kept.
   * @throws FaultError `no-credential` when it was entered for another place or user, or cannot be decrypted here;
   * `file-broken`, `file-newer`
   */
  async password(server: NutServer): Promise<string | null> {
    const owner = { name: `${server.address}:${server.port}`, under: 'Power' };
    const kept = await this.#read(keyOf(server.id), owner, serverPasswordSchema);
    if (!kept || isMeantFor(kept, server)) return kept?.password ?? null;
    throw noCredential(owner, 'The password that is kept for it was entered for another server, and was not sent.');
  }

  /** The ids of the UPS servers for which a password is kept. @throws FaultError `file-broken`, `file-newer` */
  async serverIds(): Promise<Set<string>> {
    return this.#idsUnder(serverPrefix);
  }

  /** @throws as `set` */
  setPassword({ id, address, port, user, certificate }: NutServer, password: string): Promise<void> {
    const encrypted = certificate !== null;
    const kept: ServerPassword = { kind: 'server-password', password, address, port, user, encrypted };
    return this.#keep(keyOf(id), kept);
  }

  /** @throws as `remove` */
  removePassword(serverId: string): Promise<void> {
    return this.remove(keyOf(serverId));
  }

  /**
   * What a channel is used with; null when nothing is kept.
   * @throws FaultError `no-credential` when it was entered for another place, or cannot be decrypted here;
   * `file-broken`, `file-newer`
   */
  async channelSecret(channel: Channel): Promise<ChannelSecret | null> {
    const owner = { name: channel.name, under: 'Notifications' };
    const kept = await this.#read(`${channelPrefix}${channel.id}`, owner, sealedChannelSchema);
    if (!kept) return null;
    const secret = openedFor(channel, kept);
    if (secret) return secret;
    throw noCredential(owner, 'What is kept for it was entered for another address, and was not sent.');
  }

  /** The ids of the channels for which a secret is kept. @throws FaultError `file-broken`, `file-newer` */
  channelIds(): Promise<Set<string>> {
    return this.#idsUnder(channelPrefix);
  }

  /** @throws as `set`; FaultError `refused` when the channel takes no such secret */
  async setChannelSecret(channel: Channel, secret: ChannelSecret): Promise<void> {
    const sealed = sealedFor(channel, secret);
    if (!sealed) {
      const what = 'It is used without a secret of this kind.';
      throw new FaultError({ code: 'refused', what, where: channel.name, remedy: 'Look at how it is set up.' });
    }
    await this.#keep(`${channelPrefix}${channel.id}`, sealed);
  }

  /** @throws as `remove` */
  removeChannelSecret(channelId: string): Promise<void> {
    return this.remove(`${channelPrefix}${channelId}`);
  }

  secureOn(host: Host): Promise<string> {
    return this.#hostPassword(host, 'secure-on', 'SecureOn password');
  }

  bmc(host: Host): Promise<string> {
    return this.#hostPassword(host, 'bmc', 'password of its management controller');
  }

  /** @throws as `set`; FaultError `refused` when the host has no management controller, or it is no SecureOn password */
  async setHostPassword(host: Host, slot: PasswordSlot, password: string): Promise<void> {
    const sealed = passwordFor(host, slot, password);
    if (sealed && (slot !== 'secure-on' || secureOnBytes(password) !== null))
      return this.#keep(secretKey(slot, host.id), sealed);
    const what = sealed ? 'That is no SecureOn password.' : 'It has no management controller.';
    const remedy = sealed
      ? 'Enter six bytes, as 00-11-22-33-44-55, or four, as 192.0.2.7.'
      : 'Enter the address of its management controller first.';
    throw new FaultError({ code: 'refused', what, where: host.name, remedy });
  }

  async #hostPassword(host: Host, slot: PasswordSlot, what: string): Promise<string> {
    const owner = { name: host.name, under: 'Hosts' };
    const sealed = await this.#read(secretKey(slot, host.id), owner, sealedPasswordSchema);
    if (!sealed) throw noCredential(owner, `No ${what} is kept for it.`);
    const password = passwordOf(host, slot, sealed);
    if (password !== null) return password;
    throw noCredential(owner, `The ${what} was entered for another one, and was not sent.`);
  }

  /** @throws FaultError when the keychain refuses (nothing is then kept), `file-unwritable`, `file-broken`, `file-newer` */
  set(hostId: string, credential: SecretCredential): Promise<void> {
    return this.#keep(hostId, credential);
  }

  /** `key`: as `secretKey` names it. @throws FaultError `file-unwritable`, `file-broken`, `file-newer` */
  async remove(key: string): Promise<void> {
    if (!(await this.#keys()).includes(key)) return;
    await this.#file.update((old) => {
      const { [key]: _gone, ...secrets } = old?.secrets ?? {};
      return { ...empty, secrets };
    });
  }

  async #keep(key: string, value: SecretCredential | ServerPassword | SealedChannel | SealedPassword): Promise<void> {
    const ciphertext = (await this.#encryption.encrypt(JSON.stringify(value))).toString('base64');
    await this.#file.update((old) => ({ ...empty, secrets: { ...old?.secrets, [key]: { ciphertext } } }));
  }

  async #idsUnder(prefix: string): Promise<Set<string>> {
    const keys = (await this.#keys()).filter((key) => key.startsWith(prefix));
    return new Set(keys.map((key) => key.slice(prefix.length)));
  }

  async #keys(): Promise<string[]> {
    return Object.keys((await this.#file.read())?.secrets ?? {});
  }

  /** null: there is none. */
  async #read<T>(key: string, owner: Owner, schema: z.ZodType<T>): Promise<T | null> {
    const kept = new Map(Object.entries((await this.#file.read())?.secrets ?? {})).get(key);
    return kept ? this.#decrypt(owner, kept.ciphertext, schema) : null;
  }

  async #decrypt<T>(owner: Owner, ciphertext: string, schema: z.ZodType<T>): Promise<T> {
    let text: string;
    try {
      text = await this.#encryption.decrypt(Buffer.from(ciphertext, 'base64'));
    } catch {
      // The keychain's own words are not repeated: what they hold is not ours to know.
      throw noCredential(owner, 'What is kept for it cannot be decrypted on this computer by this user.');
    }
    const kept = schema.safeParse(safeJson(text));
    if (kept.success) return kept.data;
    throw noCredential(owner, 'What is kept for it is damaged.');
  }
}

const isMeantFor = (kept: ServerPassword, { address, port, user, certificate }: NutServer): boolean =>
  kept.address === address && kept.port === port && kept.user === user && (!kept.encrypted || certificate !== null);

function safeJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function noCredential({ name, under }: Owner, what: string): FaultError {
  const remedy = `Enter its password or key again under ${under}.`;
  return new FaultError({ code: 'no-credential', what, where: name, remedy });
}
