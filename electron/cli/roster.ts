import { assertNever } from '../../shared/assert-never.ts';
import type { Fault } from '../../shared/fault.ts';
import type { Reading, Ups } from '../../shared/reading.ts';
import type { Clock, UpsEvent, UpsSource } from '../core/ports.ts';
import { type Shown, shownAfter } from './confirmed.ts';

/** One UPS, as far as it is known. */
export interface Entry {
  ups: Ups;
  reading: Reading | null;
  /** Why there is no contact; null: there is. */
  fault: Fault | null;
  /** Monotonic, ms: when it was found. */
  foundAt: number;
}

export interface Roster {
  entries: Entry[];
  /** Troubles that belong to no UPS: one that may not be opened, a server that does not answer. */
  troubles: Fault[];
}

/** Milliseconds. */
const patience = {
  /** For the whole look. */
  most: 8000,
  /** For a source that has told nothing: there may be nothing to tell. */
  silent: 4000,
  /** After the last UPS was found: they are opened one after the other. */
  more: 700,
  /** For what comes after a UPS's status: charge, runtime and load are in other reports. */
  whole: 4000,
};

/**
 * Starts the sources and waits until all that they find has told its state, 8 s at most. The sources are left running;
 * whoever started them stops them.
 */
export function look(sources: readonly UpsSource[], clock: Clock): Promise<Roster> {
  const began = clock.monotonic();
  const entries = new Map<string, Entry>();
  const shown = new Map<string, Shown>();
  const troubles = new Map<UpsSource, Fault>();
  const heard = new Set<UpsSource>();
  let lastFound = began;

  const settledAt = (): number => {
    const whole = [...entries.values()].map((entry) => (isWhole(entry) ? began : entry.foundAt + patience.whole));
    const silent = sources.map((source) => (heard.has(source) ? began : began + patience.silent));
    return Math.min(began + patience.most, Math.max(lastFound + patience.more, ...whole, ...silent));
  };

  const take = (source: UpsSource, event: UpsEvent): void => {
    heard.add(source);
    switch (event.type) {
      case 'found':
        lastFound = clock.monotonic();
        entries.set(event.ups.id, { ups: event.ups, reading: null, fault: null, foundAt: lastFound });
        return;
      case 'reading': {
        const entry = entries.get(event.reading.upsId);
        if (!entry) return;
        const next = shownAfter(shown.get(entry.ups.id) ?? null, event.reading, event.fresh);
        shown.set(entry.ups.id, next);
        entries.set(entry.ups.id, { ...entry, reading: next.reading });
        return;
      }
      case 'lost': {
        const entry = entries.get(event.upsId);
        if (entry) entries.set(entry.ups.id, { ...entry, fault: event.fault });
        return;
      }
      case 'gone':
        entries.delete(event.upsId);
        return;
      case 'trouble':
        if (event.fault) troubles.set(source, event.fault);
        else troubles.delete(source);
        return;
      default:
        assertNever(event, 'UPS event');
    }
  };

  return new Promise((resolve) => {
    let cancel: () => void = () => undefined;
    let settled = false;
    const check = () => {
      if (settled) return;
      cancel();
      const left = settledAt() - clock.monotonic();
      settled = left <= 0;
      if (settled) resolve({ entries: [...entries.values()], troubles: [...troubles.values()] });
      else cancel = clock.after(left, check);
    };
    for (const source of sources) {
      source.start((event) => {
        take(source, event);
        check();
      });
    }
    check();
  });
}

function isWhole({ reading, fault }: Entry): boolean {
  if (fault) return true;
  return reading !== null && reading.charge !== null && reading.runtime !== null && reading.load !== null;
}
