import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { contentSecurityPolicy } from '../../electron/app/csp.ts';
import { splitRemedy } from '../../renderer/parts/fault-box.tsx';
import { clock, duration, measured, notReported } from '../../renderer/parts/format.ts';
import { withLive } from '../../renderer/runs/live-summary.ts';
import { logWords, runWords, stateWords } from '../../renderer/runs/run-words.ts';
import { arm, startRehearsal, stopRun } from '../../renderer/store/commands.ts';
import { draftStore, edit, isDirty, redoEdit, savePlan, undoEdit } from '../../renderer/store/draft.ts';
import { followPlan } from '../../renderer/store/draft-checks.ts';
import { followRuns } from '../../renderer/store/follow-runs.ts';
import { liveStore } from '../../renderer/store/live.ts';
import { startSync } from '../../renderer/store/sync.ts';
import { goTo, openRun, uiStore } from '../../renderer/store/ui.ts';
import { urgentSentence } from '../../renderer/store/urgent.ts';
import type { Fault } from '../../shared/fault.ts';
import type { Answer, Bridge, Push } from '../../shared/ipc.ts';
import { stageSchema } from '../../shared/sequence.ts';
import type { PlanView, Slices } from '../../shared/view.ts';
import { sequence } from '../fakes/window/plan.ts';
import { scenarios } from '../fakes/window/scenarios.ts';

/** A main process whose answers and pushes come when the test says so. */
class Wire {
  asked = 0;
  private answers: ((answer: Answer<'snapshot'>) => void)[] = [];
  private listener: (push: Push) => void = () => undefined;
  readonly got: string[] = [];

  readonly bridge = {
    request: () => {
      this.asked += 1;
      return new Promise((resolve) => this.answers.push(resolve as (answer: Answer<'snapshot'>) => void));
    },
    onPush: (listener: (push: Push) => void) => {
      this.listener = listener;
      return () => {
        this.listener = () => undefined;
      };
    },
  } as Bridge;

  start = () =>
    startSync(this.bridge, {
      snapshot: () => this.got.push('snapshot'),
      merge: (slices) => this.got.push(Object.keys(slices).join()),
      lost: (fault) => this.got.push(`lost: ${fault.what}`),
    });

  push = (rev: number, slices: Push['slices'] = { runs: [] }) => this.listener({ rev, slices });

  async answer(rev: number): Promise<void> {
    this.answers.shift()?.({ ok: true, value: { rev, slices: scenarios.mains() } });
    await vi.advanceTimersByTimeAsync(0);
  }

  async refuse(): Promise<void> {
    this.answers.shift()?.({ ok: false, fault: { code: 'internal', what: 'no', where: '', remedy: '' } });
    await vi.advanceTimersByTimeAsync(0);
  }
}

describe('the sync', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('keeps pushes that come before the snapshot, and drops those that it contains', async () => {
    const wire = new Wire();
    wire.start();
    wire.push(4);
    wire.push(5, { run: null });
    await wire.answer(4);
    expect(wire.got).toEqual(['snapshot', 'run']);
    wire.push(6);
    expect(wire.got).toEqual(['snapshot', 'run', 'runs']);
    expect(wire.asked).toBe(1);
  });

  it('asks again when a push is missing, once, and goes on from there', async () => {
    const wire = new Wire();
    wire.start();
    await wire.answer(1);
    wire.push(3);
    wire.push(4);
    expect(wire.asked).toBe(2);
    await wire.answer(3);
    expect(wire.got).toEqual(['snapshot', 'snapshot', 'runs']);
  });

  it('says that it is lost and asks every second until it is answered', async () => {
    const wire = new Wire();
    wire.start();
    await wire.refuse();
    expect(wire.got).toEqual(['lost: no']);
    await vi.advanceTimersByTimeAsync(1000);
    await wire.answer(9);
    expect(wire.got).toEqual(['lost: no', 'snapshot']);
  });

  it('takes nothing any more after its end', async () => {
    const wire = new Wire();
    const end = wire.start();
    end();
    wire.push(1);
    await wire.answer(1);
    expect(wire.got).toEqual([]);
  });
});

describe('what interrupts a screen reader', () => {
  const then = (before: Slices, after: Slices) => urgentSentence(before, after);

  it('is power lost, run started and run failed', () => {
    expect(then(scenarios.mains(), scenarios.counting())).toMatch(/^Power lost: /);
    expect(then(scenarios.counting(), scenarios['before-line']())).toMatch(/^Run started: /);
    const failed = scenarios.failed();
    const running = { ...failed, run: failed.run && { ...failed.run, result: null, downResult: null } };
    expect(then(running, failed)).toMatch(/^The run failed: the way down failed/);
  });

  it('is nothing else', () => {
    expect(then(scenarios.counting(), scenarios.counting())).toBeNull();
    expect(then(scenarios.counting(), scenarios.mains())).toBeNull();
    expect(then(scenarios['no-ups'](), scenarios.mains())).toBeNull();
    expect(then(scenarios.failed(), scenarios.failed())).toBeNull();
  });
});

