import { z } from 'zod';
import { workerMessageSchema } from '../../../electron/ups/hid/messages.ts';
import type { Fault } from '../../../shared/fault.ts';
import type { Reading, Ups } from '../../../shared/reading.ts';
import { inGuest, root } from '../../fakes/usb/checkout.ts';
import type { FromGuest } from '../../fakes/usb/guest/protocol.ts';
import type { Guest } from '../../fakes/usb/guest.ts';

const fromReaderSchema = z.union([workerMessageSchema, z.strictObject({ type: z.literal('worker'), pid: z.number() })]);

/** What NUT and our own worker, both in the virtual machine, say of their UPSes, the newest. */
export class Readers {
  nut: Readonly<Record<string, string>> = {};
  /** By serial number. */
  readonly upses = new Map<string, Ups>();
  readonly readings = new Map<string, Reading>();
  readonly faults: Fault[] = [];
  /** Process ids in the guest. */
  workerPid = -1;
  nutPid = -1;
  readonly #guest: Guest;
  readonly #strange: string[] = [];

  constructor(guest: Guest) {
    this.#guest = guest;
    guest.on((message) => this.#take(message));
  }

  /** NUT's driver, with a section of guest/nut/ups.conf. It has read everything once when this resolves. */
  async startDriver(section: 'quick' | 'calm'): Promise<void> {
    await this.#guest.shell(`/lib/nut/usbhid-ups -u root -a ${section}`);
    this.nutPid = Number(await this.#guest.shell(`cat /run/nut/usbhid-ups-${section}.pid`));
  }

  async startNut(): Promise<void> {
    await this.startDriver('quick');
    await this.#guest.shell('/lib/nut/upsd -u root');
    await this.#guest.ask({ op: 'watch-nut', ups: 'quick', everyMs: 25 });
    await this.until('values of NUT', () => this.nut['battery.charge'] !== undefined);
  }

  async startOurs(): Promise<void> {
    const worker = inGuest(`${root}/out/main/hid-worker.js`);
    const argv = ['/usr/bin/node', this.#guest.program('reader'), worker];
    await this.#guest.ask({ op: 'start', name: 'reader', argv });
  }

  /** Resolves with the milliseconds that it took. */
  until(what: string, holds: () => boolean, ms = 30_000): Promise<number> {
    const started = performance.now();
    const took = () => performance.now() - started;
    if (holds()) return Promise.resolve(0);
    return this.#guest
      .next(what, () => (holds() ? took() : null), ms)
      .catch((error: Error) => {
        throw new Error([error.message, ...this.#strange.slice(-10)].join('\n'));
      });
  }

  #take(message: FromGuest): void {
    if (message.type === 'nut') this.nut = message.variables;
    else if (message.type === 'line') this.#line(message.line);
    else if (message.type === 'ended') this.#strange.push(`${message.name} has ended: ${message.how}`);
  }

  #line(line: string): void {
    const message = fromReaderSchema.safeParse(json(line)).data;
    switch (message?.type) {
      case 'worker':
        this.workerPid = message.pid;
        return;
      case 'found':
        this.upses.set(message.ups.serial, message.ups);
        return;
      case 'reading':
        this.readings.set(serialOf(message.reading.upsId), message.reading);
        return;
      case 'lost':
        this.readings.delete(serialOf(message.upsId));
        this.upses.delete(serialOf(message.upsId));
        return;
      case 'trouble':
        if (message.fault) this.faults.push(message.fault);
        return;
      case 'heartbeat':
        return;
      default:
        this.#strange.push(line);
    }
  }
}

const serialOf = (upsId: string) => upsId.split(':').at(-1) ?? '';

function json(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return null;
  }
}
