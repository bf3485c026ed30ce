import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isLeftOut, leftOut } from '../../electron/core/left-out.ts';
import { type Moves, nextMoves } from '../../electron/core/readiness.ts';
import { isOrderOnly } from '../../shared/origin.ts';
import { applyRecord, type RunView, replayRun, type StepState } from '../../shared/run.ts';
import type { RunRecord } from '../../shared/run-record.ts';
import type { Sequence, Stage, Step } from '../../shared/sequence.ts';
import { stepKinds } from '../../shared/step-kinds.ts';
import { linux } from '../fakes/rack-samples.ts';
import { sequenceOf } from './runner-bench.ts';

const names = ['a', 'b', 'c', 'd'];
const hosts = names.map((name) => linux(name));

const step = fc.record({
  host: fc.nat(3),
  kind: fc.constantFrom('power-off', 'command', 'wake'),
  needs: fc.nat(15),
  stops: fc.boolean(),
  optional: fc.boolean(),
  needsTwo: fc.boolean(),
  delayed: fc.boolean(),
});
const stage = fc.record({
  steps: fc.array(step, { minLength: 1, maxLength: 5 }),
  room: fc.integer({ min: 1, max: 4 }),
  stops: fc.boolean(),
});
const history = fc.record({
  stages: fc.array(stage, { minLength: 1, maxLength: 4 }),
  wanted: fc.option(fc.nat(15)),
  choices: fc.array(fc.nat(9999), { minLength: 30, maxLength: 30 }),
});
type History = typeof history extends fc.Arbitrary<infer T> ? T : never;

/** Steps need earlier ones only, so that none waits for itself. */
function sequenceFrom({ stages }: History): Sequence {
  return sequenceOf(
    stages.map(({ steps, room, stops }, s) => ({
      parallel: room,
      onFailure: stops ? 'stop' : 'continue',
      steps: steps.map((each, i) => ({
        id: `s${s}-${i}`,
        kind: each.kind,
        target: names[each.host],
        ...(each.kind === 'command' ? { command: 'true' } : {}),
        needs: steps.flatMap((_, before) =>
          before < i && (each.needs & (1 << before)) > 0 ? [`s${s}-${before}`] : [],
        ),
        onFailure: each.stops && i % 3 === 0 ? 'stop' : 'continue',
        optional: each.optional,
        after: each.delayed ? 10 : 0,
        when: each.needsTwo && i % 2 === 1 ? [{ is: 'failed-upses', atLeast: 2 }] : [],
      })),
    })),
  );
}

const ended = (state: StepState | undefined) => state !== 'waiting' && state !== 'active';

/** Plays a run by its moves alone; what ends first, and how, is chosen. */
class Play {
  view: RunView;
  readonly going = new Set<string>();
  readonly begun = new Set<string>();
  readonly stages: readonly Stage[];
  wanted: Set<string> | null;
  sheds = false;
  failedUpses = 1;

  constructor(each: History) {
    const sequence = sequenceFrom(each);
    this.stages = sequence.stages;
    const { wanted } = each;
    this.wanted = wanted === null ? null : new Set(names.filter((_, at) => (wanted & (1 << at)) > 0));
    const power = { followsPower: true, owed: [], owedGuests: {} };
    const of = { runId: 'r', cause: 'runtime' as const, why: '', sequence, hash: '', ...power, hosts };
    this.view = replayRun([{ type: 'begun', version: 3, at: 0, ...of }]);
  }

  get steps(): Step[] {
    return this.stages.flatMap((each) => each.steps);
  }

  state = (id: string) => this.view.steps[id]?.state;
  targetOf = (each: Step) => ('target' in each ? each.target : '');
  isHeld = (each: Step) => this.wanted?.has(this.targetOf(each)) === false && !this.going.has(each.id);

  moves(isLate: boolean): Moves {
    return nextMoves({
      run: this.view,
      stages: this.stages,
      hosts: new Map(hosts.map((host) => [host.id, host])),
      going: this.going,
      ending: new Set(),
      putBack: new Set(),
      failedUpses: this.failedUpses,
      stop: (each) => {
        if (this.wanted?.has(this.targetOf(each)) === false) return { how: 'held' };
        return this.sheds && each.optional ? { how: 'left-out', why: 'too little' } : null;
      },
      hasWaited: () => isLate,
    });
  }

  write(record: RunRecord): void {
    this.view = applyRecord(this.view, record);
  }

  end(id: string, result: 'done' | 'failed' | 'skipped', data: Record<string, string> = {}): void {
    this.going.delete(id);
    this.write({ type: 'step-ended', at: 1, step: id, result, proof: '', fault: null, data });
  }

