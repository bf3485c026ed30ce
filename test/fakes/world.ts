import type {
  Clock,
  Probe,
  StepActions,
  StepContext,
  StepTable,
  UpsEvent,
  UpsSource,
} from '../../electron/core/ports.ts';
import { type Fault, FaultError } from '../../shared/fault.ts';
import type { Detail, Reading, Ups } from '../../shared/reading.ts';
import type { Order } from '../../shared/ups-command.ts';
import { reading, ups } from './rack-samples.ts';

/** What goes wrong with a host of the world. */
export type Trouble = 'unreachable' | 'stuck' | 'refuses' | 'hangs';

interface WorldHost {
  power: 'on' | 'dying' | 'off' | 'booting';
  guestsOn: Set<string>;
  maintenance: boolean;
  trouble: Trouble | null;
  /** Powered off while its guests were on. */
  cutHard: boolean;
}

const fault = (code: Fault['code'], what: string): FaultError =>
  new FaultError({ code, what, where: 'world', remedy: 'none' });
const done = (proof: string): Probe => ({ state: 'done', proof });
const not = (seen: string): Probe => ({ state: 'not-done', seen });

const guestsBefore = (context: StepContext): string[] =>
  context.earlier.flatMap(({ data }) => (Array.isArray(data.guests) ? data.guests.map(String) : []));

/** A rack on a manual clock: its hosts take time to die and to come back, refuse, hang and lie. */
export class World {
  readonly hosts = new Map<string, WorldHost>();
  /** Every act that reached a host, as "kind host". */
  readonly acts: string[] = [];
  readonly #clock: Clock;
  readonly dieMs: number;
  readonly bootMs: number;

  constructor(clock: Clock, names: readonly string[], dieMs = 20_000, bootMs = 40_000) {
    this.#clock = clock;
    this.dieMs = dieMs;
    this.bootMs = bootMs;
    for (const name of names) {
      this.hosts.set(name, {
        power: 'on',
        guestsOn: new Set(['vm1', 'vm2']),
        maintenance: false,
        trouble: null,
        cutHard: false,
      });
    }
  }

  host(name: string | undefined): WorldHost {
    const host = this.hosts.get(name ?? '');
    if (!host) throw new Error(`no host ${name}`);
    return host;
  }

  powers(): Record<string, WorldHost['power']> {
    return Object.fromEntries([...this.hosts].map(([name, host]) => [name, host.power]));
  }

  countActs(act: string): number {
    return this.acts.filter((each) => each === act).length;
  }

  readonly steps: StepTable = {
    'power-off': this.#kind(
      (host) =>
        host.power === 'off'
          ? done('silent for 20 s')
          : not(`port 22 is ${host.power === 'dying' ? 'still open' : 'open'}`),
      (host, name) => {
        if (host.trouble === 'stuck') return;
        if (name === 'esx' && host.guestsOn.size > 0) host.cutHard = true;
        host.power = 'dying';
        this.#clock.after(this.dieMs, () => {
          host.power = 'off';
        });
      },
    ),
    'shut-down-guests': this.#kind(
      (host) => {
        if (host.power !== 'on') return this.#unknown('unreachable');
        const guests = [...host.guestsOn];
        return guests.length === 0
          ? done('0 guests on')
          : { state: 'not-done', seen: `on: ${guests.join(' ')}`, data: { guests } };
      },
      (host) => {
        const guests = [...host.guestsOn];
        // One after the other: what is asked for a second time meets fewer.
        guests.forEach((guest, at) => {
          this.#clock.after((this.dieMs * (at + 1)) / guests.length, () => host.guestsOn.delete(guest));
        });
        return { guests };
      },
    ),
    'enter-maintenance': this.#kind(
      (host) =>
        host.power !== 'on' ? this.#unknown('unreachable') : host.maintenance ? done('Enabled') : not('Disabled'),
      (host) => {
        if (host.guestsOn.size > 0) throw fault('command-failed', 'guests are on');
        host.maintenance = true;
      },
    ),
    'exit-maintenance': this.#kind(
      (host) =>
        host.power !== 'on' ? this.#unknown('unreachable') : host.maintenance ? not('Enabled') : done('Disabled'),
      (host) => {
        host.maintenance = false;
      },
    ),
    'start-guests': this.#kind(
      (host, context) => {
        const left = guestsBefore(context).filter((guest) => !host.guestsOn.has(guest));
        return left.length === 0 ? done('all on') : not(`off: ${left.join(' ')}`);
      },
      (host, _name, context) => {
        for (const guest of guestsBefore(context)) host.guestsOn.add(guest);
      },
    ),
    wake: this.#kind(
      (host) => (host.power === 'on' ? done('answers on port 22') : not('silent')),
      (host) => {
        if (host.power !== 'off') return;
        host.power = 'booting';
        this.#clock.after(this.bootMs, () => {
          host.power = 'on';
        });
      },
      true,
    ),
    command: this.#kind(
      () => this.#unknown('state-unknown'),
      () => undefined,
    ),
    wait: this.#waiting(),
    notify: { proveEvery: 1000, probe: async () => not('not shown'), act: async () => ({}) },
  };

  #waiting(): StepActions {
    const until = new Map<string, number>();
    return {
      proveEvery: 1000,
      probe: async ({ step }) =>
        this.#clock.monotonic() >= (until.get(step.id) ?? Number.POSITIVE_INFINITY) ? done('waited') : not('waiting'),
      act: async ({ step }) => {
        if (step.kind === 'wait') until.set(step.id, this.#clock.monotonic() + step.seconds * 1000);
        return {};
      },
    };
  }

  #unknown(code: Fault['code']): Probe {
    return { state: 'unknown', fault: fault(code, 'no answer').fault };
  }

  #kind(
    look: (host: WorldHost, context: StepContext) => Probe,
    act: (host: WorldHost, name: string, context: StepContext) => unknown,
    reachesOff = false,
  ): StepActions {
    return {
      proveEvery: 1000,
      probe: async (context) => look(this.host(context.host?.id), context),
      act: async (context) => {
        const name = context.host?.id ?? '';
        const host = this.host(name);
        if (!reachesOff && (host.power === 'off' || host.power === 'booting' || host.trouble === 'unreachable')) {
          throw fault('unreachable', 'no route to host');
        }
        if (host.trouble === 'refuses') throw fault('not-allowed', 'a password is required');
        this.acts.push(`${context.step.kind} ${name}`);
        if (host.trouble === 'hangs') await new Promise(() => undefined);
        const left = act(host, name, context);
        return left !== null && typeof left === 'object' ? { ...left } : {};
      },
    };
  }
}

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
    this.#listener({ type: 'lost', upsId: this.identity.id, fault: fault('ups-lost', 'unplugged').fault });
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
