import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { type Fault, FaultError } from '../../shared/fault.ts';
import { type Detail, emptyReading, type Ups } from '../../shared/reading.ts';
import type { Clock, UpsEvent, UpsSource } from '../core/ports.ts';
import { parsePmset } from './system/pmset.ts';
import { SystemNames } from './system/system-names.ts';
import type { SystemUps } from './system/system-ups.ts';
import { parseWin32Battery, win32BatteryScript } from './system/win32-battery.ts';

/** Milliseconds. Each question starts a program; a reading older than 6 s would count as lost contact. */
const pace = { onBattery: 2000, onMains: 4000 };
const limits = { timeout: 10_000, maxBuffer: 1024 * 1024, windowsHide: true };
const told = ['acPresent', 'charging', 'discharging', 'charge', 'runtime'] as const;

/**
 * UPSes as the operating system itself sees them: the last resort where USB cannot be read. Only whether the mains are
 * there, the charge and the runtime; no commands. Not verified on hardware: made after the systems' documents.
 */
export class SystemBattery implements UpsSource {
  readonly #ask: () => Promise<SystemUps[]>;
  readonly #clock: Clock;
  readonly #needed: () => boolean;
  readonly #known = new Map<string, SystemUps>();
  readonly #seen = new Set<string>();
  readonly #names = new SystemNames();
  #listener: ((event: UpsEvent) => void) | null = null;
  #onBattery = false;
  #cancel: () => void = () => undefined;

  /** `needed`: false while UPSes are read in a better way; asked before each look. */
  constructor(ask: () => Promise<SystemUps[]>, clock: Clock, needed: () => boolean) {
    this.#ask = ask;
    this.#clock = clock;
    this.#needed = needed;
  }

  start(listener: (event: UpsEvent) => void): void {
    this.#listener = listener;
    this.#look();
  }

  stop(): Promise<void> {
    this.#listener = null;
    this.#cancel();
    return Promise.resolve();
  }

  hurry(onBattery: boolean): void {
    this.#onBattery = onBattery;
  }

  has(upsId: string): boolean {
    return this.#seen.has(upsId);
  }

  async command(upsId: string): Promise<string> {
    throw new FaultError({
      code: 'ups-refused',
      what: 'It is known only through the operating system, which sends no commands to it',
      where: upsId,
      remedy: 'Nothing was sent. Add it through NUT to command it.',
    });
  }

  async details(upsId: string): Promise<Detail[]> {
    const ups = this.#known.get(upsId);
    if (!ups) throw new FaultError(gone(upsId, 'the operating system does not list it now'));
    return told.map((key) => {
      const value = String(ups[key] ?? '');
      return { name: key, place: '', raw: value, value, feeds: key, repair: '' };
    });
  }

  #look(): void {
    this.#cancel();
    const again = () => {
      if (this.#listener)
        this.#cancel = this.#clock.after(this.#onBattery ? pace.onBattery : pace.onMains, () => this.#look());
    };
    if (!this.#needed()) {
      this.#take([], 'it is read over USB again');
      again();
      return;
    }
    this.#ask()
      .then(
        (found) => this.#take(found, 'the operating system does not list it any more'),
        (error) => this.#take([], `the operating system did not answer: ${String(error)}`),
      )
      .finally(again);
  }

  #take(found: readonly SystemUps[], why: string): void {
    const listener = this.#listener;
    if (!listener) return;
    const now = this.#names.idsOf(found);
    for (const [id, { name }] of this.#known) {
      if (now.has(id)) continue;
      this.#known.delete(id);
      listener({ type: 'lost', upsId: id, fault: gone(name, why) });
    }
    for (const [id, ups] of now) {
      if (!this.#known.has(id)) listener({ type: 'found', ups: upsOf(id, ups) });
      this.#known.set(id, ups);
      this.#seen.add(id);
      const { name, key, ...values } = ups;
      listener({ type: 'reading', reading: { ...emptyReading(id, this.#clock.now()), ...values }, fresh: 'poll' });
    }
  }
}

/** For the system that this program runs on; null where there is no such thing, as on Linux, where USB can be read. */
export function systemBattery(clock: Clock, needed: () => boolean): SystemBattery | null {
  const run = promisify(execFile);
  if (process.platform === 'darwin') {
    const ask = async () => parsePmset((await run('/usr/bin/pmset', ['-g', 'batt'], limits)).stdout);
    return new SystemBattery(ask, clock, needed);
  }
  if (process.platform === 'win32') {
    const options = ['-NoProfile', '-NonInteractive', '-Command', win32BatteryScript];
    const ask = async () => parseWin32Battery((await run('powershell.exe', options, limits)).stdout);
    return new SystemBattery(ask, clock, needed);
  }
  return null;
}

function upsOf(id: string, { name }: SystemUps): Ups {
  return {
    id,
    name,
    manufacturer: '',
    serial: '',
    firmware: '',
    source: 'system',
    via: 'The operating system',
    offers: [],
  };
}

function gone(where: string, why: string): Fault {
  return {
    code: 'ups-lost',
    what: `There is no contact: ${why}`.slice(0, 2000),
    where,
    remedy: 'See that its USB cable is plugged in and that the settings of the computer show it.',
  };
}
