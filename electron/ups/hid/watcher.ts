import { type Fault, FaultError } from '../../../shared/fault.ts';
import type { Ups } from '../../../shared/reading.ts';
import { type Candidate, findCandidates, upsDescriptor } from './candidates.ts';
import { offersOf } from './commands/offers.ts';
import { identify } from './identity.ts';
import { lostFault } from './lost-fault.ts';
import type { WorkerMessage } from './messages.ts';
import type { Platform } from './platforms/platform.ts';
import { quirksFor } from './quirks/quirks.ts';
import { Retry } from './retry.ts';
import { type SessionDevice, UpsSession } from './session.ts';
import { SharedSerials } from './shared-serials.ts';
import { StuckError, within } from './within.ts';

/** Milliseconds between two looks for devices: there are no hot-plug events. After a loss the first one comes sooner. */
const look = { afterLoss: 2050, missing: 3000, calm: 10_000 };
const lookStuckAfter = 15_000;

interface Open {
  ups: Ups;
  session: UpsSession;
  /** Monotonic, milliseconds. */
  openedAt: number;
}

/** Finds UPSes, opens them, and opens them again when they are lost. */
export class UpsWatcher {
  readonly #platform: Platform;
  readonly #send: (message: WorkerMessage) => void;
  /** Called when a native call hangs: only a new process helps. */
  readonly #giveUp: () => void;
  readonly #open = new Map<string, Open>();
  readonly #missing = new Set<string>();
  /** Closed on purpose, and not told: they are back before anybody has to know. */
  readonly #cured = new Map<string, Ups>();
  readonly #retry = new Retry();
  readonly #shared = new SharedSerials();
  /** By device path. */
  readonly #troubles = new Map<string, Fault>();
  /** Where another program had taken a UPS at the look before this one. */
  #taken: readonly string[] = [];
  #told: Fault | null = null;
  #onBattery = false;
  #timer: NodeJS.Timeout | null = null;
  #looking = false;
  #stopped = false;

  constructor(platform: Platform, send: (message: WorkerMessage) => void, giveUp: () => void) {
    this.#platform = platform;
    this.#send = send;
    this.#giveUp = giveUp;
  }

  begin(quietMs: number): void {
    this.#lookIn(quietMs);
  }

