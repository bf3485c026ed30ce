import { usual } from '../../electron/core/plan/usual.ts';
import { type Reason, RunKeeper } from '../../electron/core/run-keeper.ts';
import { Supplies } from '../../electron/core/supplies.ts';
import type { Decision } from '../../shared/decision.ts';
import type { DurationSample } from '../../shared/durations.ts';
import type { Host } from '../../shared/inventory.ts';
import type { RunView } from '../../shared/run.ts';
import { type Sequence, sequenceSchema } from '../../shared/sequence.ts';
import { ManualClock } from '../fakes/manual-clock.ts';
import { MemoryJournals } from '../fakes/memory-journals.ts';
import { ups as firstUps, linux } from '../fakes/rack-samples.ts';
import { ScriptedUps } from '../fakes/scripted-ups.ts';
import { World } from '../fakes/world.ts';

export const upsA = firstUps;
export const upsB = { ...firstUps, id: 'hid:0463:ffff:B2', name: 'Rack UPS' };

/** A host that is fed by these UPSes, of which one is enough. */
export const fed = (id: string, upses: readonly { id: string }[], patch: Partial<Host> = {}): Host =>
  ({ ...linux(id), fedBy: { upses: upses.map((one) => one.id), need: 'any' }, ...patch }) as Host;

/** A sequence of these stages, the line before the last one unless it says otherwise. */
export function sequenceOf(stages: object[], patch: Record<string, unknown> = {}): Sequence {
  const all = stages.map((stage, at) => ({ id: `s${at + 1}`, name: `Stage ${at + 1}`, ...stage }));
  return sequenceSchema.parse({
    format: 'glidepath-sequence',
    version: 3,
    id: 'runner',
    name: 'Runner',
    stages: all,
    pointOfNoReturn: all.at(-1)?.id,
    returnStages: [],
    returnWhen: {},
    ...patch,
  });
}

export interface Rig {
  clock: ManualClock;
  world: World;
  journals: MemoryJournals;
  keeper: RunKeeper;
  a: ScriptedUps;
  b: ScriptedUps;
  samples: DurationSample[];
  decisions: Decision[];
  errors: unknown[];
  /** Begins a run for the UPSes that fail, after they were cut. */
  begin(reason?: Partial<Reason>): Promise<void>;
  /** From now on the hosts can count on so many seconds, which run out; null: nobody knows. */
  battery(seconds: number | null): void;
  seconds(n: number): Promise<void>;
  /** This process ends at once: no timer of it ever fires again. */
  kill(): void;
  /** Another process takes up what is on the disk. */
  restart(): Promise<void>;
  /** The run there is. */
  run(): RunView;
  /** The states of the steps, as "off.web done". */
  states(): string[];
}

/** A run keeper on a manual clock with two UPSes, without what decides when a run begins. */
export async function rig(sequence: Sequence, hosts: Host[], dieMs?: number): Promise<Rig> {
  const clock = new ManualClock();
  const names = hosts.map((host) => host.id);
  const world = new World(clock, names, dieMs);
  const journals = new MemoryJournals();
  const samples: DurationSample[] = [];
  const decisions: Decision[] = [];
  const errors: unknown[] = [];
  const plan = { sequence, hash: 'h', armed: true };
  const moment = () => ({ wall: clock.now(), mono: clock.monotonic() });
  let emptyAt: number | null = null;
  let runs = 0;
  let life = { isAlive: true };

  const make = () => {
    const mine = { isAlive: true };
    life = mine;
    const supplies = new Supplies(() => []);
    const alive = {
      now: () => clock.now(),
      monotonic: () => clock.monotonic(),
      after: (ms: number, call: () => void) => clock.after(ms, () => mine.isAlive && call()),
    };
    const keeper = new RunKeeper({
      clock: alive,
      journals,
      steps: world.steps,
      newRunId: () => `run-${++runs}`,
      report: (error) => errors.push(error),
      changed: () => undefined,
      expected: usual,
      timed: (sample) => samples.push(sample),
      decided: (kind, sentence, runId) => decisions.push({ at: clock.now(), kind, sentence, runId }),
    });
    const advance = () => {
      if (!mine.isAlive) return;
      const left = emptyAt === null ? null : Math.max(0, (emptyAt - clock.monotonic()) / 1000);
      keeper.advance(supplies, moment(), left);
    };
    const start = () => {
      [made.a, made.b].forEach((source, index) => {
        source.start((event) => {
          if (!mine.isAlive) return;
          supplies.take(event, index, moment());
          advance();
        });
      });
      const tick = () => {
        alive.after(1000, tick);
        advance();
      };
      tick();
    };
    return { keeper, supplies, start, advance };
  };
  let process = make();
  const made: Rig = {
    clock,
    world,
    journals,
    keeper: process.keeper,
    a: new ScriptedUps(clock, upsA),
    b: new ScriptedUps(clock, upsB),
    samples,
    decisions,
    errors,
    begin: async (reason = {}) => {
      const upses = process.supplies.failing(moment());
      const why = 'Started by the test';
      await made.keeper.begin(plan, hosts, {
        cause: 'runtime',
        why,
        followsPower: true,
        upses,
        wanted: null,
        met: [],
        ...reason,
      });
      process.advance();
    },
    battery: (seconds) => {
      emptyAt = seconds === null ? null : clock.monotonic() + seconds * 1000;
    },
    seconds: (n) => clock.advance(n * 1000),
    kill: () => {
      life.isAlive = false;
      world.forgetActs();
      void made.a.stop();
      void made.b.stop();
    },
    restart: async () => {
      made.kill();
      journals.revive();
      process = make();
      made.keeper = process.keeper;
      await process.keeper.load();
      process.start();
    },
    run: () => {
      const { view } = made.keeper;
      if (!view) throw new Error('there is no run');
      return view;
    },
    states: () => Object.values(made.run().steps).map((step) => `${step.id} ${step.state}`),
  };
  process.start();
  await made.seconds(3);
  return made;
}

/** Both UPSes, or one, go on battery, and the run begins once that is confirmed. */
export async function outage(made: Rig, which: 'a' | 'b' | 'both', reason: Partial<Reason> = {}): Promise<void> {
  if (which !== 'b') made.a.cut({ runtime: 3600 });
  if (which !== 'a') made.b.cut({ runtime: 3600 });
  await made.seconds(3);
  await made.begin(reason);
}

/** Pairs of destructive steps that went on at the same time on one host, by the journals. */
export function overlaps(made: Rig): string[] {
  const found: string[] = [...made.world.errors];
  const going = new Map<string, string>();
  const destructive = /^(power-off|shut-down-guests|enter-maintenance|command)$/;
  for (const record of made.journals.records) {
    if (record.type === 'resumed' || record.type === 'begun') going.clear();
    if (record.type !== 'intent' && record.type !== 'step-ended') continue;
    const { stages, returnStages } = made.run().sequence;
    const step = [...stages, ...returnStages].flatMap((stage) => stage.steps).find((each) => each.id === record.step);
    if (!step || !('target' in step) || !destructive.test(step.kind)) continue;
    if (record.type === 'step-ended') {
      if (going.get(step.target) === step.id) going.delete(step.target);
      continue;
    }
    const other = going.get(step.target);
    if (other !== undefined && other !== step.id) found.push(`${step.id} beside ${other} on ${step.target}`);
    going.set(step.target, step.id);
  }
  return found;
}
