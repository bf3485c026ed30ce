import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cacheFolder, inRoot } from './paths.mjs';
import { Stop, say } from './say.mjs';
import { capture } from './usb-vm/capture.mjs';
import { copyModules, kernelPackage, unpackKernel } from './usb-vm/kernel.mjs';
import { machineDrivers, machinePackages, makeMachine } from './usb-vm/machine.mjs';
import { download, isKnown, refreshLists } from './usb-vm/packages.mjs';
import { makeRoot, rootDrivers, rootPackages } from './usb-vm/root.mjs';

const guestInit = inRoot('test', 'fakes', 'usb', 'guest', 'init');
const machineInit = inRoot('test', 'fakes', 'usb', 'machine', 'init');

/** Everything that decides what is in the images, but for the versions of Debian's packages: a new one is not worth the wait. */
function wanted() {
  const here = fileURLToPath(import.meta.url);
  const parts = here.replace(/\.mjs$/, '');
  const sources = [here, guestInit, machineInit, ...readdirSync(parts).map((name) => join(parts, name))];
  const hash = createHash('sha256').update(`${process.execPath} ${process.version}`);
  for (const file of sources) hash.update(readFileSync(file));
  return hash.digest('hex').slice(0, 16);
}

/**
 * Makes the virtual machines of `npm run test:usb` from Debian's packages, which are unpacked, not installed. Kept in the
 * cache: it takes half a minute once. Returns three files: the kernel of both, the `initramfs` of the one that reads
 * UPSes, and that of a server that is powered off, `machine`.
 */
export async function prepareUsbVm() {
  provesRedirection();
  const folder = join(cacheFolder(), `usb-vm-${wanted()}`);
  const images = {
    kernel: join(folder, 'vmlinux'),
    initramfs: join(folder, 'initramfs.cpio'),
    machine: join(folder, 'machine.cpio'),
  };
  if (existsSync(folder)) return images;
  say('preparing the virtual machine for the USB tests');
  mkdirSync(dirname(folder), { recursive: true });
  const fresh = mkdtempSync(join(dirname(folder), 'usb-vm-new-'));
  try {
    await make(fresh);
    forgetOlder(dirname(folder), basename(fresh));
    renameSync(fresh, folder);
  } finally {
    rmSync(fresh, { recursive: true, force: true });
  }
  return images;
}

async function make(folder) {
  const work = join(folder, 'work');
  mkdirSync(work);
  if (!isKnown('linux-image-amd64')) await refreshLists();
  const kernel = kernelPackage();
  const debs = await download([...new Set([kernel, ...rootPackages, ...machinePackages])], work);
  const modules = join(work, 'kernel');
  unpackKernel(debs.get(kernel), { folder: modules, image: join(folder, 'vmlinux') });
  const pack = (name, drivers, fill) => {
    const root = join(work, name);
    mkdirSync(root);
    fill(root);
    copyModules(modules, join(root, 'lib', 'modules'), drivers);
    // Not compressed: unpacking takes an emulated processor longer than reading.
    const archive = `find . -print0 | LC_ALL=C sort -z | cpio --null -o -H newc -R 0:0 --quiet > ${join(folder, `${name}.cpio`)}`;
    capture('sh', ['-c', archive], { cwd: root });
  };
  pack('initramfs', rootDrivers, (root) => makeRoot(root, { debs, work, init: guestInit }));
  pack('machine', machineDrivers, (root) => makeMachine(root, { debs, work, init: machineInit }));
  rmSync(work, { recursive: true });
}

/** Some builds of QEMU lack it, and the tests would fail much later. */
function provesRedirection() {
  if (!capture('qemu-system-x86_64', ['-device', 'help']).includes('"usb-redir"')) {
    throw new Stop(
      'this QEMU has no usb-redir device, which the USB tests need: install one that is built with libusbredir.',
    );
  }
}

function forgetOlder(cache, but) {
  for (const name of readdirSync(cache)) {
    if (name.startsWith('usb-vm-') && name !== but) rmSync(join(cache, name), { recursive: true, force: true });
  }
}
