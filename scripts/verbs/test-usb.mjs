import { existsSync, readdirSync } from 'node:fs';
import { build } from '../setup/build.mjs';
import { inRoot } from '../setup/paths.mjs';
import { Stop, say } from '../setup/say.mjs';
import { ensureSystem, findCommand } from '../setup/system.mjs';
import { systemPackages } from '../setup/system-packages.mjs';
import { isCi } from '../setup/test-environment.mjs';
import { prepareUsbVm } from '../setup/usb-vm.mjs';
import { none, vitest } from '../setup/vitest.mjs';

/** A real kernel with emulated UPSes on its USB, read by NUT's driver and by ours, once the worker is built. */
async function usbTests(rest = []) {
  return vitest('usb', { rest, env: await usbVmEnv() });
}

/** The virtual machine, made where it is not there yet, as the tests and the benchmarks look for it. */
export async function usbVmEnv() {
  await ensureSystem('usb');
  const { kernel, initramfs, machine } = await prepareUsbVm();
  return { GLIDEPATH_USB_KERNEL: kernel, GLIDEPATH_USB_INITRAMFS: initramfs, GLIDEPATH_REAL_MACHINE: machine };
}

/** What keeps them from running here; undefined: nothing. The kernel and NUT come from Debian, for its PCs. */
export function whyNoUsbTests() {
  if (process.platform !== 'linux' || process.arch !== 'x64') return 'they need Linux on x64';
  if (!existsSync('/etc/debian_version') || !findCommand('apt-get')) return 'they take their kernel from Debian';
  const missing = systemPackages.usb.find((row) => !findCommand(row.command));
  return process.getuid() !== 0 && missing ? `${missing.package} is not installed` : undefined;
}

/** As a part of everything: where they cannot run they are counted as skipped, by the file. */
export async function usbPart() {
  const why = whyNoUsbTests();
  if (why === undefined || isCi()) return usbTests();
  say(`skipped, counted by the file: the USB tests, as ${why}`);
  return { ...none, skipped: readdirSync(inRoot('test', 'usb')).filter((name) => name.endsWith('.test.ts')).length };
}

export default async function (rest) {
  const why = whyNoUsbTests();
  if (why !== undefined) throw new Stop(`the USB tests cannot run here: ${why}.`);
  await build();
  return (await usbTests(rest)).failed === 0 ? 0 : 1;
}
