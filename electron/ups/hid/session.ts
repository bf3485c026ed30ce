import { HIDAsync } from 'node-hid';
import { assertNever } from '../../../shared/assert-never.ts';
import type { Reading } from '../../../shared/reading.ts';
import { decodeReport } from './decode.ts';
import { FieldStore } from './field-store.ts';
import { PollPlan } from './poll-plan.ts';
import { ReadingView } from './reading-from-fields.ts';
import { urgentFlags } from './reading-rules.ts';
import type { HidField, ReportDescriptor } from './report-descriptor.ts';
import { ReportReader } from './report-reader.ts';
import { within } from './within.ts';

/** Interrupt reports come one by one: wait for the others of the burst, milliseconds. */
const burst = 3;
const stuckAfter = { open: 15_000, close: 3000 };

interface SessionEvents {
  reading(reading: Reading, fresh: 'poll' | 'interrupt'): void;
  /** It is over: the device is gone, or the process is of no more use (StuckError). Called once. */
  ended(error: unknown): void;
}

/** One opened UPS: polls its feature reports, takes its interrupt reports, tells readings. */
export class UpsSession {
  readonly #device: HIDAsync;
  readonly #upsId: string;
  readonly #events: SessionEvents;
  readonly #store: FieldStore;
  readonly #view: ReadingView;
  readonly #reader: ReportReader;
  readonly #fields = new Map<string, HidField[]>();
  readonly #numbered: boolean;
  readonly #plan: PollPlan;
  #hurry = false;
  #arrivedAt = 0;
  #last: Reading | null = null;
  #burstTimer: NodeJS.Timeout | null = null;
  #wake: () => void = () => undefined;
  #over = false;

  static async open(
    path: string,
    upsId: string,
    descriptor: ReportDescriptor,
    events: SessionEvents,
  ): Promise<UpsSession> {
    // Shared: on macOS an exclusive open would take the UPS away from the system itself.
    const device = await within(stuckAfter.open, 'opening', HIDAsync.open(path, { nonExclusive: true }));
    return new UpsSession(device, upsId, descriptor, events);
  }

  private constructor(device: HIDAsync, upsId: string, { fields, reports }: ReportDescriptor, events: SessionEvents) {
    this.#device = device;
    this.#upsId = upsId;
    this.#events = events;
    this.#store = new FieldStore(fields.filter(({ kind }) => kind !== 'output'));
    this.#view = new ReadingView(this.#store);
    for (const field of fields) {
      const key = `${field.kind} ${field.reportId}`;
      this.#fields.set(key, [...(this.#fields.get(key) ?? []), field]);
    }
    const features = reports.filter(({ kind }) => kind === 'feature');
    this.#reader = new ReportReader(device, new Map(features.map(({ id, bytes }) => [id, bytes])));
    this.#numbered = reports.some(({ id }) => id !== 0);
    const all = features.map(({ id }) => id);
    this.#plan = new PollPlan(this.#view.urgentReports, this.#view.usefulReports, all, performance.now());
  }

  start(): void {
    this.#device.on('error', (error) => this.#end(error));
    this.#device.on('data', (report: Uint8Array) => this.#interrupt(report));
    this.#run().catch((error) => this.#end(error));
  }

  hurry(onBattery: boolean): void {
    this.#hurry = onBattery;
    if (onBattery) this.#pollSoon();
  }

  /** Throws StuckError when the device does not let go. */
  async close(): Promise<void> {
    this.#over = true;
    if (this.#burstTimer) clearTimeout(this.#burstTimer);
    this.#wake();
    await within(stuckAfter.close, 'closing', this.#device.close());
  }

  #end(error: unknown): void {
    if (this.#over) return;
    this.#over = true;
    this.#events.ended(error);
  }

  async #run(): Promise<void> {
    while (!this.#over) {
      const now = performance.now();
      const step = this.#plan.next(now);
      switch (step.do) {
        case 'status':
          await this.#pollStatus(now);
          break;
        case 'report':
          await this.#poll(step.id);
          break;
        case 'wait':
          await this.#sleep(step.ms);
          break;
        default:
          assertNever(step, 'poll step');
      }
    }
  }

  async #pollStatus(started: number): Promise<void> {
    const [lead, ...others] = this.#view.urgentReports;
    if (lead === undefined) return;
    const answered = await this.#poll(lead);
    for (const id of others) await this.#poll(id);
    // Told only when the flag that decides was confirmed just now.
    if (answered && !this.#over) this.#tell('poll');
    this.#plan.statusRead(started, performance.now(), this.#hurry || onBattery(this.#last));
  }

  async #poll(id: number): Promise<boolean> {
    const asked = performance.now();
    const payload = await this.#reader.read(id);
    if (payload === null) return false;
    this.#take(this.#fields.get(`feature ${id}`) ?? [], payload, asked);
    return true;
  }

  #interrupt(report: Uint8Array): void {
    if (this.#over) return;
    const id = this.#numbered ? (report[0] ?? 0) : 0;
    const fields = this.#fields.get(`input ${id}`) ?? [];
    this.#take(fields, this.#numbered ? report.subarray(1) : report, performance.now());
    if (this.#burstTimer || !this.#view.hasUrgent(fields)) return;
    this.#burstTimer = setTimeout(() => {
      this.#burstTimer = null;
      const before = this.#last;
      const after = this.#tell('interrupt');
      // Trust neither way alone: what an interrupt says is asked for at once.
      if (urgentFlags.some((key) => before?.[key] !== after[key])) this.#pollSoon();
    }, burst);
  }

  #take(fields: readonly HidField[], payload: Uint8Array, at: number): void {
    this.#store.apply(decodeReport(fields, payload), at);
    this.#arrivedAt = Date.now();
  }

  #tell(fresh: 'poll' | 'interrupt'): Reading {
    const reading = this.#view.reading(this.#upsId, this.#arrivedAt);
    this.#last = reading;
    this.#events.reading(reading, fresh);
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

function onBattery(reading: Reading | null): boolean {
  return reading?.acPresent === false || (reading?.acPresent === null && reading.discharging === true);
}
