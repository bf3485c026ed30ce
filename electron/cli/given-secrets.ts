import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { FaultError } from '../../shared/fault.ts';
import type { Host } from '../../shared/inventory.ts';
import type { NutServer } from '../../shared/supplies.ts';
import type { SecretsBook } from '../brain/brain.ts';
import type { Credential, Credentials } from '../core/ports.ts';

const passphrase = '.passphrase';

/**
 * Secrets that systemd hands over in a folder, one file each: `host.<id>` (the private key or the password),
 * `host.<id>.passphrase`, `server.<id>`. They are read when they are needed and kept nowhere. Nothing can be changed
 * here: they belong to the unit.
 * @see man systemd.exec(5), LoadCredential=
 */
export class GivenSecrets implements SecretsBook, Credentials {
  readonly isStrong = true;
  readonly #folder: string | null;

  /** `folder`: CREDENTIALS_DIRECTORY; null: no secrets are given. */
  constructor(folder: string | null) {
    this.#folder = folder;
  }

  /** @throws FaultError `no-credential` when none is given, or not one of the kind with which the host signs in */
  async for(host: Host): Promise<Credential> {
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

  async ids(): Promise<Set<string>> {
    const names = await this.#names('host.');
    return new Set(names.filter((name) => !name.endsWith(passphrase)));
  }

  async serverIds(): Promise<Set<string>> {
    return new Set(await this.#names('server.'));
  }

  /** Who may change which server it is for may read it as well: both belong to the user of the service. */
  async password(server: NutServer): Promise<string | null> {
    const secret = await this.#read(`server.${server.id}`, server.address);
    return secret === null ? null : oneLine(secret);
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
