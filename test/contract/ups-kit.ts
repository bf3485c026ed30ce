import { systemClock } from '../../electron/brain/system-clock.ts';
import type { UpsEvent, UpsSource } from '../../electron/core/ports.ts';
import { type Fault, FaultError } from '../../shared/fault.ts';
import type { Reading, Ups } from '../../shared/reading.ts';

/** Everything that a source tells, and waiting for what it is to tell. */
export class Heard {
  readonly events: UpsEvent[] = [];
  readonly #waiting = new Set<() => void>();

  readonly take = (event: UpsEvent): void => {
    this.events.push(event);
    for (const look of this.#waiting) look();
  };

  /** The first that fits, of those from `from` on. Waits for it. */
  until<T>(fits: (event: UpsEvent) => T | undefined, from = 0): Promise<T> {
    return new Promise((resolve, reject) => {
      let at = from;
      const limit = setTimeout(() => {
        this.#waiting.delete(look);
        const last = this.events.slice(-4).map((event) => JSON.stringify(event).slice(0, 300));
        reject(new Error(`not told within 20 s; last: ${last.join('\n')}`));
      }, 20_000);
      const look = (): void => {
        for (; at < this.events.length; at += 1) {
          const found = fits(this.events[at] as UpsEvent);
          if (found === undefined) continue;
          clearTimeout(limit);
          this.#waiting.delete(look);
          resolve(found);
          return;
        }
      };
      this.#waiting.add(look);
      look();
    });
  }

  found(id?: string, from?: number): Promise<Ups> {
    return this.until(
      (event) => (event.type === 'found' && (!id || event.ups.id === id) ? event.ups : undefined),
      from,
    );
  }

  reading(fits: (reading: Reading) => boolean, from?: number): Promise<Reading> {
    return this.until((event) => (event.type === 'reading' && fits(event.reading) ? event.reading : undefined), from);
  }

  lost(upsId: string, from?: number): Promise<Fault> {
    return this.until((event) => (event.type === 'lost' && event.upsId === upsId ? event.fault : undefined), from);
  }

  trouble(from?: number): Promise<Fault> {
    return this.until((event) => (event.type === 'trouble' && event.fault ? event.fault : undefined), from);
  }
}

/** Waits until `there` holds, looked at every 20 ms; fails after 20 s. */
export async function eventually(there: () => boolean, what: string): Promise<void> {
  const limit = systemClock.monotonic() + 20_000;
  while (!there()) {
    if (systemClock.monotonic() > limit) throw new Error(`${what}: not within 20 s`);
    await new Promise<void>((resolve) => systemClock.after(20, resolve));
  }
}

/** The fault that it throws. */
export async function faultOf(promise: Promise<unknown>): Promise<Fault> {
  try {
    await promise;
  } catch (error) {
    if (error instanceof FaultError) return error.fault;
    throw error;
  }
  throw new Error('it has not failed');
}

export function listen(source: UpsSource): Heard {
  const heard = new Heard();
  source.start(heard.take);
  return heard;
}
