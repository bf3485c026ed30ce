import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { Stop } from '../say.mjs';
import { capture } from './capture.mjs';
import { unpack } from './packages.mjs';

/** The package behind Debian's newest kernel: `linux-image-6.1.0-56-amd64`. */
export function kernelPackage() {
  const depends = capture('apt-cache', ['depends', 'linux-image-amd64']);
  const name = /Depends: (linux-image-\S+)/.exec(depends)?.[1];
  if (!name) throw new Stop('apt knows no kernel: linux-image-amd64 depends on nothing.');
  return name;
}

/** Unpacks it and its modules into `folder`, and makes `image` of it, which QEMU starts. */
export function unpackKernel(deb, { folder, image }) {
  mkdirSync(folder);
  const kinds = ['char', 'hid', 'usb', 'virtio', 'net'].map((kind) => `*/kernel/drivers/${kind}/*`);
  unpack(deb, folder, ['./boot/vmlinuz-*', ...kinds, '*/kernel/fs/*', '*/kernel/net/9p/*', '*/kernel/net/core/*']);
  writeFileSync(image, unpackedImage(folder));
}

/** QEMU starts an unpacked kernel at once (PVH); unpacking itself takes it seconds in emulation. */
function unpackedImage(folder) {
  const name = readdirSync(join(folder, 'boot')).find((file) => file.startsWith('vmlinuz-'));
  const packed = readFileSync(join(folder, 'boot', name));
  const start = packed.indexOf(Buffer.from('fd377a585a00', 'hex')); // the magic number of xz
  // What follows the compressed part makes xz complain, rightly, at the end.
  const { stdout } = spawnSync('xz', ['-dc', '--single-stream'], { input: packed.subarray(start), maxBuffer: 2 ** 28 });
  if (start < 0 || stdout.subarray(1, 4).toString() !== 'ELF') throw new Stop(`${name} is not packed with xz.`);
  return stdout;
}

/** The drivers and what they need, from where the kernel is unpacked, with their order: a module names those that it needs in itself. */
export function copyModules(folder, modules, drivers) {
  mkdirSync(modules, { recursive: true });
  const files = new Map(
    readdirSync(folder, { recursive: true })
      .filter((path) => path.endsWith('.ko'))
      .map((path) => [basename(path, '.ko').replaceAll('-', '_'), join(folder, path)]),
  );
  const order = [];
  const add = (name) => {
    const file = files.get(name);
    if (!file) throw new Stop(`the kernel has no module ${name}.`);
    const needs = /\0depends=([^\0]*)\0/.exec(readFileSync(file, 'latin1'))?.[1] ?? '';
    for (const needed of needs.split(',').filter(Boolean)) add(needed.replaceAll('-', '_'));
    if (order.includes(basename(file))) return;
    copyFileSync(file, join(modules, basename(file)));
    order.push(basename(file));
  };
  for (const name of drivers) add(name);
  writeFileSync(join(modules, 'order'), `${order.join('\n')}\n`);
}
