import type { Decision } from '../../../shared/decision.ts';
import type { DurationsFile } from '../../../shared/durations.ts';
import type { Host } from '../../../shared/inventory.ts';
import type { RunView } from '../../../shared/run.ts';
import type { Sequence } from '../../../shared/sequence.ts';
import { Engine } from '../engine.ts';
import type { Clock, JournalStore, StepTable, UpsSource } from '../ports.ts';
import { knownDurations, MemoryJournals, noDischarges } from './memory.ts';

export interface GlidepathDeps {
  clock: Clock;
  source: UpsSource;
  steps: StepTable;
  sequence: Sequence;
  hosts: readonly Host[];
  durations: DurationsFile;
  decided(decision: Decision): void;
}

/** Glidepath as the simulation has it: the real engine, in a process that ends when its computer goes off. */
export class ModelGlidepath {
  readonly #deps: GlidepathDeps;
  readonly #journals = new MemoryJournals();
  #engine: Engine | null = null;
  #runs = 0;
  #lastRun: RunView | null = null;

  constructor(deps: GlidepathDeps) {
    this.#deps = deps;
  }

  get isAlive(): boolean {
    return this.#engine !== null;
  }

  /** The newest run, also when the process that made it has ended. */
  get run(): RunView | null {
    return this.#engine?.run() ?? this.#lastRun;
  }

  /** Starts it, and takes up what an earlier life of it left unfinished. */
  async start(): Promise<void> {
    const { clock, source, steps, sequence, hosts, durations, decided } = this.#deps;
    const isAlive = () => this.#engine === engine;
    const engine: Engine = new Engine({
      clock: {
        now: () => clock.now(),
        monotonic: () => clock.monotonic(),
        after: (ms, call) => clock.after(ms, () => isAlive() && call()),
      },
      sources: [source],
      journals: whileAlive(this.#journals, isAlive),
      learned: noDischarges,
      durations: knownDurations(durations),
      warmer: null,
      steps,
      decided: (decision) => isAlive() && decided(decision),
      newRunId: () => `simulated-${++this.#runs}`,
      report: () => undefined,
    });
    this.#engine = engine;
    engine.setPlan({ sequence, hash: 'simulated', armed: true }, [...hosts]);
    await engine.start();
  }

  /** Its computer goes off: nothing that it had begun goes on in it. */
  end(): void {
    const engine = this.#engine;
    if (!engine) return;
    this.#lastRun = engine.run();
    this.#engine = null;
    // Resolves at once: its source ends nothing.
    void engine.stop();
  }
}

/** A process that has ended writes nothing, and what waits for the write waits for ever. */
function whileAlive(journals: JournalStore, isAlive: () => boolean): JournalStore {
  const never = new Promise<never>(() => undefined);
  const guarded: JournalStore = {
    create: async (runId) => guard(await journals.create(runId)),
    unfinished: async () => {
      const found = await journals.unfinished();
      return found && { ...found, journal: guard(found.journal) };
    },
    latestEnded: () => journals.latestEnded(),
  };
  const guard = (journal: Awaited<ReturnType<JournalStore['create']>>) => ({
    append: (record: Parameters<typeof journal.append>[0]) => (isAlive() ? journal.append(record) : never),
    close: () => journal.close(),
  });
  return guarded;
}
