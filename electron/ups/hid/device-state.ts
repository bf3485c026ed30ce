import type { Detail, Reading } from '../../../shared/reading.ts';
import { withoutStale } from './ages.ts';
import { decodeReport } from './decode.ts';
import { FieldStore, type Slot } from './field-store.ts';
import type { Quirks } from './quirks/quirks.ts';
import { ReadingView } from './reading-from-fields.ts';
import type { HidField, ReportDescriptor } from './report-descriptor.ts';

/** What one device has told so far, by whichever way. Times are milliseconds, monotonic. */
export class DeviceState {
  /** Payload bytes of each feature report. */
  readonly features: ReadonlyMap<number, number>;
  /** The last input report of each id. */
  readonly inputs = new Map<number, Uint8Array>();
  readonly #store: FieldStore;
  readonly #view: ReadingView;
  readonly #fields = new Map<string, HidField[]>();
  readonly #numbered: boolean;
  /** What interrupt reports carry. */
  readonly #carried: ReadonlySet<Slot>;
  /** When the newest part arrived, ms since the epoch. */
  #arrivedAt = 0;

  constructor({ fields, reports }: ReportDescriptor, quirks: Quirks) {
    this.#store = new FieldStore(fields.filter(({ kind }) => kind !== 'output'));
    this.#view = new ReadingView(this.#store, quirks);
    for (const field of fields) {
      const key = `${field.kind} ${field.reportId}`;
      this.#fields.set(key, [...(this.#fields.get(key) ?? []), field]);
    }
    this.features = new Map(reports.filter(({ kind }) => kind === 'feature').map(({ id, bytes }) => [id, bytes]));
    this.#numbered = reports.some(({ id }) => id !== 0);
    const inputs = fields.filter(({ kind }) => kind === 'input');
    this.#carried = new Set(inputs.flatMap((field) => this.#store.slotsOf(field)));
  }

  /** Feature reports with the flags that decide, the first of them first. */
  get urgentReports(): ReadonlySet<number> {
    return this.#view.urgentReports;
  }

  /** Feature reports with anything that a reading holds. */
  get usefulReports(): ReadonlySet<number> {
    return this.#view.usefulReports;
  }

  /** A feature report that was asked for at `asked`. True: it changed something that interrupt reports carry. */
  polled(id: number, payload: Uint8Array, asked: number): boolean {
    const fields = this.#fields.get(`feature ${id}`) ?? [];
    const before = this.#shownByInterrupts(fields);
    this.#take(fields, payload, asked);
    return before !== this.#shownByInterrupts(fields);
  }

  /** A report that came by itself. Null: it is not the UPS's; else whether it has a flag that decides. */
  interrupted(report: Uint8Array, at: number): { urgent: boolean } | null {
    const id = this.#numbered ? (report[0] ?? 0) : 0;
    const fields = this.#fields.get(`input ${id}`);
    // Of another collection of the same device, or nonsense.
    if (!fields) return null;
    const payload = this.#numbered ? report.subarray(1) : report;
    this.inputs.set(id, payload);
    this.#take(fields, payload, at);
    return { urgent: this.#view.hasUrgent(fields) };
  }

  reading(upsId: string): Reading {
    return this.#view.reading(upsId, this.#arrivedAt);
  }

  /** As `reading`, without flags that are too old to be believed at `now`. `hurry`: there is an outage. */
  readingAt(upsId: string, now: number, hurry: boolean): Reading {
    return withoutStale(this.reading(upsId), (flag) => this.#view.sampledAt(flag), now, hurry);
  }

  details(): Detail[] {
    return this.#view.details();
  }

  #take(fields: readonly HidField[], payload: Uint8Array, at: number): void {
    this.#store.apply(decodeReport(fields, payload), at);
    this.#arrivedAt = Date.now();
  }

  /** The values, as text, of those of these fields that interrupt reports carry too. */
  #shownByInterrupts(fields: readonly HidField[]): string {
    const slots = fields.flatMap((field) => this.#store.slotsOf(field)).filter((slot) => this.#carried.has(slot));
    return slots.map((slot) => this.#store.read(slot)?.raw ?? '').join(' ');
  }
}
