import { execFileSync } from 'node:child_process';
import { createHash, randomBytes, randomUUID } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { newSshKey, type SshKey } from '../ssh-keys.ts';
import { sweptFolder } from '../swept-folder.ts';
import { compiled } from './preflight.ts';

export type HostKeyType = 'ssh-ed25519' | 'ssh-rsa' | 'ecdsa-sha2-nistp256';
export type Login = 'key' | 'password' | 'keyboard-interactive';

export interface HostFiles {
  name: string;
  address: string;
  user: string;
  logins: readonly Login[];
  sudo: readonly string[];
}

/** Power commands at the paths where a Debian machine has them. */
const replaced = [
  ...['systemctl', 'loginctl', 'wall'].map((name) => `bin/${name}`),
  ...['shutdown', 'poweroff', 'halt', 'reboot', 'init', 'telinit'].map((name) => `sbin/${name}`),
  'lib/systemd/systemd',
];

/** The folder of a rack: what its hosts have in common, and one folder for each. */
export class RackFiles {
  readonly folder = sweptFolder('glidepath-rack-');
  readonly key: SshKey = newSshKey('rack');
  readonly password = `pw-${randomBytes(6).toString('hex')}`;
  readonly #hash: string;
  readonly #ask = compiled('ask');
  readonly wolNic = path.join(this.folder, 'wol-nic');

  constructor() {
    fs.chmodSync(this.folder, 0o755);
    this.#hash = execFileSync('openssl', ['passwd', '-6', '-stdin'], { input: this.password, encoding: 'utf8' }).trim();
    fs.copyFileSync(compiled('wol-nic'), this.wolNic);
    for (const file of replaced) this.#program(path.join(this.common, 'usr', file));
    this.#write('client_key', this.key.privateKey, 0o600);
  }

  get common(): string {
    return path.join(this.folder, 'common');
  }

  get privateKeyFile(): string {
    return path.join(this.folder, 'client_key');
  }

  get knownHostsFile(): string {
    return path.join(this.folder, 'known_hosts');
  }

  of(name: string): string {
    return path.join(this.folder, name);
  }

  writeKnownHosts(hosts: ReadonlyArray<{ address: string; publicKey: string }>): void {
    this.#write('known_hosts', hosts.map((host) => `${host.address} ${host.publicKey}\n`).join(''));
  }

  newHostKey(name: string, type: HostKeyType): SshKey {
    const file = path.join(this.of(name), 'host_key');
    const key = type === 'ssh-ed25519' ? newSshKey(name) : generated(file, type);
    this.#write(`${name}/host_key`, key.privateKey, 0o600);
    return key;
  }

  newBootId(name: string): void {
    this.#write(`${name}/boot_id`, `${randomUUID()}\n`);
  }

  writeHost(host: HostFiles): void {
    const write = (file: string, text: string, mode?: number): void => this.#write(`${host.name}/${file}`, text, mode);
    const root = host.user === 'root';
    const secret = host.logins.some((login) => login !== 'key') ? this.#hash : '*';
    const person = (pick: (id: number) => string): string => (root ? '' : pick(1000));
    const folders = root ? '/root' : `/home/${host.user}`;
    write(
      'etc/passwd',
      `root:x:0:0:root:/root:/bin/bash\nsshd:x:105:65534::/run/sshd:/usr/sbin/nologin\nnobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin\n${person((id) => `${host.user}:x:${id}:${id}::${folders}:/bin/bash\n`)}`,
    );
    write(
      'etc/shadow',
      `root:${root ? secret : '*'}:20000:0:99999:7:::\nsshd:*:20000::::::\nnobody:*:20000::::::\n${person(() => `${host.user}:${secret}:20000:0:99999:7:::\n`)}`,
      0o640,
    );
    write('etc/group', `root:x:0:\nshadow:x:42:\nnogroup:x:65534:\n${person((id) => `${host.user}:x:${id}:\n`)}`);
    write('etc/gshadow', '', 0o640);
    write('etc/hostname', `${host.name}\n`);
    write('etc/hosts', `127.0.0.1 localhost\n127.0.1.1 ${host.name}\n`);
    write('etc/nsswitch.conf', 'passwd: files\ngroup: files\nshadow: files\nhosts: files\n');
    write(
      'etc/sudoers',
      'Defaults env_reset\nDefaults use_pty\nroot ALL=(ALL:ALL) ALL\n@includedir /etc/sudoers.d\n',
      0o440,
    );
    const rules = host.sudo.length > 0 ? `${host.user} ALL=(root) NOPASSWD: ${host.sudo.join(', ')}\n` : '# no rules\n';
    write('etc/sudoers.d/ups-shutdown', rules, 0o440);
    write('pam.d/sshd', 'auth required pam_unix.so\naccount required pam_unix.so\nsession required pam_unix.so\n');
    write('keys', host.logins.includes('key') ? `${this.key.publicKey}\n` : '');
    write('sshd_config', sshdConfig(host));
    this.newBootId(host.name);
    this.#program(path.join(this.of(host.name), 'rack-login'));
  }

  remove(): void {
    fs.rmSync(this.folder, { recursive: true, force: true });
  }

  #program(file: string): void {
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.copyFileSync(this.#ask, file);
    fs.chmodSync(file, 0o755);
  }

  #write(file: string, text: string, mode = 0o644): void {
    const whole = path.join(this.folder, file);
    fs.mkdirSync(path.dirname(whole), { recursive: true });
    // Written in place: a running host has some of these files mounted.
    fs.writeFileSync(whole, text);
    fs.chmodSync(whole, mode);
  }
}

function sshdConfig(host: HostFiles): string {
  const yes = (login: Login): string => (host.logins.includes(login) ? 'yes' : 'no');
  return [
    `ListenAddress ${host.address}:22`,
    'HostKey /run/rack/host_key',
    'PidFile none',
    'AuthorizedKeysFile /run/rack/keys',
    'StrictModes no',
    `UsePAM ${yes('keyboard-interactive')}`,
    `PubkeyAuthentication ${yes('key')}`,
    `PasswordAuthentication ${yes('password')}`,
    `KbdInteractiveAuthentication ${yes('keyboard-interactive')}`,
    'PermitRootLogin yes',
    `AllowUsers ${host.user}`,
    'MaxStartups 100',
    'DisableForwarding yes',
    'PermitUserRC no',
    'PrintMotd no',
    'PrintLastLog no',
    'UseDNS no',
    'LogLevel VERBOSE',
    // The default, post-quantum one costs a test 70 ms per login.
    'KexAlgorithms curve25519-sha256,ecdh-sha2-nistp256,diffie-hellman-group16-sha512,diffie-hellman-group14-sha256',
    'ForceCommand /run/rack/rack-login',
    '',
  ].join('\n');
}

function generated(file: string, type: HostKeyType): SshKey {
  for (const old of [file, `${file}.pub`]) fs.rmSync(old, { force: true });
  fs.mkdirSync(path.dirname(file), { recursive: true });
  execFileSync('ssh-keygen', ['-q', '-t', type === 'ssh-rsa' ? 'rsa' : 'ecdsa', '-N', '', '-C', '', '-f', file]);
  const publicKey = fs.readFileSync(`${file}.pub`, 'utf8').trim().split(' ').slice(0, 2).join(' ');
  const hash = createHash('sha256').update(Buffer.from(publicKey.split(' ')[1] ?? '', 'base64'));
  return {
    privateKey: fs.readFileSync(file, 'utf8'),
    publicKey,
    fingerprint: `SHA256:${hash.digest('base64').replace(/=+$/, '')}`,
  };
}
