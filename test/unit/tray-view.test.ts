import { existsSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { type TrayItem, trayIcons, trayView } from '../../electron/app/tray-view.ts';
import { quitRule } from '../../electron/brain/quit-rule.ts';
import type { RunRecord } from '../../shared/run-record.ts';
import type { PowerView, StatusView } from '../../shared/view.ts';
import { onBattery, samplePlan, samplePower, sampleRun, sampleStatus } from '../fakes/status.ts';

const failed: RunRecord = {
  type: 'step-ended',
  at: 9,
  step: 'off-esx',
  result: 'failed',
  proof: '',
  fault: { code: 'dead-peer', what: 'gone', where: 'ESX 1', remedy: '' },
  data: {},
};
const endedBadly = sampleRun(4, failed, { type: 'ended', at: 10, result: 'failed', byHand: false, why: '' });
const show = (status: StatusView, run = null as ReturnType<typeof sampleRun> | null, plan = samplePlan()) =>
  trayView({ status, run, plan });
const named = (name: string, patch: Partial<PowerView>) =>
  onBattery({ ups: { ...samplePower().ups, id: name, name }, ...patch });
const labels = (menu: TrayItem[]) => menu.map((item) => (item.type === 'separator' ? '-' : item.label));
const item = (menu: TrayItem[], action: string) =>
  menu.find((each) => each.type === 'action' && each.action === action);

describe('icon and tooltip', () => {
  test.each([
    ['no UPS', show(sampleStatus([])), 'no-ups', 'No UPS found'],
    ['mains, armed', show(sampleStatus([samplePower()])), 'mains-armed', 'On mains, 98 %, 41 min left, plan armed'],
    [
      'mains, not armed',
      show(sampleStatus([samplePower()]), null, samplePlan({ armed: false })),
      'mains-not-armed',
      'On mains, 98 %, 41 min left, plan not armed',
    ],
    [
      'battery',
      show(sampleStatus([samplePower(), onBattery()], { state: 'counting', startsIn: 84 })),
      'battery-3',
      'Eaton 5P on battery, 31 min left, starts in 1:24',
    ],
    [
      'battery, not armed',
      show(sampleStatus([onBattery({ runtimeLeft: null })], { armed: false, startsIn: 84 })),
      'battery-3',
      'On battery, plan not armed',
    ],
    [
      'battery, charge not reported',
      show(sampleStatus([onBattery({}, null)])),
      'battery-unknown',
      'On battery, 31 min left',
    ],
    ['low', show(sampleStatus([onBattery({ state: 'low' }, 90)])), 'battery-1', 'On battery, 31 min left'],
    [
      'lost contact',
      show(sampleStatus([samplePower({ state: 'lost-contact' })])),
      'lost-contact',
      'No answer from Eaton 5P',
    ],
    [
      'lost contact on battery',
      show(sampleStatus([onBattery({ state: 'lost-contact' })], { state: 'counting', startsIn: 84.9 })),
      'lost-contact',
      'No answer from Eaton 5P, starts in 1:24',
    ],
    [
      'no UPS, not armed',
      show(sampleStatus([]), null, samplePlan({ armed: false })),
      'no-ups',
      'No UPS found, plan not armed',
    ],
    [
      'one of several lost on mains, another on battery',
      show(sampleStatus([samplePower({ state: 'lost-contact' }), onBattery()])),
      'battery-3',
      'Eaton 5P on battery, 31 min left',
    ],
    [
      'one of several lost on battery',
      show(sampleStatus([onBattery(), onBattery({ state: 'lost-contact' })])),
      'lost-contact',
      'No answer from Eaton 5P',
    ],
    [
      'several on battery: the one with the least time left',
      show(sampleStatus([onBattery({ runtimeLeft: null }), onBattery(), named('Right', { runtimeLeft: 60 })])),
      'battery-3',
      'Right on battery, 1 min left',
    ],
    ['running', show(sampleStatus([onBattery()]), sampleRun(5)), 'running', 'Shutting down, stage 2 of 2'],
    [
      'running with a failure',
      show(sampleStatus([onBattery()]), sampleRun(4, failed)),
      'attention',
      'Shutting down, stage 2 of 2, 1 step failed',
    ],
    [
      'after a run with a failure',
      show(sampleStatus([samplePower()]), endedBadly),
      'attention',
      '1 step failed in the last run',
    ],
    [
      'after a run with a failure, not armed',
      show(sampleStatus([samplePower()]), endedBadly, samplePlan({ armed: false })),
      'attention',
      '1 step failed in the last run, plan not armed',
    ],
    [
      'after a run with a failure, the UPS gone',
      show(sampleStatus([]), endedBadly),
      'attention',
      '1 step failed in the last run. No UPS found',
    ],
  ])('%s', (_state, view, icon, tooltip) => {
    expect(view).toMatchObject({ icon, tooltip });
  });

  test.each([
    [100, 'battery-4'],
    [75, 'battery-3'],
    [50, 'battery-2'],
    [25, 'battery-1'],
    [0, 'battery-1'],
  ])('%i %% is one of four levels', (charge, icon) => {
    expect(show(sampleStatus([onBattery({}, charge)])).icon).toBe(icon);
  });
});

describe('menu', () => {
  test('begins with Open and names power and plan', () => {
    expect(labels(show(sampleStatus([samplePower()])).menu)).toEqual([
      'Open Glidepath',
      '-',
      'On mains',
      'Rack plan: armed',
      '-',
      'Disarm…',
      'Quit…',
    ]);
  });

  test('does not change with every second of a countdown', () => {
    const at = (startsIn: number) =>
      show(sampleStatus([onBattery({ runtimeLeft: startsIn + 100 })], { state: 'counting', startsIn }));
    expect(at(84).menu).toEqual(at(83).menu);
    expect(labels(at(84).menu)).toContain('On battery');
    expect(at(84).tooltip).not.toBe(at(83).tooltip);
  });

  test('a run can be stopped until its line, then neither it, the arming nor Glidepath', () => {
    const before = show(sampleStatus([onBattery()]), sampleRun(5)).menu;
    expect(item(before, 'stop-run')).toMatchObject({ enabled: true });
    const after = show(sampleStatus([onBattery()]), sampleRun(7)).menu;
    for (const action of ['stop-run', 'disarm', 'quit']) expect(item(after, action)).toMatchObject({ enabled: false });
  });

  test('a plan with errors cannot be armed from it', () => {
    const problem = { severity: 'error', stageId: null, stepId: null, what: 'x', remedy: 'y' } as const;
    const plan = samplePlan({ armed: false, checked: { problems: [problem], needs: 0, usually: 0, steps: [] } });
    expect(item(show(sampleStatus([samplePower()]), null, plan).menu, 'arm')).toMatchObject({ enabled: false });
    expect(item(show(sampleStatus([samplePower()]), null, samplePlan({ armed: false })).menu, 'arm')).toMatchObject({
      enabled: true,
    });
  });
});

test('every icon is there, for every kind of panel', () => {
  for (const icon of trayIcons) {
    for (const suffix of ['', '@2x', '-template', '-template@2x']) {
      expect(existsSync(`assets/tray/${icon}${suffix}.png`), icon + suffix).toBe(true);
    }
  }
});

describe('quitting', () => {
  test('is free when nothing depends on it', () => {
    expect(quitRule(null, false)).toEqual({ rule: 'free' });
  });

  test('asks when armed, and while a run goes on', () => {
    expect(quitRule(null, true)).toMatchObject({
      rule: 'ask',
      question: { detail: 'No one will shut the rack down if you quit.' },
    });
    expect(quitRule(sampleRun(3), true)).toMatchObject({ rule: 'ask' });
    expect(quitRule(sampleRun(9), true)).toMatchObject({ rule: 'ask' });
    expect(quitRule(sampleRun(10), false)).toEqual({ rule: 'free' });
  });

  test('is refused past the point of no return', () => {
    expect(quitRule(sampleRun(7), true)).toMatchObject({ rule: 'refuse' });
  });
});
