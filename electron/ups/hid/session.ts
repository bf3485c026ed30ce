import { HIDAsync } from 'node-hid';
import { assertNever } from '../../../shared/assert-never.ts';
import type { Detail, Reading, Ups } from '../../../shared/reading.ts';
import type { Order } from '../../../shared/ups-command.ts';
import type { Fresh } from '../../core/ports.ts';
import { isOnBattery, withoutTelling } from './ages.ts';
import { type OrderPlan, planOf } from './commands/offers.ts';
import { runOrder } from './commands/run-order.ts';
import { DeviceState } from './device-state.ts';
import { InterruptWatch } from './interrupt-watch.ts';
import { Jobs } from './jobs.ts';
import type { HexDump } from './messages.ts';
import type { ReadStyle } from './platforms/platform.ts';
import { PollPlan } from './poll-plan.ts';
import type { DeviceIds, Quirks } from './quirks/quirks.ts';
import { hexDump } from './raw-dump.ts';
import { urgentFlags } from './reading-rules.ts';
import type { ReportDescriptor } from './report-descriptor.ts';
import { type Asked, ReportReader } from './report-reader.ts';
import { Stalls } from './stalls.ts';
import { within } from './within.ts';

/** Interrupt reports come one by one: wait for the others of the burst, milliseconds. */
const burst = 3;
const stuckAfter = { open: 15_000, close: 3000 };
/** A device that has neither answered nor sent anything for so long is lost, whatever the system thinks; milliseconds. */
const silenceLimit = 20_000;

export interface SessionEvents {
  reading(reading: Reading, fresh: Fresh): void;
  /** Its interrupt reports have stopped, on mains: opening it again is the cure. Told again and again. */
  interruptsStopped(): void;
  /** It is over: the device is gone, or the process is of no more use (StuckError). Called once. */
  ended(error: unknown): void;
}

/** What a session is about. */
export interface SessionDevice {
  path: string;
  ups: Ups;
  ids: DeviceIds;
  descriptor: ReportDescriptor;
  descriptorBytes: Uint8Array;
  quirks: Quirks;
  reads: ReadStyle;
}

/** One opened UPS: polls its feature reports, takes its interrupt reports, tells readings, carries orders out. */
export class UpsSession {
  readonly #device: HIDAsync;
  readonly #about: SessionDevice;
  readonly #events: SessionEvents;
  readonly #state: DeviceState;
  readonly #reader: ReportReader;
  readonly #plan: PollPlan;
  readonly #jobs: Jobs;
  readonly #stalls: Stalls;
  readonly #interrupts = new InterruptWatch();
  #hurry = false;
  /** A report with the flags that decide has been answered since it was opened. */
  #hasPolledStatus = false;
  #heardAt = performance.now();
  #last: Reading | null = null;
  #burstTimer: NodeJS.Timeout | null = null;
  #wake: () => void = () => undefined;
  #over = false;

  static async open(about: SessionDevice, events: SessionEvents): Promise<UpsSession> {
    // Shared: on macOS an exclusive open would take the UPS away from the system itself.
    const device = await within(stuckAfter.open, 'opening', HIDAsync.open(about.path, { nonExclusive: true }));
    return new UpsSession(device, about, events);
  }

  private constructor(device: HIDAsync, about: SessionDevice, events: SessionEvents) {
    const { descriptor, quirks, reads, ups } = about;
    const { pauseBetween, restEvery } = quirks.polling;
    this.#device = device;
    this.#about = about;
    this.#events = events;
    this.#jobs = new Jobs(ups.name);
    this.#state = new DeviceState(descriptor, quirks);
    const { features, urgentReports, usefulReports: useful } = this.#state;
    this.#stalls = new Stalls(urgentReports);
    this.#reader = new ReportReader(device, features, reads, pauseBetween);
    // Where no flag can be polled, something else stands for the status: its answer shows at least that the device lives.
    const status = urgentReports.size > 0 ? urgentReports : new Set([...useful].slice(0, 1));
    this.#plan = new PollPlan({ status, useful, all: [...features.keys()] }, restEvery, performance.now());
  }

  start(): void {
    this.#device.on('error', (error) => this.#end(error));
    if (!this.#about.quirks.polling.ignoreInterrupts) {
      this.#device.on('data', (report: Uint8Array) => this.#interrupt(report));
    }
    this.#run().catch((error) => this.#end(error));
  }

  hurry(onBattery: boolean): void {
    this.#hurry = onBattery;
    if (onBattery) this.#pollSoon();
  }

  /** @throws FaultError `ups-refused`, `ups-lost` */
  async command(order: Order): Promise<string> {
    const { ups, ids, descriptor, quirks } = this.#about;
    const plan = planOf(order, quirks.family, { fields: descriptor.fields, product: ids.product }, ups.name);
    return this.#whenFree(() => this.#carryOut(plan));
  }

  details(): Detail[] {
    return this.#state.details();
  }