it('the page says the same policy as the header that it comes with', async () => {
  const html = await readFile(resolve(import.meta.dirname, '../../renderer/index.html'), 'utf8');
  const [, inPage = ''] = /content="(default-src [^"]*)"/.exec(html) ?? [];
  // A <meta> may not say who frames it.
  const parts = contentSecurityPolicy.split('; ').filter((part) => !part.startsWith('frame-ancestors'));
  expect(inPage.split('; ')).toEqual(parts);
});

describe('numbers', () => {
  const plain = (text: string) => text.replaceAll('\u00a0', ' ');

  it('are as exact as it matters', () => {
    expect([0, 45, 60, 210, 600, 2460, 7200, 7500].map(duration).map(plain)).toEqual([
      '0 s',
      '45 s',
      '1 min',
      '3 min 30 s',
      '10 min',
      '41 min',
      '2 h',
      '2 h 5 min',
    ]);
    expect([84, 3723].map(clock)).toEqual(['1:24', '1:02:03']);
  });

  it('are never made up', () => {
    expect(measured(null, 'V')).toBe(notReported);
    expect(plain(measured(0, 'V'))).toBe('0 V');
  });
});

describe('a remedy', () => {
  it('gives the line that is to be copied by itself', () => {
    expect(splitRemedy('Run `esxcli x` there.')).toEqual({ before: 'Run', rule: 'esxcli x', after: 'there.' });
    expect(splitRemedy('Add this rule: SUBSYSTEM=="hidraw", TAG+="uaccess"')).toEqual({
      before: 'Add this rule:',
      rule: 'SUBSYSTEM=="hidraw", TAG+="uaccess"',
      after: '',
    });
    expect(splitRemedy('Check the cable.')).toEqual({ before: 'Check the cable.', rule: '', after: '' });
  });
});

describe('runs', () => {
  const run = scenarios['past-line']().run;
  if (!run) throw new Error('the scenario has a run');

  it('count each host once, and leave ended ones to the main process', () => {
    const [esx] = run.sequence.stages.flatMap((stage) => stage.steps).filter((step) => step.kind === 'power-off');
    const view = run.steps['off-esx-1'];
    if (!esx || !view) throw new Error('the scenario powers off esx-1');
    const twice = {
      ...run,
      sequence: {
        ...run.sequence,
        stages: [stageSchema.parse({ id: 'a', name: 'A', steps: [esx, { ...esx, id: 'again' }] })],
      },
      steps: { [esx.id]: { ...view, state: 'done' as const }, again: { ...view, state: 'done' as const } },
    };
    expect(withLive(twice, []).map((each) => each.hostsOff)).toEqual([1]);
    const told = withLive(null, scenarios.mains().runs);
    const ended = { ...twice, runId: told[0]?.runId ?? '', phase: 'ended' as const };
    expect(withLive(ended, told)).toEqual(told);
  });

  it('say what they are doing, and what was never reached', () => {
    expect(runWords(run).words).toBe('Running');
    expect(runWords({ ...run, phase: 'waiting-for-return' }).words).toBe('Waiting for the power');
    expect(runWords({ ...run, phase: 'return' }).words).toBe('Bringing back');
    expect([stateWords('waiting', false).words, stateWords('waiting', true).words]).toEqual(['Waiting', 'Not reached']);
  });

  it('read as sentences in their journal', () => {
    const why = 'the mains are back';
    expect(logWords('', `cancelled: ${why}`, why)).toBe('Stopped: the mains are back');
    expect(logWords('', why, why)).toBe('The way down has ended');
    expect(logWords('Wake nas-1', 'skipped: not sent', why)).toBe('Wake nas-1: skipped: not sent');
    expect(logWords('', 'done: ', null)).toBe('Done');
    expect(logWords('', '7 min left: too little', null)).toBe('7 min left: too little');
  });
});

