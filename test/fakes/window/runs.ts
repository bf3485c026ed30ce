import { type RunView, replayRun } from '../../../shared/run.ts';
import type { RunRecord } from '../../../shared/run-record.ts';
import type { RunSummary } from '../../../shared/view.ts';
import { hosts } from './hosts.ts';
import { hash, sequence } from './plan.ts';

/** A journal that is written as the real one is, up to the place where the scenario stands. */
function journal(runId: string, begun: number, until: 'before-line' | 'past-line' | 'failed'): RunRecord[] {
  const at = (seconds: number) => begun + seconds * 1000;
  const start = (step: string, seconds: number): RunRecord[] => [
    { type: 'step-started', at: at(seconds), step },
    { type: 'intent', at: at(seconds), step, attempt: 1, data: {} },
  ];
  const accepted = (step: string, seconds: number): RunRecord => ({
    type: 'accepted',
    at: at(seconds),
    step,
    attempt: 1,
    data: {},
  });
  const done = (step: string, seconds: number, proof: string): RunRecord => ({
    type: 'step-ended',
    at: at(seconds),
    step,
    result: 'done',
    proof,
    fault: null,
    data: {},
  });
  const first: RunRecord[] = [
    {
      type: 'begun',
      version: 3,
      at: at(0),
      runId,
      cause: 'runtime',
      why: '7 min 28 s of runtime left, the plan needs 6 min (times 1.25)',
      sequence,
      hash,
      followsPower: true,
      owed: [],
      owedGuests: {},
      hosts,
    },
    ...start('guests-1', 0),
    accepted('guests-1', 1),
    ...start('guests-2', 0),
    accepted('guests-2', 1),
    ...start('stop-backups', 0),
    done('stop-backups', 3, 'the command ended with 0'),
  ];
  if (until === 'before-line') return first;
  const second: RunRecord[] = [
    ...first,
    done('guests-2', 64, 'all 5 guests report powered off'),
    done('guests-1', 91, 'all 9 guests report powered off'),
    { type: 'no-return', at: at(91) },
    ...start('maint-1', 91),
    ...start('maint-2', 91),
    done('maint-1', 103, 'the host reports maintenance mode'),
    done('maint-2', 106, 'the host reports maintenance mode'),
    ...start('off-esx-1', 103),
    accepted('off-esx-1', 104),
    ...start('off-esx-2', 106),
  ];
  if (until === 'past-line') return second;
  return [
    ...second,
    done('off-esx-1', 158, 'silent for 20 s: port 22 neither open nor closed'),
    {
      type: 'step-ended',
      at: at(346),
      step: 'off-esx-2',
      result: 'failed',
      proof: '',
      fault: {
        code: 'limit-reached',
        what: 'esx-2 still answered on port 22 after 4 min.',
        where: 'esx-2',
        remedy: 'Look at its console. Run `esxcli system shutdown poweroff --reason UPS` there by hand.',
      },
      data: {},
    },
    {
      type: 'down-ended',
      at: at(347),
      result: 'failed',
      why: 'esx-2 did not go down; the sequence says stop on failure',
    },
    {
      type: 'ended',
      at: at(347),
      result: 'failed',
      byHand: false,
      why: 'the way down failed at esx-2, nothing is brought back',
    },
  ];
}

/** One of two UPSes failed, then the other; then the battery ran short, and one came back before the line. */
export const runWidened = (): RunView => {
  const at = (seconds: number) => ago(60 - seconds);
  const [begun, ...rest] = journal('2026-11-21-190210', at(0), 'before-line');
  if (begun?.type !== 'begun') throw new Error('a journal begins with "begun"');
  return replayRun([
    { ...begun, upses: ['G123A45678'], wanted: ['esx-1'] },
    ...rest.filter((record) => !('step' in record && record.step === 'guests-2')),
    {
      type: 'wanted',
      at: at(8),
      hosts: ['esx-1', 'nas-1', 'backup-1'],
      why: 'APC Smart-UPS 1500 failed too: backup-1 and nas-1 are taken in',
    },
    {
      type: 'shed',
      at: at(20),
      measure: 'skip-optional',
      why: '4 min 10 s are left and the run still needs 5 min: optional steps are left out',
    },
    {
      type: 'shed',
      at: at(31),
      measure: 'force',
      why: '3 min 40 s are left and the run still needs 4 min: guests are forced off',
    },
    {
      type: 'wanted',
      at: at(40),
      hosts: ['esx-1', 'nas-1'],
      why: 'APC Smart-UPS 1500 is on mains again: backup-1 keeps its power',
    },
  ]);
};

