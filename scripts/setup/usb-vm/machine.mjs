import { chmodSync, copyFileSync, cpSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { copyLibraries } from './libraries.mjs';
import { unpack } from './packages.mjs';

/** systemd, OpenSSH and sudo with what they are linked to, as a bare system has none of it. */
export const machinePackages = [
  'busybox-static',
  'systemd',
  'openssh-server',
  'sudo',
  'libpam-modules',
  'libpam0g',
  'libsystemd-shared',
  'libapparmor1',
  'libcap-ng0',
  'libip4tc2',
  'libkmod2',
  'libseccomp2',
  'libssl3',
  'libwrap0',
  'libnsl2',
  'libtirpc3',
  'libgssapi-krb5-2',
  'libkrb5-3',
  'libkrb5support0',
  'libk5crypto3',
  'libkeyutils1',
  'libcom-err2',
  'libcap2',
];

/** What it is made of: PCI, a network card, and a folder of the host. */
export const machineDrivers = ['virtio_pci', 'virtio_net', '9pnet_virtio', '9p'];

const applets = ['sh', 'mount', 'insmod', 'ip', 'cat', 'true', 'kill'];

const programs = [
  'lib/systemd/systemd',
  'lib/systemd/systemd-shutdown',
  'bin/systemctl',
  'usr/sbin/sshd',
  'usr/bin/sudo',
];

/** Of PAM. */
const modules = ['pam_permit.so', 'pam_unix.so'];

/** From its start to its end; all else that systemd brings is not wanted here. */
const units = [
  ...['sysinit', 'basic', 'multi-user', 'shutdown', 'umount', 'final', 'poweroff'].map((name) => `${name}.target`),
  'systemd-poweroff.service',
  'ssh.service',
];

const wants = 'etc/systemd/system/multi-user.target.wants';

/** The root file system of a server as Debian makes it, small: its own init, its own SSH service, its own sudo. */
export function makeMachine(root, { debs, work, init }) {
  const unpacked = join(work, 'machine-packages');
  mkdirSync(unpacked);
  for (const name of machinePackages) unpack(debs.get(name), unpacked);
  // As Debian is since its 12: all of it in /usr.
  for (const name of ['bin', 'sbin', 'lib', 'lib64']) {
    mkdirSync(join(root, 'usr', name), { recursive: true });
    symlinkSync(join('usr', name), join(root, name));
  }
  const security = 'usr/lib/x86_64-linux-gnu/security';
  const folders = ['proc', 'sys', 'dev', 'run', 'tmp', 'root', 'home', 'etc/ssh', 'etc/pam.d', wants, security];
  for (const folder of folders) mkdirSync(join(root, folder), { recursive: true });
  const copy = (path) => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    copyFileSync(join(unpacked, path), join(root, path));
  };
  copy('bin/busybox');
  for (const applet of applets) symlinkSync('busybox', join(root, 'bin', applet));
  for (const program of programs) copy(program);
  for (const unit of units) copy(join('lib/systemd/system', unit));
  for (const name of modules) copy(join('lib/x86_64-linux-gnu/security', name));
  cpSync(join(unpacked, 'usr/libexec/sudo'), join(root, 'usr/libexec/sudo'), { recursive: true });
  const linked = [...programs, ...modules.map((name) => join(security, name)), 'usr/libexec/sudo/sudoers.so'];
  copyLibraries(
    root,
    unpacked,
    linked.map((path) => join(root, path)),
  );
  chmodSync(join(root, 'usr/bin/sudo'), 0o4755);
  symlinkSync('/lib/systemd/system/ssh.service', join(root, wants, 'ssh.service'));
  symlinkSync('/lib/systemd/system/multi-user.target', join(root, 'etc/systemd/system/default.target'));
  copyFileSync(init, join(root, 'init'));
  chmodSync(join(root, 'init'), 0o755);
  writeSettings(join(root, 'etc'));
}

function writeSettings(etc) {
  const files = {
    passwd: `root:x:0:0:root:/root:/bin/sh
sshd:x:100:65534::/run/sshd:/bin/false
ups:x:1000:1000::/home:/bin/sh
guest:x:1001:1001::/home:/bin/sh
`,
    group: 'root:x:0:\nups:x:1000:\nguest:x:1001:\nnogroup:x:65534:\n',
    shadow: 'root:*:19000::::::\nups:*:19000::::::\nguest:*:19000::::::\n',
    hostname: 'real\n',
    'machine-id': '',
    // As README.md tells the user to write it.
    sudoers: 'root ALL=(ALL:ALL) ALL\nups ALL=(root) NOPASSWD: /usr/bin/systemctl poweroff\n',
    'pam.d/sudo': 'auth required pam_unix.so\naccount required pam_permit.so\nsession required pam_permit.so\n',
  };
  for (const [name, text] of Object.entries(files)) writeFileSync(join(etc, name), text);
  chmodSync(join(etc, 'sudoers'), 0o440);
  chmodSync(join(etc, 'shadow'), 0o640);
}
