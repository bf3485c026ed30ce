import { setTimeout as wait } from 'node:timers/promises';
import { Guest } from '../../fakes/usb/guest.ts';
import { UsbDevice } from '../../fakes/usb/usb-device.ts';
import { UsbUps } from '../../fakes/usb/usb-ups.ts';
import { image } from '../../usb/support/image.ts';
import { Readers } from '../../usb/support/readers.ts';

/** Milliseconds: by then both have read everything once, and the compiler has done its work; and how long is looked. */
const settled = 20_000;
const watched = 60_000;

/** /proc/<pid>/stat counts hundredths of a second. */
const tick = 10;

const idleNode = ['/usr/bin/node', '--eval', 'setInterval(() => undefined, 1000)'];

export interface Used {
  /** Milliseconds of processor time, user's and system's. */
  cpu: number;
  /** Reports asked for meanwhile. */
  reports: number;
}

/**
 * Our worker and NUT's usbhid-ups side by side in the virtual machine, each on mains with a device of its own, at the
 * same pace: the status every 2 s, the rest every 10 s; and a Node that only wakes up every second. The processor is an
 * emulated one: only the ratio says something.
 */
export async function sideBySide(): Promise<{ ours: Used; nut: Used; idle: Used }> {
  const ups = new UsbUps();
  const forOurs = new UsbDevice(ups, { serial: 'OURS0001' });
  const forNut = new UsbDevice(ups, { serial: 'NUT00001' });
  const guest = new Guest();
  const readers = new Readers(guest);
  try {
    for (const device of [forOurs, forNut]) await guest.attach(device);
    await guest.boot(image());
    await readers.startDriver('calm');
    await readers.startOurs();
    await readers.until('our first reading', () => readers.readings.size > 0);
    const idle = Number(await guest.ask({ op: 'start', name: 'idle', argv: idleNode }));
    await wait(settled);
    const look = async () => ({
      idle: { cpu: await cpuOf(guest, idle), reports: 0 },
      ours: { cpu: await cpuOf(guest, readers.workerPid), reports: forOurs.asked },
      nut: { cpu: await cpuOf(guest, readers.nutPid), reports: forNut.asked },
    });
    const before = await look();
    await wait(watched);
    const after = await look();
    const used = (who: 'ours' | 'nut' | 'idle') => ({
      cpu: after[who].cpu - before[who].cpu,
      reports: after[who].reports - before[who].reports,
    });
    return { ours: used('ours'), nut: used('nut'), idle: used('idle') };
  } finally {
    await guest.close();
  }
}

async function cpuOf(guest: Guest, pid: number): Promise<number> {
  const text = await guest.shell(`cat /proc/${pid}/stat`);
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) * tick;
}
