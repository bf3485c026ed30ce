import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { ended, freePort } from './server-process.ts';

const sshd = '/usr/sbin/sshd';

export const hasOpenSsh = existsSync(sshd);

type KeyType = 'ed25519' | 'ecdsa' | 'rsa';

export interface OpenSshOptions {
  /** Public keys, one a line, that let this user in. */
  authorized: string;
  /** Lines of sshd_config that come before the usual ones: sshd takes the first that it finds. */
  config?: readonly string[];
  /** Of its host keys; one of ed25519 unless given. An RSA key takes a second to make. */
  keyTypes?: readonly KeyType[];
  /** A script that stands for the machine in the place of each command; `$1` is a file of its own. */
  machine?: string;
}

/** A real OpenSSH server of this user on a port of its own. */
export class OpenSsh {
  readonly folder = mkdtempSync(join(tmpdir(), 'glidepath-sshd-'));
  readonly user = userInfo().username;
  readonly #options: OpenSshOptions;
  #process: ChildProcess | null = null;
  #said = '';
  port = 0;

  constructor(options: OpenSshOptions) {
    this.#options = options;
  }

  async start(): Promise<void> {
    const { authorized, config = [], keyTypes = ['ed25519'], machine } = this.#options;
    for (const type of keyTypes)
      if (!existsSync(this.#file(`key-${type}`)))
        execFileSync('ssh-keygen', ['-q', '-t', type, '-N', '', '-f', this.#file(`key-${type}`)]);
    if (userInfo().uid === 0) mkdirSync('/run/sshd', { recursive: true });
    this.port ||= await freePort();
    writeFileSync(this.#file('authorized'), authorized);
    if (machine !== undefined) {
      writeFileSync(this.#file('machine'), machine);
      chmodSync(this.#file('machine'), 0o755);
    }
    const lines = [
      ...config,
      `Port ${this.port}`,
      'ListenAddress 127.0.0.1',
      ...keyTypes.map((type) => `HostKey ${this.#file(`key-${type}`)}`),
      `AuthorizedKeysFile ${this.#file('authorized')}`,
      'StrictModes no',
      'UsePAM no',
      'PasswordAuthentication no',
      'PidFile none',
      ...(machine === undefined ? [] : [`ForceCommand ${this.#file('machine')} ${this.#file('log')}`]),
    ];
    writeFileSync(this.#file('config'), `${lines.join('\n')}\n`);
    this.#process = spawn(sshd, ['-D', '-e', '-f', this.#file('config')], { stdio: ['ignore', 'ignore', 'pipe'] });
    const stderr = this.#process.stderr?.setEncoding('utf8');
    await new Promise<void>((resolve) => {
      stderr?.on('data', (text: string) => {
        this.#said += text;
        if (this.#said.includes('listening')) resolve();
      });
    });
  }

  /** The sessions that it has go on. */
  stop(): Promise<void> {
    return ended(this.#process ?? undefined, 'SIGTERM');
  }

  async remove(): Promise<void> {
    await this.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** What its machine was told so far. */
  commands(): string[] {
    return readFileSync(this.#file('log'), 'utf8').split('\n').filter(Boolean);
  }

  /** Lines of its own log. */
  said(pattern: RegExp): string[] {
    return this.#said.split('\n').filter((line) => pattern.test(line));
  }

  /** As `ssh-keygen -l` prints it. */
  fingerprint(type: KeyType): string {
    const printed = execFileSync('ssh-keygen', ['-l', '-f', this.#file(`key-${type}.pub`)], { encoding: 'utf8' });
    return printed.split(' ')[1] ?? '';
  }

  /** Processes that serve its connections now. */
  sessions(): number[] {
    const own = `${this.#process?.pid}`;
    const listed = execFileSync('ps', ['-e', '-o', 'pid=,ppid='], { encoding: 'utf8' }).trim().split('\n');
    const pairs = listed.map((line) => line.trim().split(/\s+/));
    return pairs.filter(([, parent]) => parent === own).map(([pid]) => Number(pid));
  }

  #file(name: string): string {
    return join(this.folder, name);
  }
}