  /** It is not done, or has ended: nobody waits for it. */
  hasPassed(id: string): boolean {
    const each = this.steps.find((other) => other.id === id);
    const view = this.view.steps[id];
    if (!each || !view) return true;
    const isIdle = isLeftOut(view) || (!ended(view.state) && this.isHeld(each));
    return isIdle ? each.needs.every((need) => this.hasPassed(need)) : ended(view.state);
  }

  mayBegin(each: Step, at: number): void {
    const here = this.stages[at];
    expect(this.begun.has(each.id), `${each.id} begins twice`).toBe(false);
    expect(this.wanted?.has(this.targetOf(each)) ?? true, `${each.id} is not meant`).toBe(true);
    const beside = this.steps.filter((other) => this.going.has(other.id));
    if (stepKinds[each.kind].destructive) {
      const same = beside.filter(
        (other) => stepKinds[other.kind].destructive && this.targetOf(other) === this.targetOf(each),
      );
      expect(same, `${each.id} acts on a host on which something destructive goes on`).toEqual([]);
    }
    expect(here?.steps.filter((other) => this.going.has(other.id)).length).toBeLessThan(here?.parallel ?? 0);
    for (const need of each.needs) {
      expect(this.hasPassed(need), `${each.id} begins before ${need}`).toBe(true);
      const state = this.state(need);
      const isBad = state === 'failed' && !isOrderOnly(each.id, need);
      expect(isBad, `${each.id} begins though ${need} failed`).toBe(false);
    }
    this.stages.slice(0, at + 1).forEach((before, index) => {
      const failed = before.steps.filter((other) => this.state(other.id) === 'failed');
      expect(failed.some((other) => other.onFailure === 'stop')).toBe(false);
      if (index === at) return;
      expect(before.onFailure === 'stop' && failed.length > 0).toBe(false);
      const open = before.steps.filter((other) => !ended(this.state(other.id)) && !this.isHeld(other));
      expect(open, `${each.id} begins before an earlier stage has ended`).toEqual([]);
    });
  }

  make({ begin, skip }: Moves): boolean {
    for (const { step: each, stage: at } of begin) {
      this.mayBegin(each, at);
      this.begun.add(each.id);
      this.going.add(each.id);
      this.write({ type: 'step-started', at: 1, step: each.id });
    }
    for (const { step: each, why, leftOut: reason } of skip) {
      const isExcused = reason !== null || each.needs.length > 0 || /an earlier step failed/.test(why);
      expect(isExcused, `${each.id} is skipped: ${why}`).toBe(true);
      this.end(each.id, 'skipped', reason ? ({ ...leftOut(reason) } as Record<string, string>) : {});
    }
    return begin.length + skip.length > 0;
  }

  /** One of the things that may happen. */
  happen(choice: number): void {
    const going = [...this.going].sort();
    const one = going[choice % Math.max(1, going.length)];
    const kind = Math.floor(choice / 10) % 10;
    if (kind === 0 && this.wanted) this.wanted.add(names[choice % 4] ?? 'a');
    else if (kind === 1 && this.wanted) this.wanted.delete(names[choice % 4] ?? 'a');
    else if (kind === 2) this.wanted = choice % 7 === 0 ? null : this.wanted;
    else if (kind === 3) this.sheds = true;
    else if (kind === 4) this.failedUpses = 1 + (choice % 2);
    else if (one !== undefined) this.end(one, kind === 5 ? 'failed' : 'done');
  }
}

test('whatever ends in whatever order, and whoever is taken in or let go: every step begins only when it may, and all end', () => {
  const cases = Number(process.env.GLIDEPATH_CASES ?? 20_000);
  const seed = 20261122;
  let begun = 0;
  fc.assert(
    fc.property(history, (each) => {
      const play = new Play(each);
      for (const choice of each.choices) {
        play.make(play.moves(choice % 3 === 0));
        play.happen(choice);
      }
      // From here on everything ends well, and time passes.
      for (let left = 200; left > 0; left -= 1) {
        if (play.make(play.moves(true))) continue;
        const [next] = play.going;
        if (next === undefined) break;
        play.end(next, 'done');
      }
      const { waiting, held, begin } = play.moves(true);
      expect([waiting, begin], 'what never ends').toEqual([[], []]);
      const open = play.steps.filter((one) => !ended(play.state(one.id)));
      expect(open).toEqual(held);
      expect(open.every((one) => play.isHeld(one))).toBe(true);
      begun += play.begun.size;
    }),
    { numRuns: cases, seed },
  );
  console.log(`${cases} random ways, ${begun} steps begun, seed ${seed}`);
}, 120_000);