  hurry(onBattery: boolean): void {
    this.#onBattery = onBattery;
    for (const { session } of this.#open.values()) session.hurry(onBattery);
  }

  /** @throws FaultError `ups-lost` when it is not open now */
  session(upsId: string): UpsSession {
    const found = [...this.#open.values()].find(({ ups }) => ups.id === upsId);
    if (!found || this.#missing.has(upsId)) throw new FaultError(lostFault(upsId, 'it is not connected now'));
    return found.session;
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    if (this.#timer) clearTimeout(this.#timer);
    await Promise.all([...this.#open.values()].map(({ session }) => session.close()));
  }

  #lookIn(ms: number): void {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#look().catch(() => this.#giveUp());
    }, ms);
  }

  async #look(): Promise<void> {
    if (this.#looking || this.#stopped) return;
    this.#looking = true;
    try {
      const candidates = await within(lookStuckAfter, 'looking for UPSes', findCandidates(this.#platform));
      this.#shared.note(candidates);
      // Nobody comes back under an id that two units have.
      for (const id of this.#missing) if (this.#shared.has(id)) this.#missing.delete(id);
      for (const path of this.#troubles.keys()) {
        if (!candidates.some((candidate) => candidate.path === path)) this.#troubles.delete(path);
      }
      for (const candidate of candidates) await this.#tryOpen(candidate);
      this.#tellNotBack();
      this.#tellTrouble();
    } finally {
      this.#looking = false;
    }
    if (!this.#stopped) this.#lookIn(this.#open.size === 0 || this.#missing.size > 0 ? look.missing : look.calm);
  }

  async #tryOpen(candidate: Candidate): Promise<void> {
    const { path } = candidate;
    if (this.#open.has(path) || this.#stopped) return;
    const ups = identify(candidate, (id) => this.#shared.has(id));
    // It was plugged in elsewhere a moment ago, and that is not noticed yet: the next look opens it. One that was lost is
    // only still being closed there.
    if (!this.#missing.has(ups.id) && [...this.#open.values()].some((open) => open.ups.id === ups.id)) return;
    if (!this.#retry.mayOpen(ups.id, performance.now())) return;
    try {
      const device = await this.#described(candidate, ups);
      const session = await UpsSession.open(device, {
        reading: (reading, fresh) => this.#send({ type: 'reading', reading, fresh }),
        interruptsStopped: () => this.#cure(path),
        ended: (error) => this.#ended(path, error),
      });
      this.#open.set(path, { ups: device.ups, session, openedAt: performance.now() });
      this.#troubles.delete(path);
      this.#missing.delete(ups.id);
      this.#cured.delete(ups.id);
      this.#send({ type: 'found', ups: device.ups });
      session.start();
      session.hurry(this.#onBattery);
    } catch (error) {
      if (error instanceof StuckError) throw error;
      this.#troubles.set(path, this.#refused(candidate, ups, error));
    }
  }

  async #described(candidate: Candidate, ups: Ups): Promise<SessionDevice> {
    const descriptorBytes = await this.#platform.descriptorOf(candidate);
    const descriptor = upsDescriptor(descriptorBytes);
    const quirks = quirksFor(candidate, descriptor);
    const offers = offersOf(quirks.family, { fields: descriptor.fields, product: candidate.product });
    return {
      path: candidate.path,
      ups: { ...ups, offers },
      ids: candidate,
      descriptor,
      descriptorBytes,
      quirks,
      reads: this.#platform.reads,
    };
  }

  #refused(candidate: Candidate, ups: Ups, error: unknown): Fault {
    const message = error instanceof Error ? error.message : String(error);
    // The system refused before the device was touched: no need to leave it alone.
    const denied = this.#platform.noAccess(message, ups.name, candidate);
    if (denied) return denied;
    this.#retry.failed(ups.id, performance.now());
    if (error instanceof FaultError) return { ...error.fault, where: `${ups.name} at ${candidate.path}` };
    return {
      code: 'ups-read-failed',
      what: `It could not be opened: ${message}`.slice(0, 2000),
      where: `${ups.name} at ${candidate.path}`,
      remedy: 'Glidepath keeps trying. See whether another program, such as NUT or apcupsd, uses it.',
    };
  }

  #cure(path: string): void {
    const open = this.#open.get(path);
    if (!open || this.#missing.has(open.ups.id) || !this.#retry.mayCure(open.ups.id, performance.now())) return;
    this.#cured.set(open.ups.id, open.ups);
    this.#closeAndLook(path, open);
  }

  #ended(path: string, error: unknown): void {
    const open = this.#open.get(path);
    if (!open) return;
    if (error instanceof StuckError) {
      this.#giveUp();
      return;
    }
    this.#send({ type: 'lost', upsId: open.ups.id, fault: lostFault(open.ups.name, error) });
    this.#closeAndLook(path, open);
  }

  #closeAndLook(path: string, { ups, session, openedAt }: Open): void {
    this.#retry.lost(ups.id, openedAt, performance.now());
    this.#missing.add(ups.id);
    // Its entry stays until it is closed, so that nobody opens it twice.
    session
      .close()
      .catch((closing) => {
        if (closing instanceof StuckError) this.#giveUp();
      })
      .finally(() => {
        this.#open.delete(path);
        if (!this.#stopped) this.#lookIn(look.afterLoss);
      });
  }

  /** Those that were closed as a cure, and did not open again. */
  #tellNotBack(): void {
    for (const { id, name } of this.#cured.values()) {
      if ([...this.#open.values()].some(({ ups }) => ups.id === id)) continue;
      this.#cured.delete(id);
      this.#send({ type: 'lost', upsId: id, fault: lostFault(name, 'it did not come back when it was opened again') });
    }
  }

  #tellTrouble(): void {
    const taken = this.#platform.taken();
    // Told when seen twice: one that is plugged in just now has no driver for a moment.
    const sure = taken.filter(({ where }) => this.#taken.includes(where));
    this.#taken = taken.map(({ where }) => where);
    const fault = [...this.#troubles.values(), ...sure][0] ?? null;
    if (JSON.stringify(fault) === JSON.stringify(this.#told)) return;
    this.#told = fault;
    this.#send({ type: 'trouble', fault });
  }
}
