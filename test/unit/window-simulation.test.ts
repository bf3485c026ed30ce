import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { percentAt, shareOf, ticksOf, windowOf } from '../../renderer/simulation/sim-axis.ts';
import { barName, simRows } from '../../renderer/simulation/sim-rows.ts';
import { marksOf, resultOf } from '../../renderer/simulation/sim-words.ts';
import { draftStore, edit } from '../../renderer/store/draft.ts';
import { followPlan } from '../../renderer/store/draft-checks.ts';
import { liveStore } from '../../renderer/store/live.ts';
import { askWhatIf, followSimulation, simulationStore } from '../../renderer/store/simulation.ts';
import type { Answer } from '../../shared/ipc.ts';
import type { CheckedPlan, PowerView, SimulationView, WhatIf } from '../../shared/view.ts';
import { hosts } from '../fakes/window/hosts.ts';
import { checkPlan, sequence } from '../fakes/window/plan.ts';
import { batteryPower, power } from '../fakes/window/power.ts';
import { scenarios } from '../fakes/window/scenarios.ts';
import { simulatePlan } from '../fakes/window/simulation.ts';

const asNow: WhatIf = { load: 1, hangs: null, powerBackAt: null };
const checked = checkPlan(sequence);
const sentence = (change: Partial<SimulationView>, whatIf: Partial<WhatIf> = {}) => {
  const view = { ...simulatePlan(sequence, { ...asNow, ...whatIf }), ...change };
  const { sentence: text, tone } = resultOf(view, sequence, checked, (id) => id);
  return [text.replaceAll('\u00a0', ' '), tone];
};

describe('the end of a simulation', () => {
  it('is one sentence that is good only when nothing is cut hard', () => {
    expect(sentence({ downAt: 600, emptyAt: 1020 })).toEqual([
      'All 4 hosts down 7 min before the battery is empty.',
      'good',
    ]);
    expect(sentence({ cutHard: ['esx-2'] })).toEqual(['esx-2 would be cut hard.', 'bad']);
    expect(sentence({ cutHard: ['esx-1', 'esx-2', 'nas-1'] })[0]).toBe('esx-1, esx-2 and nas-1 would be cut hard.');
    expect(sentence({ downAt: 600, emptyAt: null })[0]).toBe(
      'All 4 hosts down 10 min after the cut; how long the battery lasts is not known.',
    );
    expect(sentence({ downAt: 600, emptyAt: 1020, returnedAt: 1800 })[0]).toContain(
      'empty, back 30 min after the cut.',
    );
    expect(sentence({ downAt: null })).toEqual(['The way down would not come to its end.', 'bad']);
  });

  it('tells a run that is not needed from one that does not come', () => {
    expect(sentence({}, { powerBackAt: 240 })).toEqual([
      'The mains are back after 4 min, before a run begins.',
      'good',
    ]);
    expect(sentence({ startsAt: null })).toEqual(['No run would begin: nothing would be shut down.', 'bad']);
    expect(sentence({ startsAt: 60, downAt: null, noReturnAt: null }, { powerBackAt: 240 })).toEqual([
      'The run begins after 1 min and is cancelled when the mains are back.',
      'good',
    ]);
  });

  it('counts a host once, and those that did not go down', () => {
    const view = simulatePlan(sequence, asNow);
    const steps = view.steps.map((step) => (step.id === 'off-nas' ? { ...step, state: 'skipped' as const } : step));
    expect(sentence({ steps, downAt: 600, emptyAt: 1020 })[0]).toMatch(/^3 of 4 hosts down /);
  });
});

