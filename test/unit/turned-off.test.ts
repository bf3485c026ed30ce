import { expect, test } from 'vitest';
import { Countdowns } from '../../electron/core/turned-off.ts';
import type { FaultCode } from '../../shared/fault.ts';
import { applyRecord, type RunView, replayRun } from '../../shared/run.ts';
import { fed, sequenceOf, upsA } from '../scenarios/runner-bench.ts';

const noon = 1_800_000_000_000;

/** A run that has told its UPS at noon to turn off five minutes later. */
function told(data: Record<string, number>): RunView {
  const sequence = sequenceOf([{ steps: [{ id: 'ups-off', kind: 'ups-off', ups: upsA.id, delay: 300 }] }]);
  const of = { runId: 'r', cause: 'runtime', why: '', sequence, hash: 'h', followsPower: true } as const;
  const owed = { owed: [], owedGuests: {}, hosts: [fed('web', [upsA])] };
  return replayRun([
    { type: 'begun', version: 3, at: noon, ...of, ...owed },
    { type: 'step-started', at: noon, step: 'ups-off' },
    { type: 'intent', at: noon, step: 'ups-off', attempt: 1, data: {} },
    { type: 'accepted', at: noon, step: 'ups-off', attempt: 1, data },
  ]);
}

const run = told({ offAt: noon + 300_000 });
/** Seconds after noon by the wall clock, and by the one that never jumps. */
const at = (wall: number, mono = wall) => ({ wall: noon + wall * 1000, mono: mono * 1000 });
const state = (one: Countdowns, view: RunView, when: ReturnType<typeof at>) => one.look(view, when).get(upsA.id);

test('it counts until it was off and on again: five minutes, and two for that', () => {
  const countdowns = new Countdowns();
  expect(state(countdowns, run, at(0))).toBe('counting');
  expect(state(countdowns, run, at(419))).toBe('counting');
  expect(state(countdowns, run, at(420))).toBe('over');
});

test('not once it is called off, and not if it was never taken', () => {
  const calledOff = applyRecord(run, { type: 'taken-back', at: noon, step: 'ups-off', proof: 'stopped' });
  expect(new Countdowns().look(calledOff, at(0)).size).toBe(0);
  const end = { type: 'step-ended', at: noon, step: 'ups-off', result: 'failed', proof: '', data: {} } as const;
  const failed = (code: FaultCode) =>
    applyRecord(told({}), { ...end, fault: { code, what: '', where: '', remedy: '' } });
  expect(new Countdowns().look(failed('refused'), at(0)).size).toBe(0);
});

test('one that may have been told counts from the end of its step', () => {
  const end = { type: 'step-ended', at: noon + 60_000, step: 'ups-off', proof: '', data: {} } as const;
  const fault = { code: 'state-unknown', what: '', where: '', remedy: '' } as const;
  for (const view of [
    applyRecord(told({}), { ...end, result: 'failed', fault }),
    applyRecord(told({}), { ...end, result: 'skipped', fault: null }),
  ]) {
    const countdowns = new Countdowns();
    expect(state(countdowns, view, at(60))).toBe('counting');
    expect(state(countdowns, view, at(479))).toBe('counting');
    expect(state(countdowns, view, at(480))).toBe('over');
  }
});

test('a wall clock that is set while it counts changes nothing', () => {
  for (const jump of [-86_400, 86_400]) {
    const countdowns = new Countdowns();
    state(countdowns, run, at(0));
    expect(state(countdowns, run, at(100 + jump, 100))).toBe('counting');
    expect(state(countdowns, run, at(420 + jump, 420))).toBe('over');
  }
});

test('a computer that is started again a day earlier, as without a clock of its own, waits for the delay at most', () => {
  const countdowns = new Countdowns();
  expect(state(countdowns, run, at(-86_400, 0))).toBe('counting');
  expect(state(countdowns, run, at(-86_400 + 420, 420))).toBe('over');
  // A device that keeps longer delays only has said so.
  const longer = told({ offAt: noon + 600_000, delay: 600 });
  const other = new Countdowns();
  expect(state(other, longer, at(-86_400, 0))).toBe('counting');
  expect(state(other, longer, at(-86_400 + 719, 719))).toBe('counting');
  expect(state(other, longer, at(-86_400 + 720, 720))).toBe('over');
});
