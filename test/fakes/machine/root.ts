import { execFileSync, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { compiledFrom } from '../rack/preflight.ts';
import type { SshUser } from '../ssh-host.ts';
import { newSshKey, type SshKey } from '../ssh-keys.ts';
import { sweptFolder } from '../swept-folder.ts';

/** The shell that reads the commands of a machine's sessions. FreeBSD's root has a csh. */
export type MachineShell = 'dash' | 'bash' | 'tcsh';

export interface RootOptions {
  users: readonly SshUser[];
  shell: MachineShell;
  sh: PosixShell;
  /** PATH of its sessions. */
  path: string;
  /** Absolute paths of scripted programs; one named sudo is set-uid root. */
  programs: readonly string[];
  /** Real programs of this computer that it has too, at the same paths. */
  tools: readonly string[];
  /** By absolute path. What begins with `#!` can be run. */
  files: Readonly<Record<string, string>>;
}

/** What /bin/sh is. ESXi and NAS have that of a busybox. */
export type PosixShell = 'dash' | 'busybox';

/** The users' login shell: it says which command a session runs. */
export const login = '/.machine/login';

const alwaysThere = ['/bin/cat', '/bin/true', '/usr/bin/id'];

/**
 * The folder of one machine: the root that its sessions see, in which nothing of this computer is but the shell, the
 * tools and their libraries, and what its sshd needs.
 */
export class MachineRoot {
  readonly folder = sweptFolder('glidepath-machine-');
  readonly socket = path.join(this.folder, 'root/.machine/socket');
  readonly #searched: string;
  #hostKey = newSshKey('machine');

  constructor({ users, shell, sh, path: searched, programs, tools, files }: RootOptions) {
    this.#searched = searched;
    const { passwd, shadow } = accounts(users);
    this.#write('root/etc/passwd', passwd);
    this.#write('shadow', shadow, 0o600);
    this.#write('root/dev/null', '', 0o666);
    for (const { name, publicKeys = [] } of users) {
      this.#write(`root/.machine/keys/${name}`, publicKeys.map((key) => `${key}\n`).join(''));
      fs.mkdirSync(path.join(this.folder, 'root', homeOf(name)), { recursive: true });
    }
    for (const [file, text] of Object.entries(files)) {
      this.#write(`root${file}`, text, text.startsWith('#!') ? 0o755 : 0o644);
    }
    this.#bring(sh === 'dash' ? '/bin/dash' : '/usr/bin/busybox', '/bin/sh');
    this.#bring(`/bin/${shell}`, '/.machine/shell');
    for (const tool of [...alwaysThere, ...tools]) this.#bring(tool, tool);
    const program = compiledFrom(path.join(import.meta.dirname, 'program.c'), ['-static']);
    for (const file of [login, ...programs]) this.#copy(program, file, file.endsWith('/sudo') ? 0o4755 : 0o755);
  }

  get hostKey(): SshKey {
    return this.#hostKey;
  }

  /** As after a new installation: from its next boot on it has another host key. */
  renewHostKey(): void {
    this.#hostKey = newSshKey('machine');
  }

  /** Writes what sshd begins with: its host key, and the address and port at which it is to listen. */
  configure(address: string, port: number): void {
    const lines = [
      `ListenAddress ${address}:${port}`,
      `HostKey ${this.folder}/host_key`,
      // Where enter.sh mounts the root; its folder is closed to all users but root.
      'ChrootDirectory /mnt',
      'AuthorizedKeysFile /mnt/.machine/keys/%u',
      `SetEnv PATH=${this.#searched}`,
      'PidFile none',
      'StrictModes no',
      'UsePAM no',
      'PasswordAuthentication yes',
      'KbdInteractiveAuthentication no',
      'PermitRootLogin yes',
      'DisableForwarding yes',
      'PermitUserRC no',
      'PrintMotd no',
      'PrintLastLog no',
      'UseDNS no',
      'LogLevel INFO',
      // The default, post-quantum one costs a test 70 ms per login.
      'KexAlgorithms curve25519-sha256',
    ];
    this.#write('host_key', this.#hostKey.privateKey, 0o600);
    this.#write('sshd_config', `${lines.join('\n')}\n`);
  }

  remove(): void {
    fs.rmSync(this.folder, { recursive: true, force: true });
  }

  /** A real program with the libraries that it needs. */
  #bring(from: string, to: string): void {
    this.#copy(from, to, 0o755);
    for (const library of librariesOf(from)) this.#copy(library, library, 0o755);
  }

  #copy(from: string, to: string, mode: number): void {
    const whole = path.join(this.folder, 'root', to);
    if (fs.existsSync(whole)) return;
    fs.mkdirSync(path.dirname(whole), { recursive: true });
    fs.copyFileSync(from, whole);
    fs.chmodSync(whole, mode);
  }

  #write(file: string, text: string, mode = 0o644): void {
    const whole = path.join(this.folder, file);
    fs.mkdirSync(path.dirname(whole), { recursive: true });
    fs.writeFileSync(whole, text);
    fs.chmodSync(whole, mode);
  }
}

const homeOf = (user: string): string => (user === 'root' ? '/root' : `/home/${user}`);

/** root is 0, the others are 1000 and up, in their order. sshd itself needs one of its own. */
function accounts(users: readonly SshUser[]): { passwd: string; shadow: string } {
  const people = users.map(({ name, password }, at) => ({
    name,
    id: name === 'root' ? 0 : 1000 + at,
    hash: password === undefined ? '*' : hashed(password),
  }));
  const passwd = people.map(({ name, id }) => `${name}:x:${id}:${id}::${homeOf(name)}:${login}\n`);
  const shadow = people.map(({ name, hash }) => `${name}:${hash}:20000:0:99999:7:::\n`);
  return {
    passwd: `${passwd.join('')}sshd:x:105:65534::/run/sshd:/usr/sbin/nologin\n`,
    shadow: `${shadow.join('')}sshd:*:20000::::::\n`,
  };
}

/** One for each password, as it takes a while. */
const hashes = new Map<string, string>();

function hashed(password: string): string {
  const hash =
    hashes.get(password) ??
    execFileSync('openssl', ['passwd', '-6', '-stdin'], { input: password, encoding: 'utf8' }).trim();
  hashes.set(password, hash);
  return hash;
}

const libraries = new Map<string, string[]>();

function librariesOf(program: string): string[] {
  const known = libraries.get(program);
  if (known) return known;
  // What is linked to nothing makes it fail.
  const { stdout } = spawnSync('ldd', [program], { encoding: 'utf8' });
  const found = [...stdout.matchAll(/(\/\S+) \(0x/g)].map(([, file = '']) => file);
  libraries.set(program, found);
  return found;
}