describe('the end of a simulation of a plan that powers nothing off', () => {
  it('does not count hosts, and is not called good', () => {
    const { steps } = simulatePlan(sequence, asNow);
    const guests = steps.filter(({ id }) => id.startsWith('guests'));
    expect(guests).not.toEqual([]);
    expect(sentence({ startsAt: 60, steps: guests, downAt: 600, emptyAt: 1020 }, { powerBackAt: 900 })).toEqual([
      'The plan powers off no host; its way down ends 7 min before the battery is empty.',
      'calm',
    ]);
    expect(sentence({ steps: guests, downAt: 600, emptyAt: null })[0]).toBe(
      'The plan powers off no host; its way down ends 10 min after the cut; how long the battery lasts is not known.',
    );
  });
});

describe('the axis', () => {
  it('has room for the steps, however late the start and however long the battery lasts', () => {
    fc.assert(
      fc.property(fc.nat(80_000), fc.integer({ min: 1, max: 4000 }), fc.nat(80_000), (start, long, spare) => {
        const view = simulatePlan(sequence, asNow);
        const first = {
          ...view.steps[0],
          id: 'a',
          startedAt: start,
          endedAt: start + long,
        } as SimulationView['steps'][0];
        const window = windowOf({
          ...view,
          startsAt: start,
          downAt: start + long,
          emptyAt: start + long + spare,
          steps: [first],
        });
        const drawn = shareOf(start + long, window) - shareOf(start, window);
        expect(drawn).toBeGreaterThan(Math.min(75, (long / 60) * 75));
        const marks = ticksOf(window);
        expect(marks.length).toBeLessThanOrEqual(9);
        for (const at of marks) expect(at >= window.from && at <= window.to).toBe(true);
      }),
    );
  });

  it('reads the charge between the points', () => {
    const points = [
      { at: 0, percent: 100 },
      { at: 100, percent: 50 },
    ];
    expect([0, 50, 100, 300].map((at) => percentAt(points, at))).toEqual([100, 75, 50, 50]);
    expect(percentAt([], 5)).toBeNull();
  });

  it('names its marks in the order of time', () => {
    expect(marksOf(simulatePlan(sequence, asNow)).map((mark) => mark.kind)).toEqual(['start', 'line', 'down', 'empty']);
  });
});

describe('the rows', () => {
  const view = simulatePlan(sequence, asNow);
  /** As a check gives it when one step became two. */
  const expanded: CheckedPlan = {
    ...checked,
    steps: checked.steps.map((step) =>
      step.id === 'off-backup' ? { ...step, id: 'off-nas.backup-1', from: 'off-nas' } : step,
    ),
  };
  const steps = view.steps.map((step) => (step.id === 'off-backup' ? { ...step, id: 'off-nas.backup-1' } : step));

  it('are the steps as the user made them, with all that they became', () => {
    const rows = simRows({ ...view, steps }, sequence, expanded, hosts);
    const row = rows.find((each) => each.id === 'off-nas');
    expect(row?.bars.map((bar) => bar.id)).toEqual(['off-nas.backup-1', 'off-nas']);
    expect(row?.bars.map((bar) => barName(row, bar, hosts))).toEqual([
      'Power off nas-1: backup-1',
      'Power off nas-1: nas-1',
    ]);
    expect(rows.some((each) => each.id === 'wake-nas')).toBe(false);
  });

  it('say when each begins and ends, and which does not', () => {
    const [first] = simRows(view, sequence, checked, hosts);
    expect(first?.time).toBe('33:49 to 36:04');
    const [never] = simRows(simulatePlan(sequence, { ...asNow, powerBackAt: 60 }), sequence, checked, hosts);
    expect(never?.time).toBe('not begun');
  });
});

