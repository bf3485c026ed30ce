import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { splitRemedy } from '../../renderer/parts/fault-box.tsx';
import { clock, duration, measured, notReported } from '../../renderer/parts/format.ts';
import { startSync } from '../../renderer/store/sync.ts';
import { urgentSentence } from '../../renderer/store/urgent.ts';
import type { Answer, Bridge, Push } from '../../shared/ipc.ts';
import type { Slices } from '../../shared/view.ts';
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