describe('the draft and what the main process says', () => {
  const hash = (letter: string) => letter.repeat(64);
  let ends: (() => void)[] = [];
  let answers: ((answer: Answer<'plan.save'>) => void)[] = [];
  let fault: Fault['code'] | null = null;
  const asked: unknown[] = [];

  /** A push of the plan, as the sync hands it on. */
  const tell = (change: Partial<PlanView>) =>
    liveStore.setState(({ slices }) => ({ slices: slices && { ...slices, plan: { ...slices.plan, ...change } } }));
  const rename = (name: string) => edit({ type: 'rename', name }, 'name');
  const shown = () => [draftStore.getState().history?.now.name, draftStore.getState().baseHash[0]];
  const named = (name: string) => ({ ...sequence, name });
  async function saveEndsWith(answer: Answer<'plan.save'>): Promise<void> {
    answers.shift()?.(answer);
    await vi.advanceTimersByTimeAsync(0);
  }

  beforeEach(() => {
    vi.useFakeTimers();
    const request = (name: string, input: unknown) => {
      asked.push({ name, input });
      if (name === 'plan.save') return new Promise((resolve) => answers.push(resolve));
      const value = name === 'plan.check' ? { problems: [], needs: 1, usually: 1, steps: [] } : null;
      return Promise.resolve(
        fault ? { ok: false, fault: { code: fault, what: 'No.', where: '', remedy: '' } } : { ok: true, value },
      );
    };
    vi.stubGlobal('window', { glidepath: { request } });
    draftStore.setState(draftStore.getInitialState(), true);
    uiStore.setState(uiStore.getInitialState(), true);
    liveStore.setState({ slices: null });
    ends = [followPlan(), followRuns()];
    liveStore.setState({ slices: scenarios.mains() });
    asked.length = 0;
  });
  afterEach(() => {
    for (const end of ends) end();
    answers = [];
    fault = null;
    vi.unstubAllGlobals();
    vi.useRealTimers();
  });

  it('shows what another hand has saved, but never in place of an edit', () => {
    tell({ sequence: named('theirs'), hash: hash('b') });
    expect(shown()).toEqual(['theirs', 'b']);
    rename('mine');
    tell({ sequence: named('theirs again'), hash: hash('c') });
    expect(shown()).toEqual(['mine', 'b']);
    undoEdit();
    expect(shown()).toEqual(['theirs again', 'c']);
  });

  it('keeps what was saved when the answer comes before the push, and then follows again', async () => {
    rename('mine');
    void savePlan();
    await saveEndsWith({ ok: true, value: { hash: hash('b') } });
    expect(shown()).toEqual(['mine', 'b']);
    tell({ checked: { problems: [], needs: 5, usually: 5, steps: [] } });
    expect(shown()).toEqual(['mine', 'b']);
    tell({ sequence: named('mine'), hash: hash('b') });
    tell({ sequence, hash: hash('a') });
    expect(shown()).toEqual(['Rack plan', 'a']);
  });

  it('takes over, when a save has ended, what was pushed meanwhile', async () => {
    rename('mine');
    void savePlan();
    tell({ sequence: named('mine'), hash: hash('b') });
    tell({ sequence: named('theirs'), hash: hash('c') });
    expect(shown()).toEqual(['mine', 'a']);
    await saveEndsWith({ ok: true, value: { hash: hash('b') } });
    expect(shown()).toEqual(['theirs', 'c']);
    expect(isDirty(draftStore.getState())).toBe(false);
  });

  it('undoes what was typed after a save without what was saved', async () => {
    rename('one');
    void savePlan();
    rename('two');
    await saveEndsWith({ ok: true, value: { hash: hash('b') } });
    rename('three');
    undoEdit();
    expect(shown()).toEqual(['one', 'b']);
    redoEdit();
    expect(shown()).toEqual(['three', 'b']);
  });

  it('is silent about a save that the user said no to, and shows any other refusal with the plan only', async () => {
    const refusal = { code: 'not-confirmed' as const, what: 'No.', where: '', remedy: '' };
    rename('mine');
    void savePlan();
    await saveEndsWith({ ok: false, fault: refusal });
    expect(draftStore.getState()).toMatchObject({ fault: null, saving: false });
    expect(uiStore.getState().polite.text).toBe('Not done.');
    void savePlan();
    await saveEndsWith({ ok: false, fault: { ...refusal, code: 'refused' } });
    expect(draftStore.getState().fault?.code).toBe('refused');
    expect(uiStore.getState().fault).toBeNull();
  });

  it('is not saved while another Glidepath is in control, and that is said', async () => {
    rename('mine');
    const daemon = { who: 'daemon' as const, pid: 1, since: 0 };
    liveStore.setState(({ slices }) => ({ slices: slices && { ...slices, controller: daemon } }));
    await savePlan();
    expect(answers).toEqual([]);
    expect(uiStore.getState().polite.text).toContain('in control');
    expect(isDirty(draftStore.getState())).toBe(true);
  });

  it('goes to a rehearsal that was begun, and stays where it is when it was refused', async () => {
    fault = 'refused';
    await startRehearsal(hash('a'));
    expect(uiStore.getState()).toMatchObject({ view: 'now', rehearsal: null, fault: { code: 'refused' } });
    fault = null;
    await startRehearsal(hash('a'));
    expect(uiStore.getState()).toMatchObject({ view: 'runs', rehearsal: { id: null }, fault: null });
    openRun('2026-10-02-140000');
    expect(uiStore.getState().rehearsal).toBeNull();
  });

  it('keeps the refusal of a command until the next one, or until another view is opened', async () => {
    fault = 'refused';
    await stopRun();
    expect(uiStore.getState().fault?.code).toBe('refused');
    fault = 'not-confirmed';
    await arm(hash('a'));
    expect(uiStore.getState().fault).toBeNull();
    expect(asked.at(-1)).toEqual({ name: 'plan.arm', input: { hash: hash('a') } });
    fault = 'refused';
    await stopRun();
    goTo('runs');
    expect(uiStore.getState().fault).toBeNull();
  });

  it('goes to a run that has just begun, whatever run was looked at', () => {
    openRun('2026-10-02-140000');
    liveStore.setState({ slices: scenarios.counting() });
    expect(uiStore.getState().runId).toBe('2026-10-02-140000');
    liveStore.setState({ slices: scenarios['before-line']() });
    expect(uiStore.getState().runId).toBeNull();
  });
});