  /** Asks for every feature report, one between two polls each. @throws FaultError `ups-lost` */
  async dump(): Promise<HexDump> {
    const { descriptorBytes: descriptor, ids } = this.#about;
    const features = new Map<number, Asked>();
    for (const id of this.#state.features.keys()) features.set(id, await this.#whenFree(() => this.#reader.ask(id)));
    return hexDump({ ids, descriptor, features, inputs: this.#state.inputs });
  }

  /** Throws StuckError when the device does not let go. */
  async close(): Promise<void> {
    this.#over = true;
    this.#jobs.end('it is being closed');
    if (this.#burstTimer) clearTimeout(this.#burstTimer);
    this.#wake();
    await within(stuckAfter.close, 'closing', this.#device.close());
  }

  #end(error: unknown): void {
    if (this.#over) return;
    this.#over = true;
    this.#jobs.end(error);
    this.#events.ended(error);
  }

  async #run(): Promise<void> {
    while (!this.#over) {
      if (this.#jobs.waiting) await this.#jobs.next();
      const now = performance.now();
      if (now - this.#heardAt > silenceLimit) throw new Error(`it has not answered for ${silenceLimit / 1000} s`);
      const step = this.#plan.next(now);
      switch (step.do) {
        case 'status':
          await this.#pollStatus(now);
          break;
        case 'report':
          if (this.#stalls.mayAsk(step.id, now)) await this.#poll(step.id);
          break;
        case 'wait':
          if (!this.#jobs.waiting) await this.#sleep(step.ms);
          break;
        default:
          assertNever(step, 'poll step');
      }
    }
  }

  async #pollStatus(started: number): Promise<void> {
    const [lead, ...others] = this.#state.urgentReports;
    // Always asked for, however often it was not answered: it is what this program is for.
    const answered = lead !== undefined && (await this.#poll(lead));
    this.#hasPolledStatus ||= answered;
    const failing = others.filter((id) => this.#stalls.isFailing(id));
    for (const id of others) if (!failing.includes(id)) await this.#poll(id);
    // Told only when the flag that decides was confirmed just now.
    if (answered && !this.#over) this.#tell('poll');
    // Some tell their flags by interrupt alone, or not at all: what else they say is told without confirming anything.
    else if (!this.#hasPolledStatus && (await this.#answersAnything()) && !this.#over) this.#tell('none');
    await this.#pollFailing(failing);
    const now = performance.now();
    const outage = this.#hurry || (this.#last !== null && isOnBattery(this.#last));
    if (!outage && !this.#over && this.#interrupts.stopped(now)) this.#events.interruptsStopped();
    this.#plan.statusRead(started, now, outage);
  }

  /** One of them, after the news is told: each may take 5 s to fail again. What it tells is told with the next status. */
  async #pollFailing(failing: readonly number[]): Promise<void> {
    const due = failing.find((id) => this.#stalls.mayAsk(id, performance.now()));
    if (due === undefined || this.#over) return;
    if (await this.#poll(due)) this.#plan.soon(performance.now());
  }

  async #answersAnything(): Promise<boolean> {
    for (const id of this.#state.usefulReports) {
      if (this.#stalls.mayAsk(id, performance.now()) && (await this.#poll(id))) return true;
    }
    return false;
  }

  async #poll(id: number): Promise<boolean> {
    const asked = performance.now();
    const payload = await this.#reader.read(id);
    if (payload === null) {
      this.#stalls.failed(id, performance.now());
      return false;
    }
    this.#stalls.answered(id);
    this.#heardAt = performance.now();
    if (this.#state.polled(id, payload, asked)) this.#interrupts.changed();
    return true;
  }

  #interrupt(report: Uint8Array): void {
    if (this.#over) return;
    const now = performance.now();
    const taken = this.#state.interrupted(report, now);
    if (!taken) return;
    this.#heardAt = now;
    this.#interrupts.came(now);
    if (this.#burstTimer || !taken.urgent) return;
    this.#burstTimer = setTimeout(() => {
      this.#burstTimer = null;
      const before = this.#last;
      const after = this.#tell('interrupt');
      // Trust neither way alone: what an interrupt says is asked for at once.
      if (urgentFlags.some((key) => before?.[key] !== after[key])) this.#pollSoon();
    }, burst);
  }

  async #carryOut(plan: OrderPlan): Promise<string> {
    try {
      return await runOrder(plan, this.#reader, this.#about.ups.name);
    } finally {
      this.#plan.afresh(performance.now());
    }
  }

  #whenFree<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#jobs.add(work);
    this.#wake();
    return done;
  }

  #tell(fresh: Fresh): Reading {
    const reading = this.#state.readingAt(this.#about.ups.id, performance.now(), this.#hurry);
    this.#last = reading;
    this.#events.reading(fresh === 'none' ? withoutTelling(reading) : reading, fresh);
    return reading;
  }

  #pollSoon(): void {
    this.#plan.soon(performance.now());
    this.#wake();
  }

  #sleep(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
