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

test('what an earlier run found when it switched something is owed on, whatever a later one finds', () => {
  const sequence = rackSequence({
    stages: [{ id: 'down', name: 'Down', steps: [{ id: 'enter', kind: 'enter-maintenance', target: 'node' }] }],
    pointOfNoReturn: 'down',
    returnStages: [{ id: 'back', name: 'Back', steps: [{ id: 'exit', kind: 'exit-maintenance', target: 'node' }] }],
  });
  const run = (owedSettings: ReturnType<typeof owedBy>['settings'], maintenanceBefore: string[]) =>
    owedBy(
      replayRun([
        {
          type: 'begun',
          version: 3,
          at: 0,
          runId: 'r',
          cause: 'runtime',
          why: 'test',
          followsPower: true,
          hosts: [esxi('node')],
          sequence,
          hash: 'h',
          owed: [],
          owedGuests: {},
          owedSettings,
        },
        { type: 'intent', at: 1, step: 'enter', attempt: 1, data: { maintenanceBefore } },
        { type: 'step-ended', at: 2, step: 'enter', result: 'done', proof: 'seen', fault: null, data: {} },
        { type: 'down-ended', at: 3, result: 'done', why: 'all steps are proven' },
      ]),
    ).settings;
  const first = { kind: 'enter-maintenance', data: { maintenanceBefore: [] } } as const;
  const second = { kind: 'enter-maintenance', data: { maintenanceBefore: ['asked for'] } } as const;
  const once = run({}, []);
  expect(once).toEqual({ node: [first] });
  const twice = run(once, ['asked for']);
  expect(twice).toEqual({ node: [first, second] });
  // However many runs there are, what is the same is told once.
  expect(run(twice, ['asked for'])).toEqual(twice);
});
