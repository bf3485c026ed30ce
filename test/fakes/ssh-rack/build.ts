import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { newSshKey, type SshKey } from '../ssh-keys.ts';
import type { RackFiles, RackMachine } from './plan.ts';

/** Names under which the stand-in comes first in the sessions' PATH. */
const standsFor = ['systemctl', 'loginctl', 'shutdown', 'poweroff', 'halt', 'reboot', 'init', 'telinit', 'wall'];

const systemPath = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** Writes all files of a rack; returns the key that its machines take, and the fingerprints of theirs. */
export function buildRack(
  files: RackFiles,
  machines: readonly RackMachine[],
): { client: SshKey; fingerprints: Map<string, string> } {
  const client = newSshKey('rack-client');
  mkdirSync(files.bin);
  copyFileSync(join(import.meta.dirname, 'power-command.sh'), files.standIn);
  execFileSync('chmod', ['755', files.standIn]);
  for (const name of standsFor) symlinkSync('.power-command', join(files.bin, name));
  // Root's home in the sessions is empty: this machine's shell start-up files stay out of them.
  mkdirSync(files.home, { mode: 0o700 });
  const passwd = readFileSync('/etc/passwd', 'utf8').replace(/^root:.*$/m, `root:*:0:0:root:${files.home}:/bin/bash`);
  writeFileSync(files.passwd, passwd);
  execFileSync('mkfifo', ['-m', '600', files.pipe]);
  writeFileSync(files.key, client.privateKey, { mode: 0o600 });
  writeFileSync(files.authorized, `${client.publicKey}\n`, { mode: 0o600 });
  const fingerprints = new Map<string, string>();
  const known = machines.map((machine) => {
    const key = newSshKey(machine.name);
    writeFileSync(files.hostKeyOf(machine.name), key.privateKey, { mode: 0o600 });
    writeFileSync(files.configOf(machine.name), config(files, machine));
    fingerprints.set(machine.name, key.fingerprint);
    return `[${machine.address}]:${machine.port} ${key.publicKey}\n`;
  });
  writeFileSync(files.known, known.join(''));
  writeFileSync(files.plan, JSON.stringify(machines));
  return { client, fingerprints };
}

function config(files: RackFiles, { name, address, port }: RackMachine): string {
  return [
    `Port ${port}`,
    `ListenAddress ${address}`,
    `HostKey ${files.hostKeyOf(name)}`,
    'PidFile none',
    `AuthorizedKeysFile ${files.authorized}`,
    'StrictModes no',
    'UsePAM no',
    'PasswordAuthentication no',
    'KbdInteractiveAuthentication no',
    'PermitRootLogin prohibit-password',
    'AllowUsers root',
    'DisableForwarding yes',
    'PermitUserRC no',
    'PrintMotd no',
    'PrintLastLog no',
    'LogLevel ERROR',
    // OpenSSH's own choice costs a client without it in hardware 70 ms more for each host, whoever the client is.
    'KexAlgorithms curve25519-sha256',
    `SetEnv RACK_HOST=${name} RACK_PIPE=${files.pipe} PATH=${files.bin}:${systemPath}`,
    '',
  ].join('\n');
}
