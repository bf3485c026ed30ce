import { type Fault, FaultError } from '../../../shared/fault.ts';
import type { Ups } from '../../../shared/reading.ts';
import { type Candidate, descriptorOf, findCandidates } from './candidates.ts';
import { identify } from './identity.ts';
import type { WorkerMessage } from './messages.ts';
import { Retry } from './retry.ts';
import { UpsSession } from './session.ts';
import { noAccess } from './udev-rule.ts';
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
  readonly #send: (message: WorkerMessage) => void;
  /** Called when a native call hangs: only a new process helps. */
  readonly #giveUp: () => void;
  readonly #open = new Map<string, Open>();
  readonly #missing = new Set<string>();
  readonly #retry = new Retry();
  /** By device path. */
  readonly #troubles = new Map<string, Fault>();
  #told: Fault | null = null;
  #onBattery = false;
  #timer: NodeJS.Timeout | null = null;
  #looking = false;
  #stopped = false;

  constructor(send: (message: WorkerMessage) => void, giveUp: () => void) {
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
      const candidates = await within(lookStuckAfter, 'looking for UPSes', findCandidates());
      for (const path of this.#troubles.keys()) {
        if (!candidates.some((candidate) => candidate.path === path)) this.#troubles.delete(path);
      }
      for (const candidate of candidates) await this.#tryOpen(candidate);
      this.#tellTrouble();
    } finally {
      this.#looking = false;
    }
    if (!this.#stopped) this.#lookIn(this.#open.size === 0 || this.#missing.size > 0 ? look.missing : look.calm);
  }

  async #tryOpen(candidate: Candidate): Promise<void> {
    const { path } = candidate;
    if (this.#open.has(path) || this.#stopped) return;
    const ups = identify(candidate, (id) => {
      // One that was lost is only still being closed: when it comes back under another number, it is the same one.
      return !this.#missing.has(id) && [...this.#open.values()].some((open) => open.ups.id === id);
    });
    if (!this.#retry.mayOpen(ups.id, performance.now())) return;
    try {
      const session = await UpsSession.open(path, ups.id, descriptorOf(candidate), {
        reading: (reading, fresh) => this.#send({ type: 'reading', reading, fresh }),
        ended: (error) => this.#ended(path, error),
      });
      this.#open.set(path, { ups, session, openedAt: performance.now() });
      this.#troubles.delete(path);
      this.#missing.delete(ups.id);
      this.#send({ type: 'found', ups });
      session.start();
      session.hurry(this.#onBattery);
    } catch (error) {
      if (error instanceof StuckError) throw error;
      this.#troubles.set(path, this.#refused(candidate, ups, error));
    }
  }

  #refused(candidate: Candidate, ups: Ups, error: unknown): Fault {
    const message = error instanceof Error ? error.message : String(error);
    // The system refused before the device was touched: no need to leave it alone.
    if (/permission denied/i.test(message)) return noAccess(ups.name, candidate.path, candidate).fault;
    this.#retry.failed(ups.id, performance.now());
    if (error instanceof FaultError) return { ...error.fault, where: `${ups.name} at ${candidate.path}` };
    return {
      code: 'ups-read-failed',
      what: `It could not be opened: ${message}`.slice(0, 2000),
      where: `${ups.name} at ${candidate.path}`,
      remedy: 'Glidepath keeps trying. See whether another program, such as NUT or apcupsd, uses it.',
    };
  }

  #ended(path: string, error: unknown): void {
    const open = this.#open.get(path);
    if (!open) return;
    if (error instanceof StuckError) {
      this.#giveUp();
      return;
    }
    const { ups, session, openedAt } = open;
    this.#retry.lost(ups.id, openedAt, performance.now());
    this.#missing.add(ups.id);
    this.#send({ type: 'lost', upsId: ups.id, fault: lostFault(ups, error) });
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

  #tellTrouble(): void {
    const fault = [...this.#troubles.values()][0] ?? null;
    if (JSON.stringify(fault) === JSON.stringify(this.#told)) return;
    this.#told = fault;
    this.#send({ type: 'trouble', fault });
  }
}

function lostFault(ups: Ups, error: unknown): Fault {
  return {
    code: 'ups-lost',
    what: `The USB connection broke off: ${error instanceof Error ? error.message : String(error)}`.slice(0, 2000),
    where: ups.name,
    remedy: 'See that the USB cable between the UPS and this computer is plugged in. Glidepath reconnects by itself.',
  };
}