describe('asking for a simulation', () => {
  let answers: ((answer: Answer<'plan.simulate'>) => void)[] = [];
  let ends: (() => void)[] = [];
  const asked: { sequence: { name: string }; whatIf: WhatIf }[] = [];
  const later = (ms: number) => vi.advanceTimersByTimeAsync(ms);
  const answer = async (index: number, cutHard: string[]) => {
    answers[index]?.({ ok: true, value: { ...simulatePlan(sequence, asNow), cutHard } });
    await later(0);
  };
  const shown = () => simulationStore.getState().played?.view.cutHard;

  beforeEach(() => {
    vi.useFakeTimers();
    const request = (name: string, input: never) => {
      if (name !== 'plan.simulate') return Promise.resolve({ ok: true, value: checked });
      asked.push(input);
      return new Promise((resolve) => answers.push(resolve));
    };
    vi.stubGlobal('window', { glidepath: { request } });
    draftStore.setState(draftStore.getInitialState(), true);
    simulationStore.setState(simulationStore.getInitialState(), true);
    liveStore.setState({ slices: null });
    ends = [followPlan()];
    liveStore.setState({ slices: scenarios.mains() });
    ends.push(followSimulation());
    asked.length = 0;
    answers = [];
  });
  afterEach(() => {
    for (const end of ends) end();
    vi.unstubAllGlobals();
    vi.useRealTimers();
  });

  it('waits until the editing has paused for 150 ms', async () => {
    edit({ type: 'rename', name: 'b' });
    await later(149);
    edit({ type: 'rename', name: 'bc' });
    await later(149);
    expect(asked).toEqual([]);
    await later(1);
    expect(asked.map((each) => each.sequence.name)).toEqual(['bc']);
  });

  it('drops an answer to what is no longer asked, whichever comes last', async () => {
    await later(150);
    askWhatIf({ hangs: 'nas-1' });
    await answer(0, ['old']);
    expect(shown()).toBeUndefined();
    await later(150);
    await answer(1, ['nas-1']);
    expect(shown()).toEqual(['nas-1']);
    edit({ type: 'rename', name: 'a' });
    // Until the next answer comes it is still drawn with the draft that was played.
    expect(simulationStore.getState().played?.sequence.name).toBe('Rack plan');
    edit({ type: 'rename', name: 'b' });
    await later(150);
    askWhatIf({ hangs: null });
    await later(150);
    await answer(3, []);
    await answer(2, ['old']);
    expect(shown()).toEqual([]);
    expect(asked.at(-1)?.whatIf).toEqual(asNow);
  });

  it('asks again when a host was changed, and shows why it cannot be done', async () => {
    await later(150);
    await answer(0, []);
    liveStore.setState(({ slices }) => ({ slices: slices && { ...slices, hosts: { ...slices.hosts } } }));
    await later(150);
    expect(asked).toHaveLength(2);
    answers[1]?.({ ok: false, fault: { code: 'internal', what: 'No.', where: '', remedy: '' } });
    await later(0);
    expect(simulationStore.getState()).toMatchObject({ played: null, fault: { what: 'No.' } });
  });

  it('asks again when a UPS comes, goes or fails, not with every number that moves; and in any case after minutes', async () => {
    const tell = async (powers: PowerView[]) => {
      liveStore.setState(({ slices }) => ({ slices: slices && { ...slices, status: { ...slices.status, powers } } }));
      await later(150);
      return asked.length;
    };
    await later(150);
    expect(asked).toHaveLength(1);
    expect(await tell([power({ runtimeLeft: 2400, sentence: 'On mains, 97 %, 40 min' })])).toBe(1);
    expect(await tell([batteryPower()])).toBe(2);
    const other = power({ ups: { ...power().ups, id: 'other' } });
    expect(await tell([batteryPower(), other])).toBe(3);
    expect(await tell([other])).toBe(4);
    await later(179_000);
    // Its interval goes by the clock, whatever was asked between.
    expect(asked).toHaveLength(4);
    await later(1000);
    expect(asked).toHaveLength(5);
  });

  it('stops with what shows it', async () => {
    await later(150);
    for (const end of ends) end();
    await answer(0, ['late']);
    askWhatIf({ load: 2 });
    await later(400_000);
    expect(shown()).toBeUndefined();
    expect(asked).toHaveLength(1);
  });
});
