import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { expand } from '../../electron/core/plan/expand.ts';
import { remaining } from '../../electron/core/plan/remaining.ts';
import { schedule } from '../../electron/core/plan/schedule.ts';
import { usual } from '../../electron/core/plan/usual.ts';
import { replayRun } from '../../shared/run.ts';
import type { RunRecord } from '../../shared/run-record.ts';
import type { Sequence } from '../../shared/sequence.ts';
import { linux, rackSequence } from '../fakes/rack-samples.ts';
import { randomHosts, randomSequence } from '../fakes/random-plans.ts';

const hosts = [linux('a'), linux('b'), linux('c')];
const wait = (id: string, seconds: number, patch: object = {}) => ({ id, kind: 'wait', seconds, ...patch });
const command = (id: string, target: string, patch: object = {}) => ({
  id,
  kind: 'command',
  command: 'x',
  target,
  ...patch,
});
const staged = (...steps: object[][]) =>
  rackSequence({
    stages: steps.map((each, index) => ({ id: `s${index}`, name: `S${index}`, steps: each })),
    pointOfNoReturn: 's0',
    returnStages: [],
  });

function begun(sequence: Sequence, patch: object = {}, inventory = hosts): RunRecord {
  const compiled = expand(sequence, inventory).sequence;
  const how = { cause: 'by-hand' as const, why: 'test', followsPower: true, owed: [], owedGuests: {}, upses: ['u'] };
  return {
    type: 'begun',
    version: 3,
    at: 0,
    runId: 'r',
    hash: 'h',
    sequence: compiled,
    hosts: inventory,
    ...how,
    ...patch,
  };
}
const started = (step: string, seconds: number): RunRecord => ({ type: 'step-started', at: seconds * 1000, step });
const ended = (step: string, seconds: number, result: 'done' | 'failed' = 'done'): RunRecord => ({
  type: 'step-ended',
  at: seconds * 1000,
  step,
  result,
  proof: '',
  fault: null,
  data: {},
});

/** Seconds that are left at so many seconds. */
const left = (seconds: number, records: RunRecord[], failedUpses = 1) =>
  remaining(replayRun(records), seconds * 1000, usual, failedUpses);

describe('what a run still needs', () => {
  const two = staged([wait('w', 30), wait('x', 10)], [wait('y', 20)]);

  test('what has ended takes nothing more, what goes on what is left of it', () => {
    expect(left(0, [begun(two)])).toBe(50);
    const going = [begun(two), started('w', 0), started('x', 0)];
    expect(left(12, going)).toBe(38);
    expect(left(12, [...going, ended('x', 10)])).toBe(38);
    expect(left(25, [...going, ended('w', 20)])).toBe(20);
    // Late: it may end at any moment, and what comes after it is what counts.
    expect(left(300, going)).toBe(20);
    const over = [...going, ended('w', 20), ended('x', 20), started('y', 20), ended('y', 40)];
    expect(left(41, over)).toBe(0);
  });

  test('a step that has not begun as late as it could still needs all of its time', () => {
    expect(left(300, [begun(two), ended('w', 20), ended('x', 20)])).toBe(20);
  });

  test('a delay runs from when the step could begin', () => {
    const delayed = staged([wait('w', 30)], [wait('y', 20, { after: 15 }), wait('z', 1, { needs: ['y'], after: 9 })]);
    const [a, b, c] = [begun(delayed), started('w', 0), ended('w', 30)];
    expect(left(0, [a])).toBe(75);
    expect(left(40, [a, b, c])).toBe(35);
    expect(left(54, [a, b, c, started('y', 45), ended('y', 50)])).toBe(6);
  });

  test('the way back is not counted, and neither is what a cancelled run will not begin', () => {
    const over: RunRecord = { type: 'down-ended', at: 1000, result: 'done', why: '' };
    expect(left(2, [begun(two), over])).toBe(0);
    const cancelled: RunRecord = { type: 'cancelled', at: 1000, why: '' };
    expect(left(2, [begun(two), started('w', 0), cancelled])).toBe(28);
  });

  test('hosts that it is not for, optional steps given up, conditions that do not hold', () => {
    const many = staged(
      [command('k', 'all', { each: 'one-by-one' })],
      [wait('o', 40, { optional: true })],
      [wait('v', 100, { when: [{ is: 'failed-upses', atLeast: 2 }] })],
    );
    expect(left(0, [begun(many)])).toBe(24 + 40);
    expect(left(0, [begun(many)], 2)).toBe(24 + 40 + 100);
    expect(left(0, [begun(many, { wanted: ['a', 'c'] })])).toBe(16 + 40);
    const shed: RunRecord = { type: 'shed', at: 1000, measure: 'skip-optional', why: '' };
    expect(left(1, [begun(many, { wanted: ['a', 'c'] }), shed])).toBe(16);
    const widened: RunRecord = { type: 'wanted', at: 1000, hosts: null, why: '' };
    expect(left(1, [begun(many, { wanted: ['a', 'c'] }), widened])).toBe(24 + 40);
    // What was optional and has begun is not given up.
    expect(left(10, [begun(many), ended('k.a', 8), ended('k.b', 8), ended('k.c', 8), started('o', 8), shed])).toBe(38);
  });

  test('what was left out passes on the order of what it needed', () => {
    const chain = staged([
      wait('a', 30),
      wait('b', 5, { needs: ['a'], optional: true }),
      wait('c', 20, { needs: ['b'] }),
    ]);
    const skipped: RunRecord = { ...ended('b', 3), result: 'skipped' } as RunRecord;
    expect(left(10, [begun(chain), started('a', 0), skipped])).toBe(20 + 20);
  });

  test('hosts taken in late are waited for by what has not begun, not by what goes on', () => {
    const three = staged([command('k', 'all')], [wait('y', 20)], [wait('z', 5)]);
    const wide: RunRecord = { type: 'wanted', at: 12_000, hosts: null, why: '' };
    const run = [begun(three, { wanted: ['a'] }), started('k.a', 0), ended('k.a', 8), started('y', 8), wide];
    // y goes on until 28, beside it b and c need 8; z waits for all of them.
    expect(left(12, run)).toBe(16 + 5);
  });
});

test('at its beginning a run needs what was planned for it', () => {
  fc.assert(
    fc.property(
      randomSequence,
      randomHosts,
      fc.subarray(['h0', 'h1', 'h2', 'h3']),
      fc.nat(3),
      (sequence, inventory, ids, failedUpses) => {
        const wanted = ids.length === 0 ? null : ids;
        const run = replayRun([begun(sequence, wanted ? { wanted } : {}, inventory)]);
        const who = { wanted: wanted && new Set(wanted), failedUpses };
        const { needs } = schedule(expand(sequence, inventory), inventory, usual, who);
        expect(remaining(run, 0, usual, failedUpses)).toBe(needs);
      },
    ),
    { numRuns: 300, seed: 20261122 },
  );
});
