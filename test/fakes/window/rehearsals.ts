import { summaryOf } from '../../../electron/core/rehearsal-news.ts';
import type { Check, Rehearsal, RehearsedStep } from '../../../shared/rehearsal.ts';
import type { RehearsalSummary, RehearsalsView } from '../../../shared/view.ts';
import { hash } from './plan.ts';

const day = 86_400_000;

const good = (what: Check['what'], detail: string, ms: number | null = null): Check => ({
  what,
  verdict: 'ready',
  detail,
  fault: null,
  ms,
});

const reached = [
  good('reach', 'port 22 accepts', 12),
  good('host-key', 'it is the confirmed key'),
  good('login', 'signed in as ups', 240),
];

const step = (change: Partial<RehearsedStep> & Pick<RehearsedStep, 'stepId' | 'kind'>): RehearsedStep => ({
  stageId: 'workloads',
  phase: 'down',
  hostId: 'esx-1',
  hostName: 'esx-1',
  hostKind: 'esxi',
  would: '',
  verdict: 'ready',
  checks: reached,
  p50: 40,
  p90: 60,
  ...change,
});

const sudo: Check = {
  what: 'privilege',
  verdict: 'fails',
  detail: 'sudo -n -l systemctl poweroff: a password is required',
  fault: {
    code: 'not-allowed',
    what: 'The user "ups" may not run systemctl poweroff with sudo.',
    where: 'nas-1',
    remedy: 'Add this line with visudo: ups ALL=(root) NOPASSWD: /usr/bin/systemctl poweroff',
  },
  ms: 31,
};

const key: Check = {
  what: 'host-key',
  verdict: 'fails',
  detail: 'it showed another key than the confirmed one',
  fault: {
    code: 'host-key-changed',
    what: 'backup-1 showed another host key than the one that was confirmed.',
    where: 'backup-1',
    remedy: 'If it was set up anew, read and confirm its host key under Setup.',
  },
  ms: 14,
};

const steps: RehearsedStep[] = [
  step({
    stepId: 'guests-1',
    kind: 'shut-down-guests',
    would: 'shut down 9 guests through their tools',
    checks: [...reached, good('guests', '9 guests are on'), good('tools', 'all 9 have running tools')],
    newGuests: ['web-9', 'db-test'],
  }),
  step({
    stepId: 'stop-backups',
    kind: 'command',
    hostId: 'backup-1',
    hostName: 'backup-1',
    hostKind: 'linux',
    would: 'systemctl stop restic',
    verdict: 'fails',
    checks: [good('reach', 'port 22 accepts', 9), key],
  }),
  step({
    stepId: 'off-esx-1',
    stageId: 'hypervisors',
    kind: 'power-off',
    would: 'esxcli system shutdown poweroff',
    checks: [...reached, good('privilege', 'root may')],
  }),
  step({
    stepId: 'off-nas',
    stageId: 'storage',
    kind: 'power-off',
    hostId: 'nas-1',
    hostName: 'nas-1',
    hostKind: 'linux',
    would: 'sudo -n systemctl poweroff',
    verdict: 'fails',
    checks: [...reached, sudo],
  }),
  step({
    stepId: 'wake-nas',
    stageId: 'wake-storage',
    phase: 'return',
    kind: 'wake',
    hostId: 'nas-1',
    hostName: 'nas-1',
    hostKind: 'linux',
    would: 'a magic packet to 00:11:32:aa:00:21',
    verdict: 'cannot-check',
    checks: [
      good('mac', 'its neighbour entry has this MAC'),
      {
        what: 'reach',
        verdict: 'cannot-check',
        detail: 'whether it wakes can only be seen when it is off',
        fault: null,
        ms: null,
      },
    ],
    p50: 90,
    p90: 180,
  }),
];

export const rehearsal = (change: Partial<Rehearsal> = {}): Rehearsal => ({
  format: 'glidepath-rehearsal',
  version: 1,
  id: '2026-11-18-120000',
  begunAt: Date.now() - 3 * day,
  endedAt: Date.now() - 3 * day + 41_000,
  cause: 'schedule',
  sequenceId: 'rack',
  sequenceName: 'Rack plan',
  hash,
  hostsHash: 'c'.repeat(64),
  brokenOff: null,
  steps,
  needs: { p50: 240, p90: 360 },
  runtimeLeft: 2460,
  ...change,
});

/** Stopped after two steps, both of which were ready. */
export const brokenOff = (): Rehearsal =>
  rehearsal({
    id: '2026-11-21-190000',
    begunAt: Date.now() - 8000,
    endedAt: Date.now(),
    cause: 'by-hand',
    brokenOff: 'It was stopped by hand.',
    steps: steps.filter((each) => each.verdict === 'ready'),
  });

const list = (): RehearsalSummary[] => [
  summaryOf(rehearsal()),
  {
    id: '2026-11-11-120000',
    begunAt: Date.now() - 10 * day,
    sequenceName: 'Rack plan',
    counts: { ready: 4, fails: 0, 'cannot-check': 1 },
    brokenOff: null,
  },
];

/** As it is once one was stopped: the latest is still the one before, that went to its end. */
export const rehearsalsStopped = (): RehearsalsView => rehearsals({ list: [summaryOf(brokenOff()), ...list()] });

export const noRehearsals: RehearsalsView = { running: null, latest: null, editedSince: false, nextAt: null, list: [] };

export const rehearsals = (change: Partial<RehearsalsView> = {}): RehearsalsView => ({
  running: null,
  latest: rehearsal(),
  editedSince: true,
  nextAt: Date.now() + 4 * day,
  list: list(),
  ...change,
});
