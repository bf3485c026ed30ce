import { describe, expect, test } from 'vitest';
import { announce, type Known, nothingKnown } from '../../electron/brain/announce.ts';
import type { RunView, StepView } from '../../shared/run.ts';
import { stageSchema, stepSchema } from '../../shared/sequence.ts';
import type { UpsCommand } from '../../shared/ups-command.ts';
import type { DecisionView, PowerView } from '../../shared/view.ts';
import { onBattery, samplePower, sampleRun, sampleStatus } from '../fakes/status.ts';

const known = (power: PowerView, run: RunView | null = null, decision: Partial<DecisionView> = {}): Known => ({
  status: sampleStatus([power], decision),
  run,
  command: null,
});
const told = (before: Known, now: Known) =>
  announce(before, now).notices.map(({ category, urgency, title }) => `${category}/${urgency}: ${title}`);
const mains = samplePower();
const lost = samplePower({ state: 'lost-contact' });
const lostOnBattery = onBattery({ state: 'lost-contact' });
const fault = { code: 'dead-peer', what: 'it went silent', where: 'NAS', remedy: 'Look at its cable.' } as const;
const failed = (step: string) =>
  ({ type: 'step-ended', at: 9, step, result: 'failed', proof: '', fault, data: {} }) as const;

describe('the power', () => {
  test.each<[string, Known, Known, string[]]>([
    ['is calm at the start', nothingKnown, known(mains), []],
    ['stays', known(mains), known(mains), []],
    ['is lost', known(mains), known(onBattery()), ['power/critical: Power lost']],
    ['is gone at the start already', nothingKnown, known(onBattery()), ['power/critical: Power lost']],
    ['gets low', known(onBattery()), known(onBattery({ state: 'low' })), ['power/critical: Battery low']],
    ['is lost and low at once', known(mains), known(onBattery({ state: 'low' })), ['power/critical: Power lost']],
    ['is back', known(onBattery()), known(mains), ['power/normal: Power is back']],
  ])('%s', (_what, before, now, titles) => {
    expect(told(before, now)).toEqual(titles);
  });
});

test('of several UPSes, the one that is meant is named', () => {
  const other = samplePower({ ups: { ...mains.ups, id: 'ups-2', name: 'Right' } });
  const both = (power: PowerView): Known => ({ ...nothingKnown, status: sampleStatus([other, power]) });
  expect(told(both(mains), both(onBattery()))).toEqual(['power/critical: Power lost: Eaton 5P']);
  expect(told(both(onBattery()), both(mains))).toEqual(['power/normal: Power is back: Eaton 5P']);
});

test('an order of the server that everybody must go down is told once', () => {
  const forced = known(samplePower({ reading: mains.reading && { ...mains.reading, forcedShutdown: true } }));
  expect(told(known(mains), forced)).toEqual(['power/critical: Its server says that everybody must go down']);
  expect(told(forced, forced)).toEqual([]);
});

describe('a command', () => {
  const sent = (command: UpsCommand): Known => ({
    ...known(mains),
    command: { upsName: 'Eaton 5P', order: { command, delay: null }, sentence: 'It does so.' },
  });

  test.each<[UpsCommand, string[]]>([
    ['shutdown.stayoff', ['power/critical: Command sent to Eaton 5P']],
    ['test.battery.start.quick', ['power/normal: Command sent to Eaton 5P']],
    ['beeper.mute', []],
  ])('%s', (command, titles) => {
    const now = sent(command);
    expect(told(known(mains), now)).toEqual(titles);
    expect(told(now, now)).toEqual([]);
  });
});

