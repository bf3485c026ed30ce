import { FaultError } from '../../../shared/fault.ts';
import type { Clock, UpsEvent, UpsSource } from '../ports.ts';
import type { PowerRoom } from './power-room.ts';
import type { ModelSupply } from './supply.ts';

/** Ms between two readings: on mains no more than a UPS may be silent. */
const pollEvery = { battery: 1000, mains: 3000 };

export interface Drawing {
  /** The host is on, so it draws power. */
  isOn(hostId: string): boolean;
  /** Time has passed, and the power may have gone from some hosts. */
  passed(): void;
}

/** All UPSes of the simulation as one source. It lets time pass for their batteries, second by second. */
export class PowerSource implements UpsSource {
  readonly #clock: Clock;
  readonly #room: PowerRoom;
  readonly #hosts: Drawing;
  readonly #dead = new Set<ModelSupply>();
  #listener: (event: UpsEvent) => void = () => undefined;
  #workedOutTo: number;
  #stop: () => void = () => undefined;

  constructor(clock: Clock, room: PowerRoom, hosts: Drawing) {
    this.#clock = clock;
    this.#room = room;
    this.#hosts = hosts;
    this.#workedOutTo = clock.monotonic();
  }

  /** From now on time passes for the batteries, whoever listens. */
  begin(): void {
    this.#poll();
  }

  start(listener: (event: UpsEvent) => void): void {
    this.#listener = listener;
    for (const supply of this.#room.supplies) if (!this.#dead.has(supply)) listener({ type: 'found', ups: supply.ups });
    this.#tell('poll');
  }

  stop(): Promise<void> {
    this.#listener = () => undefined;
    return Promise.resolve();
  }

  /** Nobody is left to whom anything is told, and no battery empties any more. */
  end(): void {
    this.#stop();
  }

  hurry(): void {
    // On battery it tells something every second anyway.
  }

  has(upsId: string): boolean {
    return this.#room.supplies.some(({ ups }) => ups.id === upsId);
  }

  command(upsId: string): Promise<string> {
    const fault = { code: 'refused', what: 'a UPS of the simulation takes no commands', where: upsId } as const;
    return Promise.reject(new FaultError({ ...fault, remedy: 'None is needed.' }));
  }

  details(): Promise<[]> {
    return Promise.resolve([]);
  }

  /** A UPS turns off after so many seconds. Returns what calls it off. */
  turnOff(upsId: string, seconds: number, comesBack: boolean): () => void {
    const supply = this.#room.supplies.find(({ ups }) => ups.id === upsId);
    return this.#clock.after(seconds * 1000, () => {
      this.#pass();
      supply?.turnOff(comesBack);
      this.#pass();
      this.#tell('interrupt');
    });
  }

  /** The mains fail, or are back. UPSes tell it at once. */
  setMains(hasMains: boolean): void {
    this.#pass();
    this.#room.setMains(hasMains);
    this.#pass();
    this.#tell('interrupt');
    this.#stop();
    this.#stop = this.#clock.after(1000, () => this.#poll());
  }

  #poll(): void {
    this.#pass();
    this.#tell('poll');
    // Until the mains are back nothing changes, and nobody tells anything.
    if (!this.#room.supplies.some(({ lives }) => lives)) return;
    const every = this.#room.hasMains ? pollEvery.mains : pollEvery.battery;
    this.#stop = this.#clock.after(every, () => this.#poll());
  }

  #pass(): void {
    const now = this.#clock.monotonic();
    this.#room.pass((now - this.#workedOutTo) / 1000, (hostId) => this.#hosts.isOn(hostId));
    this.#workedOutTo = now;
    this.#hosts.passed();
  }

  /** One whose battery is empty goes off and tells nothing any more, until the mains are back. */
  #tell(fresh: 'poll' | 'interrupt'): void {
    const at = this.#clock.now();
    for (const supply of this.#room.supplies) {
      const { ups, isUp } = supply;
      if (!isUp && !this.#dead.has(supply)) {
        this.#dead.add(supply);
        const what = supply.isTurnedOff ? 'it is turned off' : 'its battery is empty';
        const fault = { code: 'ups-lost', what, where: ups.name } as const;
        this.#listener({ type: 'lost', upsId: ups.id, fault: { ...fault, remedy: 'Wait until the mains are back.' } });
      } else if (isUp && this.#dead.delete(supply)) {
        this.#listener({ type: 'found', ups });
      }
      if (isUp) this.#listener({ type: 'reading', reading: supply.reading(at), fresh });
    }
  }
}
