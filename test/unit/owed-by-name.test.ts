import { expect, test } from 'vitest';
import { broughtBackReason, owedBy } from '../../electron/core/owed.ts';
import { replayRun } from '../../shared/run.ts';
import { esxi, rackSequence } from '../fakes/rack-samples.ts';

test('a host whose id every object knows is owed what was taken from it, and nothing else', () => {
  const id = 'constructor';
  const step = (kind: string) => ({ id: kind, kind, target: id });
  const sequence = rackSequence({
    stages: [{ id: 'down', name: 'Down', steps: [step('shut-down-guests'), step('enter-maintenance')] }],
    pointOfNoReturn: 'down',
    returnStages: [{ id: 'back', name: 'Back', steps: [step('exit-maintenance'), step('start-guests')] }],
  });
  const of = { runId: 'r', cause: 'runtime', why: 'test', sequence, hash: 'h', owed: [], owedGuests: {} } as const;
  const ended = { type: 'step-ended', at: 1, proof: 'seen', fault: null } as const;
  const run = replayRun([
    { type: 'begun', version: 3, at: 0, followsPower: true, hosts: [esxi(id)], ...of, owed: [] },
    { ...ended, step: 'shut-down-guests', result: 'done', data: { guests: ['7'] } },
    { ...ended, step: 'enter-maintenance', result: 'already', data: {} },
    { type: 'down-ended', at: 2, result: 'done', why: 'all steps are proven' },
    { type: 'return-begun', at: 3, why: 'Power stable' },
  ]);
  expect(Object.entries(owedBy(run).guests)).toEqual([[id, ['7']]]);
  const [exit, start] = run.sequence.returnStages[0]?.steps ?? [];
  expect(exit && broughtBackReason(run, exit)).toBe('left as it was: this run did not switch it');
  expect(start && broughtBackReason(run, start)).toBe(null);
});
