import { type RunView, replayRun } from '../../../shared/run.ts';
import { compiledSchema, type Sequence, sequenceSchema } from '../../../shared/sequence.ts';
import { count } from '../../../shared/words.ts';
import { hosts } from './hosts.ts';
import { hash } from './plan.ts';

const around = {
  format: 'glidepath-sequence',
  version: 3,
  id: 'rack',
  name: 'Rack plan',
  pointOfNoReturn: 'hypervisors',
  returnStages: [],
  returnWhen: {},
};
const guests = { id: 'guests', kind: 'shut-down-guests', target: 'esx-1', force: true };
const hypervisors = {
  id: 'hypervisors',
  name: 'Hypervisors',
  steps: [
    { id: 'ups', kind: 'ups-off', ups: 'G123A45678', delay: 300 },
    { id: 'off', kind: 'power-off', target: 'esx-1' },
  ],
};

/** Guests in groups, then the UPS is told to turn off while the last host goes down. */
export const groupsPlan: Sequence = sequenceSchema.parse({
  ...around,
  stages: [
    {
      id: 'workloads',
      name: 'Guests',
      steps: [
        {
          ...guests,
          groups: [
            { name: 'Low', guests: ['web-1', 'web-2'] },
            { name: 'Databases', guests: ['db-1'] },
          ],
        },
      ],
    },
    hypervisors,
  ],
});

const compiled: Sequence = compiledSchema.parse({
  ...around,
  stages: [
    {
      id: 'workloads',
      name: 'Guests',
      steps: [
        { ...guests, guests: { except: ['web-1', 'web-2', 'db-1'] } },
        { ...guests, id: 'guests.esx-1.2', guests: { only: ['web-1', 'web-2'] }, needs: ['guests'] },
        { ...guests, id: 'guests.esx-1.3', guests: { only: ['db-1'] }, needs: ['guests.esx-1.2'] },
      ],
    },
    hypervisors,
  ],
});

/** The UPS has taken its command, and counts for another two and a half minutes. */
export function runTurningOff(): RunView {
  const now = Date.now();
  const at = (seconds: number) => now - (150 - seconds) * 1000;
  const done = (step: string, seconds: number, names: string[]) => [
    { type: 'step-started' as const, at: at(seconds), step },
    { type: 'intent' as const, at: at(seconds), step, attempt: 1, data: { guests: names, names } },
    {
      type: 'step-ended' as const,
      at: at(seconds + 30),
      step,
      result: 'done' as const,
      proof: `${count(names.length, 'guest')} off`,
      fault: null,
      data: {},
    },
  ];
  return replayRun([
    {
      type: 'begun',
      version: 3,
      at: at(0),
      runId: '2026-11-21-190210',
      cause: 'runtime',
      why: '7 min 28 s of runtime left, the plan needs 6 min (times 1.25)',
      sequence: compiled,
      hash,
      followsPower: true,
      owed: [],
      owedGuests: {},
      hosts,
    },
    ...done('guests', 0, ['build-1', 'test-1']),
    ...done('guests.esx-1.2', 30, ['web-1', 'web-2']),
    ...done('guests.esx-1.3', 60, ['db-1']),
    { type: 'no-return', at: at(90) },
    { type: 'step-started', at: at(90), step: 'ups' },
    { type: 'intent', at: at(90), step: 'ups', attempt: 1, data: {} },
    {
      type: 'accepted',
      at: at(91),
      step: 'ups',
      attempt: 1,
      data: { ups: 'Eaton 5P 1550', sentence: 'It has taken shutdown.return.', delay: 300, offAt: now + 151_000 },
    },
    {
      type: 'step-ended',
      at: at(92),
      step: 'ups',
      result: 'done',
      proof: 'it turns off in 5 min',
      fault: null,
      data: {},
    },
    { type: 'step-started', at: at(90), step: 'off' },
    { type: 'intent', at: at(90), step: 'off', attempt: 1, data: {} },
    { type: 'accepted', at: at(91), step: 'off', attempt: 1, data: {} },
  ]);
}