describe('the contact', () => {
  test.each<[string, Known, Known, string[]]>([
    ['is lost on mains', known(mains), known(lost), ['contact/normal: No answer from Eaton 5P']],
    ['is lost on battery', known(onBattery()), known(lostOnBattery), ['contact/critical: No answer from Eaton 5P']],
    ['is regained', known(lost), known(mains), ['contact/normal: Eaton 5P answers again']],
    [
      'is regained and the power is gone',
      known(lost),
      known(onBattery()),
      ['contact/normal: Eaton 5P answers again', 'power/critical: Power lost'],
    ],
    [
      'is regained and the power is back',
      known(lostOnBattery),
      known(mains),
      ['contact/normal: Eaton 5P answers again', 'power/normal: Power is back'],
    ],
    ['stays lost', known(lost), known(lost), []],
  ])('%s', (_what, before, now, titles) => {
    expect(told(before, now)).toEqual(titles);
  });

  test('is closed when what it told is over', () => {
    const trouble: Known = {
      ...nothingKnown,
      status: { ...sampleStatus([]), trouble: { ...fault, code: 'ups-no-access' } },
    };
    expect(announce(trouble, known(mains)).resolved).toEqual(['contact']);
    expect(announce(known(lost), known(mains)).resolved).toEqual(['contact']);
    expect(announce(trouble, known(lost)).resolved).toEqual([]);
  });

  test.each([
    ['needReplacement', 'contact/critical: Eaton 5P needs a new battery'],
    ['overload', 'contact/critical: Eaton 5P is overloaded'],
    ['bypass', 'contact/critical: Eaton 5P is on bypass'],
    ['outputOff', 'contact/critical: Eaton 5P does not feed its outlets'],
  ])('%s is told once, until it goes away', (flag, title) => {
    const reading = mains.reading && { ...mains.reading, [flag]: true };
    const bad = known(samplePower({ reading }));
    expect(told(nothingKnown, bad)).toEqual([title]);
    expect(told(bad, bad)).toEqual([]);
    expect(announce(bad, known(mains)).resolved).toEqual(['contact']);
    expect(told(known(mains), bad)).toEqual([title]);
  });

  test('trouble with a UPS that cannot be opened is told once', () => {
    const trouble: Known = {
      ...nothingKnown,
      status: { ...sampleStatus([]), trouble: { ...fault, code: 'ups-no-access' } },
    };
    expect(told(nothingKnown, trouble)).toEqual(['contact/normal: A UPS cannot be used']);
    expect(told(trouble, trouble)).toEqual([]);
  });
});

describe('the start', () => {
  const counting = (startsIn: number | null, armed = true) =>
    known(onBattery(), null, { state: 'counting', startsIn, armed });

  test('is announced a minute before, once', () => {
    expect(told(counting(61), counting(60))).toEqual(['run/critical: Shutdown starts in 1 min']);
    expect(told(counting(60), counting(59))).toEqual([]);
    expect(told(counting(null), counting(40))).toEqual(['run/critical: Shutdown starts in 40 s']);
  });

  test('is taken back when the counting ends without a run, and not by one', () => {
    const idle = known(mains);
    const starting = known(onBattery(), null, { state: 'running' });
    const resolved = (before: Known, now: Known) => announce(before, now).resolved;
    expect(resolved(counting(40), idle)).toEqual(['run']);
    expect(resolved(counting(40), counting(70))).toEqual([]);
    expect(resolved(counting(1), starting)).toEqual([]);
    expect(resolved(starting, idle)).toEqual(['run']);
    expect(resolved(starting, known(onBattery(), sampleRun(1), { state: 'running' }))).toEqual(['failure']);
  });

  test('is not announced when nothing will be done', () => {
    expect(told(counting(61, false), counting(60, false))).toEqual([]);
  });
});