const before = () => journal('2026-11-21-190210', Date.now() - 120_000, 'before-line');
const past = () => journal('2026-11-21-190210', Date.now() - 600_000, 'past-line');
const ago = (seconds: number) => Date.now() - seconds * 1000;
const mainsBack = 'the mains are back before the point of no return';
const openSteps = (records: RunRecord[]) =>
  Object.values(replayRun(records).steps).filter((step) => ['waiting', 'active'].includes(step.state));

/** Every step that is still open ends with this result. */
const endAll = (records: RunRecord[], result: 'done' | 'skipped', proof: string, at: number): RunRecord[] => [
  ...records,
  ...openSteps(records)
    .filter(({ id }) => sequence.stages.some((stage) => stage.steps.some((step) => step.id === id)))
    .map(({ id }): RunRecord => ({ type: 'step-ended', at, step: id, result, proof, fault: null, data: {} })),
];

/** Down, with everything proven, while the power is away. */
export const runWaiting = (): RunView =>
  replayRun([
    ...endAll(past(), 'done', 'silent for 20 s: port 22 neither open nor closed', ago(300)),
    { type: 'down-ended', at: ago(300), result: 'done', why: 'all 9 steps are proven' },
  ]);

export const runCancelled = (): RunView =>
  replayRun([
    ...endAll(
      [...before(), { type: 'cancelled', at: ago(90), why: mainsBack }],
      'skipped',
      'not sent: the run was cancelled',
      ago(80),
    ),
    { type: 'down-ended', at: ago(80), result: 'cancelled', why: mainsBack },
    { type: 'ended', at: ago(79), result: 'cancelled', byHand: false, why: 'ended after it was cancelled' },
  ]);

export const runBefore = (): RunView => replayRun(journal('2026-11-21-190210', Date.now() - 41_000, 'before-line'));
export const runPast = (): RunView => replayRun(journal('2026-11-21-190210', Date.now() - 150_000, 'past-line'));
export const runFailed = (): RunView => replayRun(journal('2026-11-18-031500', Date.now() - 3 * 86_400_000, 'failed'));

export const summaries = (): RunSummary[] => [
  {
    runId: '2026-11-18-031500',
    begunAt: Date.now() - 3 * 86_400_000,
    endedAt: Date.now() - 3 * 86_400_000 + 347_000,
    cause: 'runtime',
    sequenceName: 'Rack plan',
    result: 'failed',
    hostsOff: 1,
  },
  {
    runId: '2026-10-02-140000',
    begunAt: Date.now() - 50 * 86_400_000,
    endedAt: Date.now() - 50 * 86_400_000 + 612_000,
    cause: 'by-hand',
    sequenceName: 'Rack plan',
    result: 'done',
    hostsOff: 4,
  },
  {
    runId: '2026-09-14-221200',
    begunAt: Date.now() - 68 * 86_400_000,
    endedAt: Date.now() - 68 * 86_400_000 + 95_000,
    cause: 'on-battery',
    sequenceName: 'Rack plan',
    result: 'cancelled',
    hostsOff: 0,
  },
  {
    runId: '2026-08-02-031100',
    begunAt: Date.now() - 111 * 86_400_000,
    endedAt: Date.now() - 111 * 86_400_000 + 380_000,
    cause: 'forced-shutdown',
    sequenceName: 'Rack plan',
    result: 'done',
    hostsOff: 4,
  },
];
