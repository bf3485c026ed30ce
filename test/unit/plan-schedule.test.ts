import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { expand } from '../../electron/core/plan/expand.ts';
import { limitOf } from '../../electron/core/plan/limits.ts';
import { type ExpectedOf, type Schedule, schedule, type Who } from '../../electron/core/plan/schedule.ts';
import { type Job, stageTimes } from '../../electron/core/plan/stage-times.ts';
import { usual } from '../../electron/core/plan/usual.ts';
import { stepSchema } from '../../shared/sequence.ts';
import { linux, rackHosts, rackSequence } from '../fakes/rack-samples.ts';

const wait = (id: string, seconds: number, patch: object = {}) => ({ id, kind: 'wait', seconds, ...patch });
const command = (id: string, target: string, patch: object = {}) => ({
  id,
  kind: 'command',
  command: 'x',
  target,
  ...patch,
});
const stages = (steps: object[][], patch: object = {}) => ({
  stages: steps.map((each, index) => ({ id: `s${index}`, name: `S${index}`, steps: each, ...patch })),
  pointOfNoReturn: 's0',
  returnStages: [],
});
const hosts = [linux('a'), linux('b'), linux('c')];

function planned(patch: Record<string, unknown>, who?: Who, expected: ExpectedOf = usual): Schedule {
  return schedule(expand(rackSequence(patch), hosts), hosts, expected, who);
}
const times = ({ steps }: Schedule) => steps.map((step) => [step.id, step.start, step.seconds, step.critical]);
const starts = ({ steps }: Schedule) => Object.fromEntries(steps.map((step) => [step.id, step.start]));

describe('the schedule', () => {
  test('stages are barriers, steps of a stage run together, needs order them', () => {
    const made = planned(
      stages([
        [wait('w', 10), wait('x', 30)],
        [wait('c', 5), wait('d', 7, { needs: ['c'] }), wait('e', 11)],
      ]),
    );
    expect(made.needs).toBe(42);
    expect(times(made)).toEqual([
      ['w', 0, 10, false],
      ['x', 0, 30, true],
      ['c', 30, 5, true],
      ['d', 35, 7, true],
      ['e', 30, 11, false],
    ]);
  });

  test('the return has its own beginning, and does not count', () => {
    const sequence = rackSequence();
    const made = schedule(expand(sequence, rackHosts()), rackHosts(), usual);
    expect(made.needs).toBe(schedule(expand({ ...sequence, returnStages: [] }, rackHosts()), rackHosts(), usual).needs);
    expect(made.steps.find(({ id }) => id === 'wake-nas')).toMatchObject({ phase: 'return', start: 0, hostId: 'nas' });
  });

  test('a step waits for its delay, with its needs, and gives way in a full stage', () => {
    const made = planned(
      stages([[wait('w', 10), wait('x', 10, { after: 5 }), wait('y', 3), wait('z', 4, { needs: ['y'], after: 2 })]], {
        parallel: 2,
      }),
    );
    // w and y begin; x is ready at 5, y's room is free since 3; z is ready at 5 too and finds none until w ends.
    expect(starts(made)).toEqual({ w: 0, y: 0, x: 5, z: 10 });
    expect(made.steps.filter(({ critical }) => critical).map(({ id }) => id)).toEqual(['x']);
  });

  test('two destructive steps never go on at once on one host, and others pass by', () => {
    const made = planned(
      stages([[command('p', 'a'), command('q', 'a'), command('r', 'b'), wait('w', 1)]], { parallel: 3 }),
    );
    expect(starts(made)).toEqual({ p: 0, q: 8, r: 0, w: 0 });
    expect(made.steps.filter(({ critical }) => critical).map(({ id }) => id)).toEqual(['p', 'q']);
  });

  test('who: what is held back or not done takes no time, and keeps the order of what needs it', () => {
    const one = { target: 'all', each: 'one-by-one' };
    const made = planned(stages([[command('c', 'all', one)]]), { wanted: new Set(['a', 'c']), failedUpses: 1 });
    expect(starts(made)).toEqual({ 'c.a': 0, 'c.c': 8 });
    const when = [{ is: 'failed-upses', atLeast: 2 }];
    const conditional = stages([[wait('w', 10, { when }), wait('x', 5, { needs: ['w'] })]]);
    expect(planned(conditional, { wanted: null, failedUpses: 1 }).needs).toBe(5);
    expect(planned(conditional, { wanted: null, failedUpses: 2 }).needs).toBe(15);
    // Not known yet: long enough for whatever comes.
    expect(planned(conditional).needs).toBe(15);
  });

  test('each step is told with where it comes from, what is usual, and on how much that rests', () => {
    const expected: ExpectedOf = (_, host) => ({ p50: 20, p90: host?.id === 'b' ? 70 : 30, samples: 6 });
    const made = planned(stages([[command('c', 'all')], [wait('w', 9)]]), undefined, expected);
    expect(made.steps[1]).toEqual({
      id: 'c.b',
      from: 'c',
      hostId: 'b',
      stageId: 's0',
      phase: 'down',
      start: 0,
      seconds: 70,
      p50: 20,
      samples: 6,
      critical: true,
    });
    expect([made.needs, made.usually]).toEqual([100, 40]);
  });

  test('steps that wait for each other end the scheduling, not the program', () => {
    const made = planned(stages([[wait('w', 10, { needs: ['x'] }), wait('x', 30, { needs: ['w'] }), wait('y', 3)]]));
    expect(made.steps.map((step) => step.id)).toEqual(['y']);
  });

  test('until it is learned a step takes half as long again as usual, and never longer than its limit', () => {
    expect(usual(stepSchema.parse({ id: 'x', kind: 'power-off', target: 'nas' }))).toEqual({
      p50: 60,
      p90: 90,
      samples: 0,
    });
    const step = stepSchema.parse({ id: 'x', kind: 'power-off', target: 'nas', limit: 20 });
    expect(limitOf(step)).toBe(20);
    expect(usual(step)).toEqual({ p50: 20, p90: 20, samples: 0 });
    const waiting = stepSchema.parse({ id: 'x', kind: 'wait', seconds: 50 });
    expect([limitOf(waiting), usual(waiting).p90]).toEqual([55, 50]);
  });
});

