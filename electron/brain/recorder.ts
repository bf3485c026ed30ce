import type { PowerEvent } from '../../shared/history.ts';
import type { PowerView } from '../../shared/view.ts';
import type { Clock } from '../core/ports.ts';
import type { EventsFile } from '../storage/events-file.ts';
import type { HistoryFolder } from '../storage/history.ts';
import { isDue, type Kept, pointOf } from './history-pace.ts';
import { type Memory, powerEvents, remember } from './power-events.ts';

/** Events that the window is given. */
const shown = 200;
/** Ms: not at once, since after a cold start a computer's clock may be far off until it is set from outside. */
const firstTidy = 15 * 60_000;
const tidyEvery = 24 * 3_600_000;
/** UPSes that do not belong to the rack and are kept all the same: a server that goes on naming new ones fills no disk. */
const mostStrangers = 50;

export interface RecorderDeps {
  clock: Clock;
  history: Pick<HistoryFolder, 'add' | 'tidy' | 'settle'>;
  file: Pick<EventsFile, 'read' | 'add' | 'settle'>;
  isOfRack(upsId: string): boolean;
  /** There are other events than before. */
  changed(): void;
}

/** Keeps what the UPSes tell and what happens to them. Nothing that fails in it is anybody else's trouble. */
export class Recorder {
  readonly #deps: RecorderDeps;
  readonly #kept = new Map<string, Kept>();
  readonly #strangers = new Set<string>();
  #memory: Memory = new Map();
  #events: readonly PowerEvent[] = [];
  #cancelTidy: () => void = () => undefined;

  constructor(deps: RecorderDeps) {
    this.#deps = deps;
  }

  /** Newest first, 200 at most. */
  get events(): PowerEvent[] {
    return [...this.#events];
  }

  async start(): Promise<void> {
    const events = await this.#deps.file.read();
    this.#memory = remember(events);
    this.#events = events.slice(-shown).reverse();
    this.#tidyAfter(firstTidy);
    this.#deps.changed();
  }

  /** Resolves when what was kept so far is written. */
  async stop(): Promise<void> {
    this.#cancelTidy();
    await Promise.all([this.#deps.history.settle(), this.#deps.file.settle()]);
  }

  /** To be called whenever the UPSes may tell something else. */
  look(powers: readonly PowerView[]): void {
    const at = this.#deps.clock.now();
    const { events, memory } = powerEvents(this.#memory, powers, at);
    this.#memory = memory;
    this.#add(events);
    for (const power of powers) this.#keep(power, at);
  }

  commandSent(upsId: string, upsName: string, sentence: string): void {
    const event = { upsId, upsName: upsName.slice(0, 200), sentence: sentence.slice(0, 500) };
    this.#add([{ at: this.#deps.clock.now(), kind: 'command-sent', ...event }]);
  }

  #add(events: readonly PowerEvent[]): void {
    if (events.length === 0) return;
    for (const event of events) this.#deps.file.add(event);
    this.#events = [...[...events].reverse(), ...this.#events].slice(0, shown);
    this.#deps.changed();
  }

  #keep(power: PowerView, at: number): void {
    const { clock, history } = this.#deps;
    const mono = clock.monotonic();
    const point = pointOf(power, at);
    if (!point || !isDue(this.#kept.get(power.ups.id) ?? null, point, mono)) return;
    if (!this.#isTaken(power.ups.id)) return;
    this.#kept.set(power.ups.id, { point, mono });
    history.add(power.ups.id, point);
  }

  #isTaken(upsId: string): boolean {
    if (this.#deps.isOfRack(upsId) || this.#strangers.has(upsId)) return true;
    if (this.#strangers.size >= mostStrangers) return false;
    this.#strangers.add(upsId);
    return true;
  }

  #tidyAfter(ms: number): void {
    const { clock, history } = this.#deps;
    this.#cancelTidy = clock.after(ms, () => {
      this.#tidyAfter(tidyEvery);
      void history.tidy(clock.now());
    });
  }
}
