import { assertNever } from '../../shared/assert-never.ts';
import type { Reading, Ups } from '../../shared/reading.ts';
import type { Clock, UpsEvent, UpsSource } from '../core/ports.ts';
import { type Shown, shownAfter } from './confirmed.ts';
import { faultLine, printable } from './fault-line.ts';
import { stateWords, volts } from './state-words.ts';
import { timeOfDay } from './time-of-day.ts';

/** Milliseconds after which a UPS is told again although nothing changed. */
const atLeastEvery = 10_000;
const tickEvery = 500;

interface Watched {
  ups: Ups;
  said: string;
  /** Monotonic, ms. */
  saidAt: number;
  latest: Shown | null;
}

/** Writes one line for each change of each UPS, and one at least every 10 s; resolves when `signal` is aborted. */
export function watch(
  sources: readonly UpsSource[],
  clock: Clock,
  write: (line: string) => void,
  signal: AbortSignal,
): Promise<void> {
  const watched = new Map<string, Watched>();
  const say = (name: string, what: string) => write([timeOfDay(clock.now()), name, what].map(printable).join('  '));

  const sayReading = (entry: Watched): void => {
    if (!entry.latest) return;
    const { reading, fresh } = entry.latest;
    const age = clock.now() - reading.at;
    const way = fresh === 'none' ? 'power state not told' : fresh;
    const how = age < atLeastEvery ? way : `${way}, ${Math.round(age / 1000)} s ago`;
    entry.said = words(reading);
    entry.saidAt = clock.monotonic();
    say(entry.ups.name, `${entry.said} (${how})`);
  };

  const repeat = (): void => {
    for (const entry of watched.values())
      if (clock.monotonic() - entry.saidAt >= atLeastEvery - tickEvery) sayReading(entry);
  };

  const take = (event: UpsEvent): void => {
    // What breaks while everything is being stopped is no news.
    if (signal.aborted) return;
    switch (event.type) {
      case 'found':
        watched.set(event.ups.id, { ups: event.ups, said: '', saidAt: clock.monotonic(), latest: null });
        say(event.ups.name, `found: ${event.ups.id}, ${event.ups.via}`);
        return;
      case 'reading': {
        const entry = watched.get(event.reading.upsId);
        if (!entry) return;
        entry.latest = shownAfter(entry.latest, event.reading, event.fresh);
        if (words(entry.latest.reading) !== entry.said) sayReading(entry);
        return;
      }
      case 'lost':
        say(watched.get(event.upsId)?.ups.name ?? event.upsId, `lost: ${faultLine(event.fault)}`);
        watched.delete(event.upsId);
        return;
      case 'gone':
        watched.delete(event.upsId);
        return;
      case 'trouble':
        if (event.fault) say('trouble', faultLine(event.fault));
        return;
      default:
        assertNever(event, 'UPS event');
    }
  };

  return new Promise((resolve) => {
    let cancel: () => void = () => undefined;
    const tick = () => {
      repeat();
      cancel = clock.after(tickEvery, tick);
    };
    tick();
    const end = () => {
      cancel();
      resolve();
    };
    if (signal.aborted) end();
    else signal.addEventListener('abort', end, { once: true });
    for (const source of sources) source.start(take);
  });
}

function words(reading: Reading): string {
  const { inputVoltage, outputVoltage, batteryVoltage } = reading;
  return [
    stateWords(reading),
    ...(inputVoltage === null ? [] : [`in ${volts(inputVoltage)}`]),
    ...(outputVoltage === null ? [] : [`out ${volts(outputVoltage)}`]),
    ...(batteryVoltage === null ? [] : [`battery ${volts(batteryVoltage)}`]),
  ].join(', ');
}
