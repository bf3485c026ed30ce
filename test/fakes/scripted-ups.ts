import type { Clock, UpsEvent, UpsSource } from '../../electron/core/ports.ts';
import { FaultError } from '../../shared/fault.ts';
import type { Detail, Reading, Ups } from '../../shared/reading.ts';
import type { Order } from '../../shared/ups-command.ts';
import { reading, ups } from './rack-samples.ts';

/** A UPS on a manual clock that is polled every second, as the HID source does. */
export class ScriptedUps implements UpsSource {
  #listener: (event: UpsEvent) => void = () => undefined;
  #stop: () => void = () => undefined;
  readonly #clock: Clock;
  identity: Ups;
  plugged = true;
  now: Partial<Reading> = { acPresent: true, charging: false, discharging: false, charge: 100, runtime: 3600 };
  /** Runtime falls by a second a second while on battery. */
  drains = true;

  constructor(clock: Clock, identity: Ups = ups) {
    this.#clock = clock;
    this.identity = identity;
  }

  start(listener: (event: UpsEvent) => void): void {
    this.#listener = listener;
    listener({ type: 'found', ups: this.identity });
    this.#poll();
  }

  stop(): Promise<void> {
    this.#stop();
    return Promise.resolve();
  }

  hurry(): void {
    // Polls every second anyway.
  }

  has(upsId: string): boolean {
    return upsId === this.identity.id;
  }

  /** Every order that reached it, as "command delay". */
  readonly orders: string[] = [];

  command(_upsId: string, order: Order): Promise<string> {
    this.orders.push(`${order.command} ${order.delay}`);
    return Promise.resolve(`does ${order.command}`);
  }

  details(): Promise<Detail[]> {
    return Promise.resolve([]);
  }

  cut(patch: Partial<Reading> = {}): void {
    this.now = { ...this.now, acPresent: false, discharging: true, ...patch };
    if (this.plugged) this.#say('interrupt');
  }

  restore(patch: Partial<Reading> = {}): void {
    this.now = { ...this.now, acPresent: true, discharging: false, ...patch };
    if (this.plugged) this.#say('interrupt');
  }

  unplug(): void {
    this.plugged = false;
    this.#listener({ type: 'lost', upsId: this.identity.id, fault: unplugged.fault });
  }

  plug(): void {
    this.plugged = true;
    this.#listener({ type: 'found', ups: this.identity });
  }

  #say(fresh: 'poll' | 'interrupt'): void {
    this.#listener({
      type: 'reading',
      reading: { ...reading(this.now, this.#clock.now()), upsId: this.identity.id },
      fresh,
    });
  }

  #poll(): void {
    if (this.drains && this.now.acPresent === false && typeof this.now.runtime === 'number')
      this.now.runtime = Math.max(0, this.now.runtime - 1);
    if (this.plugged) this.#say('poll');
    this.#stop = this.#clock.after(1000, () => this.#poll());
  }
}

const unplugged = new FaultError({ code: 'ups-lost', what: 'unplugged', where: 'world', remedy: 'none' });