describe('a run', () => {
  const on = onBattery();
  const at = (...args: Parameters<typeof sampleRun>) => known(on, sampleRun(...args));

  test('tells each of its turns once', () => {
    const turns: string[][] = [];
    let before = known(on);
    for (let count = 1; count <= 9; count += 1) {
      turns.push(told(before, at(count)));
      before = at(count);
    }
    expect(turns.flat()).toEqual([
      'run/critical: Shutting down: Rack plan',
      'run/normal: Shutdown finished: Rack plan',
    ]);
    const back = { type: 'return-begun', at: 20, why: 'mains stable for 60 s' } as const;
    const end = { type: 'ended', at: 30, result: 'done', byHand: false, why: 'all answer' } as const;
    expect(told(before, at(9, back))).toEqual(['run/normal: Bringing back: Rack plan']);
    expect(told(at(9, back), at(9, back, end))).toEqual(['run/normal: Everything is back: Rack plan']);
    expect(told(at(9), at(10))).toEqual([]);
  });

  test('tells a failed step with what went wrong', () => {
    const { notices } = announce(at(7), at(7, failed('off-nas')));
    expect(notices).toEqual([
      {
        category: 'failure',
        urgency: 'critical',
        title: 'Step failed: Power off NAS',
        body: 'NAS: it went silent. Look at its cable.',
      },
    ]);
    expect(told(at(2), at(2, failed('off-nas'), failed('off-esx')))).toEqual(['failure/critical: 2 steps failed']);
    expect(told(at(7, failed('off-nas')), at(7, failed('off-nas')))).toEqual([]);
  });

  test('tells that it was cancelled, or ended badly', () => {
    const end = (result: 'failed' | 'cancelled') => ({ type: 'down-ended', at: 9, result, why: 'because' }) as const;
    expect(told(at(5), at(5, end('cancelled')))).toEqual(['run/normal: Shutdown cancelled: Rack plan']);
    expect(told(at(5), at(5, end('failed')))).toEqual(['run/critical: Shutdown ended with failures: Rack plan']);
  });

  test('that was cancelled and left a UPS counting down says what will be cut hard', () => {
    const cancelled = { type: 'down-ended', at: 9, result: 'cancelled', why: 'because' } as const;
    const leaving = (offAt: number): Known => {
      const run = sampleRun(5, cancelled);
      const step = stepSchema.parse({ id: 'ups-off', kind: 'ups-off', ups: 'ups-1' });
      const stages = [
        ...run.sequence.stages,
        { ...stageSchema.parse({ id: 'ups', name: 'UPS', steps: [] }), steps: [step] },
      ];
      const told = { ...run.steps['off-nas'], id: 'ups-off', data: { ups: 'Left', offAt, delay: 180 } } as StepView;
      return known(on, { ...run, sequence: { ...run.sequence, stages }, steps: { ...run.steps, 'ups-off': told } });
    };
    const before = known(on, sampleRun(5));
    expect(told(before, leaving(0))).toEqual(['run/normal: Shutdown cancelled: Rack plan']);
    expect(told(before, leaving(9000))).toEqual([
      'run/normal: Shutdown cancelled: Rack plan',
      'failure/critical: Left may still turn off',
    ]);
    expect(told(leaving(9000), leaving(9000))).toEqual([]);
  });

  test('that was taken up after a crash says so', () => {
    const resumed = { type: 'resumed', at: 9, why: 'Glidepath was started again' } as const;
    expect(told(nothingKnown, known(mains, sampleRun(5, resumed)))).toEqual([
      'run/critical: Shutdown continued: Rack plan',
    ]);
  });

  test('that was taken up does not tell again what was told before', () => {
    const resumed = { type: 'resumed', at: 9, why: 'Glidepath was started again' } as const;
    const down = { type: 'down-ended', at: 8, result: 'failed', why: 'because' } as const;
    const taken = known(mains, sampleRun(5, failed('off-nas'), resumed));
    expect(told(nothingKnown, taken)).toEqual(['run/critical: Shutdown continued: Rack plan']);
    expect(told(nothingKnown, known(mains, sampleRun(5, failed('off-nas'), down, resumed)))).toEqual([]);
    expect(told(taken, known(mains, sampleRun(5, failed('off-nas'), resumed, failed('off-esx'))))).toEqual([
      'failure/critical: Step failed: Power off ESX 1',
    ]);
  });

  test('gives each turn its own reason, however many came at once', () => {
    const back = { type: 'return-begun', at: 1008, why: 'mains stable' } as const;
    const note = { type: 'note', at: 1010, sentence: 'something else' } as const;
    const { notices } = announce(at(8), at(9, back, note));
    expect(notices.map(({ title, body }) => `${title}: ${body}`)).toEqual([
      'Shutdown finished: Rack plan: all steps ended',
      'Bringing back: Rack plan: mains stable',
    ]);
  });

  test('resolves the failure of the run before', () => {
    expect(announce(known(on), at(1)).resolved).toEqual(['failure']);
    expect(announce(at(1), at(2)).resolved).toEqual([]);
  });
});
