import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Channel, originOf } from '../../shared/channels.ts';
import { FaultError } from '../../shared/fault.ts';
import type { Host } from '../../shared/inventory.ts';
import { type SecretSlot, secretKey, secretSlots } from '../../shared/secret-slot.ts';
import type { NutServer } from '../../shared/supplies.ts';
import type { SecretsBook } from '../brain/brain.ts';
import type { ChannelSecret, Credential, Credentials, HostPasswords } from '../core/ports.ts';

const passphrase = '.passphrase';
const token = '.token';

/**
 * Secrets that systemd hands over in a folder, one file each: `host.<id>` (the private key or the password),
 * `host.<id>.passphrase`, `host.<id>.secure-on`, `host.<id>.bmc` (of its
 * management controller), `server.<id>`, `channel.<id>` (a webhook's URL or a mail server's password), `channel.<id>.token`.
 * They are read when they are needed and kept nowhere. Nothing can be changed
 * here: they belong to the unit.
 * @see man systemd.exec(5), LoadCredential=
 */
export class GivenSecrets implements SecretsBook, Credentials, HostPasswords {
  readonly isStrong = true;
  readonly #folder: string | null;

  /** `folder`: CREDENTIALS_DIRECTORY; null: no secrets are given. */
  constructor(folder: string | null) {
    this.#folder = folder;
  }

  /** @throws FaultError `no-credential` when none is given, or not one of the kind with which the host signs in */
  async for(host: Host): Promise<Credential> {
    if (host.login === 'agent') return { kind: 'agent' };
    const secret = await this.#read(`host.${host.id}`, host.name);
    if (secret === null) throw missing(`host.${host.id}`, host.name);
    const isKey = secret.includes('PRIVATE KEY-----');
    if (host.login === 'password') {
      if (isKey) throw wrong(`host.${host.id}`, host.name, 'a private key, but it signs in with a password');
      return { kind: 'password', password: oneLine(secret) };
    }
    if (!isKey) throw wrong(`host.${host.id}`, host.name, 'no private key, but it signs in with one');
    const opener = await this.#read(`host.${host.id}${passphrase}`, host.name);
    return { kind: 'key', privateKey: secret, passphrase: opener === null ? '' : oneLine(opener) };
  }

  secureOn(host: Host): Promise<string> {
    return this.#password(host, 'secure-on');
  }

  bmc(host: Host): Promise<string> {
    return this.#password(host, 'bmc');
  }

  async ids(): Promise<Set<string>> {
    const names = await this.#names('host.');
    return new Set(names.filter((name) => !name.endsWith(passphrase)).map(keyOf));
  }

  async serverIds(): Promise<Set<string>> {
    return new Set(await this.#names('server.'));
  }

  /** Who may change which server it is for may read it as well: both belong to the user of the service. */
  async password(server: NutServer): Promise<string | null> {
    const secret = await this.#read(`server.${server.id}`, server.address);
    return secret === null ? null : oneLine(secret);
  }

  async #password(host: Host, slot: SecretSlot): Promise<string> {
    const name = `host.${host.id}.${slot}`;
    const secret = await this.#read(name, host.name);
    if (secret === null) throw missing(name, host.name);
    return oneLine(secret);
  }

  setHostPassword(host: Host, slot: SecretSlot): Promise<void> {
    return refuse(`host.${host.id}.${slot}`);
  }

  set(hostId: string): Promise<void> {
    return refuse(`host.${hostId}`);
  }

  async remove(): Promise<void> {
    // What the unit gives for a host or a server that is no longer there is never asked for.
  }

  setPassword(server: NutServer): Promise<void> {
    return refuse(`server.${server.id}`);
  }

  async removePassword(): Promise<void> {
    // As with `remove`.
  }

  async channelIds(): Promise<Set<string>> {
    const names = await this.#names('channel.');
    return new Set(names.filter((name) => !name.endsWith(token)));
  }

  /** @throws FaultError `no-credential` when it is for another place than the channel's */
  async channelSecret(channel: Channel): Promise<ChannelSecret | null> {
    const name = `channel.${channel.id}`;
    const given = await this.#read(name, channel.name);
    if (given === null || channel.kind === 'command') return null;
    const secret = oneLine(given);
    if (channel.kind === 'mail') return { kind: 'mail', password: secret };
    if (originOf(secret) !== channel.origin)
      throw wrong(name, channel.name, `no URL that begins with ${channel.origin}`);
    return { kind: 'webhook', url: secret, token: oneLine((await this.#read(`${name}${token}`, channel.name)) ?? '') };
  }

  setChannelSecret(channel: Channel): Promise<void> {
    return refuse(`channel.${channel.id}`);
  }

  async removeChannelSecret(): Promise<void> {
    // As with `remove`.
  }

  async #names(prefix: string): Promise<string[]> {
    if (this.#folder === null) return [];
    const names = await readdir(this.#folder).catch(() => []);
    return names.filter((name) => name.startsWith(prefix)).map((name) => name.slice(prefix.length));
  }

  async #read(name: string, where: string): Promise<string | null> {
    if (this.#folder === null) return null;
    try {
      return await readFile(join(this.#folder, name), 'utf8');
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? error.code : null;
      if (code === 'ENOENT') return null;
      throw noCredential(
        where,
        `The credential ${name} cannot be read (${code}).`,
        'Check LoadCredential= of the unit.',
      );
    }
  }
}

/** `host-1.bmc` as `secretKey` names it. */
function keyOf(name: string): string {
  const [, id = name, slot] = /^(.+)\.([^.]+)$/.exec(name) ?? [];
  return secretKey(secretSlots.find((one) => one === slot) ?? 'login', id);
}

/** A file that was written with an editor ends with a line break, which is no part of the password. */
const oneLine = (secret: string): string => secret.replace(/\r?\n$/, '');

const missing = (name: string, where: string): FaultError =>
  noCredential(where, `No credential ${name} is given.`, 'Give it with LoadCredentialEncrypted= of the unit.');

const wrong = (name: string, where: string, what: string): FaultError =>
  noCredential(where, `The credential ${name} is ${what}.`, 'Give the other one, or correct how the host signs in.');

function noCredential(where: string, what: string, remedy: string): FaultError {
  return new FaultError({ code: 'no-credential', what, where, remedy });
}

function refuse(name: string): Promise<never> {
  const what = 'Without a window no secret is kept.';
  const remedy = `Give it as the credential ${name} of the unit.`;
  return Promise.reject(new FaultError({ code: 'refused', what, where: name, remedy }));
}
