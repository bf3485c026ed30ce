import { chmodSync, copyFileSync, mkdirSync, readdirSync, realpathSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { inRoot } from '../paths.mjs';
import { copyLibraries } from './libraries.mjs';
import { unpack } from './packages.mjs';

/** A shell, and NUT with what it is linked to, as a bare system has none of it. */
export const rootPackages = [
  'busybox-static',
  'nut-server',
  'libusb-1.0-0',
  'libudev1',
  'libwrap0',
  'libnss3',
  'libnspr4',
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

/** What the machine is made of: PCI, its serial port, USB, HID, and the folder of the host. */
export const rootDrivers = ['virtio_pci', 'virtio_console', 'xhci_pci', 'usbhid', 'hid_generic', '9pnet_virtio', '9p'];

const applets = ['sh', 'mount', 'mkdir', 'insmod', 'cat', 'ls', 'grep', 'sleep', 'ip', 'dmesg', 'poweroff'];
const nodeHid = inRoot('node_modules', 'node-hid', 'prebuilds', 'HID_hidraw-linux-x64');

/** The root file system: busybox, NUT, this very Node and the libraries of both; the rest is mounted from the checkout. */
export function makeRoot(root, { debs, work, init }) {
  const unpacked = join(work, 'packages');
  mkdirSync(unpacked);
  for (const name of rootPackages) unpack(debs.get(name), unpacked);
  const folders = [
    'bin',
    'usr/bin',
    'proc',
    'sys',
    'dev',
    'run',
    'tmp',
    'app',
    'etc',
    'lib/nut',
    'lib/x86_64-linux-gnu',
    'lib64',
  ];
  for (const folder of folders) mkdirSync(join(root, folder), { recursive: true });
  copyFileSync(join(unpacked, 'bin', 'busybox'), join(root, 'bin', 'busybox'));
  for (const applet of applets) symlinkSync('busybox', join(root, 'bin', applet));
  const programs = ['upsd', 'usbhid-ups'].map((name) => join('lib', 'nut', name));
  for (const program of programs) copyFileSync(join(unpacked, program), join(root, program));
  copyFileSync(realpathSync(process.execPath), join(root, 'usr', 'bin', 'node'));
  copyLibraries(root, unpacked, [
    ...[...programs, join('usr', 'bin', 'node')].map((program) => join(root, program)),
    ...readdirSync(nodeHid).map((name) => join(nodeHid, name)),
  ]);
  copyFileSync(init, join(root, 'init'));
  chmodSync(join(root, 'init'), 0o755);
  writeFileSync(join(root, 'etc', 'passwd'), 'root:x:0:0:root:/:/bin/sh\n');
  writeFileSync(join(root, 'etc', 'group'), 'root:x:0:\n');
}