/** The rule of the runner, played second by second. */
function played(jobs: readonly Job[], room: number): (number | null)[] {
  const begun = new Map<string, number>();
  const ended = new Set<string>();
  const couldBegin = new Map<string, number>();
  for (let second = 0; second < 2000; second += 1) {
    for (let again = true; again; ) {
      again = false;
      for (const job of jobs) {
        const start = begun.get(job.id);
        if (!ended.has(job.id) && start !== undefined && start + job.seconds <= second) {
          ended.add(job.id);
          again = true;
        }
      }
      for (const job of jobs) {
        if (ended.has(job.id) || !job.needs.every((need) => ended.has(need))) continue;
        if (!couldBegin.has(job.id)) couldBegin.set(job.id, second);
        if (job.state !== 'idle') continue;
        begun.set(job.id, second);
        ended.add(job.id);
        again = true;
      }
      if (again) continue;
      for (const job of jobs) {
        const ready = couldBegin.get(job.id);
        if (begun.has(job.id) || ready === undefined || ready + job.after > second) continue;
        const going = jobs.filter(({ id, state }) => state !== 'idle' && begun.has(id) && !ended.has(id));
        if (going.length >= room || (job.alone !== null && going.some(({ alone }) => alone === job.alone))) continue;
        begun.set(job.id, second);
        again = true;
      }
    }
  }
  return jobs.map(({ id }) => begun.get(id) ?? null);
}

test('a stage is scheduled as it would be played', () => {
  const job = fc.record({
    seconds: fc.integer({ min: 1, max: 9 }),
    after: fc.constantFrom(0, 0, 0, 1, 4),
    alone: fc.constantFrom(null, null, 'a', 'b'),
    state: fc.constantFrom('waiting' as const, 'waiting' as const, 'waiting' as const, 'idle' as const),
    needs: fc.array(fc.nat(11), { maxLength: 3 }),
  });
  const room = fc.constantFrom(1, 2, 3, Number.POSITIVE_INFINITY);
  fc.assert(
    fc.property(fc.array(job, { maxLength: 12 }), room, (made, limit) => {
      const count = made.length;
      const jobs = made.map((each, at) => ({
        ...each,
        id: `j${at}`,
        needs: each.needs.filter((need) => need < count && need !== at).map((need) => `j${need}`),
      }));
      const slots = stageTimes(jobs, 0, limit);
      expect(slots.map((slot) => slot?.start ?? null)).toEqual(played(jobs, limit));
      // What something begins after has ended just then, or its own delay began with that end.
      for (const [at, slot] of slots.entries()) {
        const cause = slot?.cause == null ? null : slots[Number(slot.cause.slice(1))];
        if (slot && cause) expect([0, jobs[at]?.after]).toContain(slot.start - cause.end);
      }
    }),
    { numRuns: 1000, seed: 20261122 },
  );
});
