import { Engine } from '../../electron/core/engine.ts';
import type { Warmer } from '../../electron/core/ports.ts';
import type { Decision } from '../../shared/decision.ts';
import type { Host } from '../../shared/inventory.ts';
import type { Sequence } from '../../shared/sequence.ts';
import { ManualClock } from '../fakes/manual-clock.ts';
import { MemoryDurations } from '../fakes/memory-durations.ts';
import { MemoryJournals } from '../fakes/memory-journals.ts';
import { MemoryLearned } from '../fakes/memory-learned.ts';
import { rackHosts, rackSequence } from '../fakes/rack-samples.ts';
import { ScriptedUps } from '../fakes/scripted-ups.ts';
import { World } from '../fakes/world.ts';
import { WorldWarmer } from '../fakes/world-warmer.ts';

export interface Bench {
  clock: ManualClock;
  ups: ScriptedUps;
  /** Watched only if the options name it. */
  second: ScriptedUps;
  /** Those that the options name besides. */
  others: readonly ScriptedUps[];
  world: World;
  journals: MemoryJournals;
  learned: MemoryLearned;
  durations: MemoryDurations;
  /** Everything that was decided, oldest first, over all restarts. */
  decisions: Decision[];
  engine: Engine;
  errors: unknown[];
  /** This process ends at once: no timer of it ever fires again. */
  kill(): void;
  /** Starts another engine on the same disk; what went on before is dead. */
  restart(): Promise<void>;
  seconds(n: number): Promise<void>;
}

/** A rack, a UPS and an engine on one manual clock. */
export async function bench(
  options: {
    sequence?: Sequence;
    hosts?: Host[];
    armed?: boolean;
    second?: ScriptedUps['identity'];
    others?: readonly ScriptedUps['identity'][];
    warmer?: Warmer;
    /** Connections to the hosts that are on are opened before anything is decided. */
    isWarm?: boolean;
  } = {},
): Promise<Bench> {
  const clock = new ManualClock();
  const hosts = options.hosts ?? rackHosts();
  const sequence = options.sequence ?? rackSequence();
  const world = new World(
    clock,
    hosts.map((host) => host.id),
  );
  const journals = new MemoryJournals();
  const learned = new MemoryLearned();
  const durations = new MemoryDurations();
  const decisions: Decision[] = [];
  const ups = new ScriptedUps(clock);
  const second = new ScriptedUps(clock, options.second);
  const others = (options.others ?? []).map((identity) => new ScriptedUps(clock, identity));
  const errors: unknown[] = [];
  let runs = 0;
  let life = { isAlive: true };
  const make = () => {
    const mine = { isAlive: true };
    life = mine;
    const engine = new Engine({
      clock: {
        now: () => clock.now(),
        monotonic: () => clock.monotonic(),
        after: (ms, call) => clock.after(ms, () => mine.isAlive && call()),
      },
      sources: [ups, ...(options.second ? [second] : []), ...others],
      journals,
      learned,
      durations,
      warmer: options.isWarm ? new WorldWarmer(world) : (options.warmer ?? null),
      steps: world.steps,
      decided: (decision) => decisions.push(decision),
      newRunId: () => `run-${++runs}`,
      report: (error) => errors.push(error),
    });
    engine.setPlan({ sequence, hash: 'h', armed: options.armed ?? true }, hosts);
    return engine;
  };
  const made: Bench = {
    clock,
    ups,
    second,
    others,
    world,
    journals,
    learned,
    durations,
    decisions,
    engine: make(),
    errors,
    kill: () => {
      life.isAlive = false;
      void made.engine.stop();
    },
    restart: async () => {
      made.kill();
      journals.revive();
      made.engine = make();
      await made.engine.start();
    },
    seconds: (n) => clock.advance(n * 1000),
  };
  await made.engine.start();
  await made.seconds(3);
  return made;
}

/** Which hosts are off, as one word: "esx web nas". */
export const off = (made: Bench): string =>
  [...made.world.hosts]
    .filter(([, host]) => host.power === 'off')
    .map(([name]) => name)
    .join(' ');

export const cutHard = (made: Bench): number => [...made.world.hosts.values()].filter((host) => host.cutHard).length;
