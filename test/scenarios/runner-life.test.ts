import { describe, expect, test } from 'vitest';
import type { StepContext } from '../../electron/core/ports.ts';
import { fed, outage, type Rig, rig, sequenceOf, upsA } from './runner-bench.ts';

const a = [upsA];
const off = (id: string, patch: object = {}) => ({ id: `off-${id}`, kind: 'power-off', target: id, ...patch });
const wake = (id: string) => ({ id: `wake-${id}`, kind: 'wake', target: id });
const one = sequenceOf([{ steps: [off('web')] }], {
  returnStages: [{ id: 'back', name: 'Back', steps: [wake('web')] }],
});

describe.each([
  ['this computer', [fed('own', a, { isThisComputer: true })]],
  [
    'the host in a guest of which Glidepath runs',
    [fed('own', a), fed('guest', a, { isThisComputer: true, runsOn: 'own' })],
  ],
])('%s', (_what, ours) => {
  const hosts = [fed('nas', a), ...ours];
  const sequence = sequenceOf([{ steps: [off('nas')] }, { steps: [off('own')] }], { pointOfNoReturn: 's1' });

  /** The run up to where this computer was told, then `gone` seconds without it. */
  async function rebooted(gone: number, cutAt: 'intent' | 'accepted'): Promise<Rig> {
    const made = await rig(sequence, hosts);
    await outage(made, 'a');
    for (let second = 0; second < 60; second += 0.5) {
      await made.seconds(0.5);
      if (made.world.countActs('power-off own') > 0) break;
    }
    made.kill();
    const records = made.journals.runs.get('run-1') ?? [];
    const last = records.findIndex((record) => record.type === cutAt && record.step === 'off-own');
    made.journals.runs.set('run-1', records.slice(0, last + 1));
    await made.seconds(gone);
    made.world.host('own').power = 'on';
    await made.restart();
    await made.seconds(60);
    return made;
  }

  test('had taken its power-off, and lives again: that is the proof, and it is never sent twice', async () => {
    const made = await rebooted(120, 'accepted');
    expect(made.run().steps['off-own']).toMatchObject({
      state: 'done',
      proof: 'this computer had taken it, and was started again since',
    });
    expect(made.world.countActs('power-off own')).toBe(1);
    expect(made.run().downResult).toBe('done');
  });

  test('went down before it could say that it had taken it: the same', async () => {
    const made = await rebooted(120, 'intent');
    expect(made.run().steps['off-own']?.state).toBe('done');
    expect(made.run().steps['off-own']?.proof).toMatch(/^this computer was started again 2 min.* after it was sent$/);
    expect(made.world.countActs('power-off own')).toBe(1);
  });

  test('a process that is back too soon for a reboot looks, and sends it if it is not done', async () => {
    const made = await rebooted(2, 'intent');
    expect(made.world.countActs('power-off own')).toBe(2);
    expect(made.run().steps['off-own']?.state).toBe('done');
  });

  test('another host is looked at and not taken for proven', async () => {
    const made = await rig(sequence, hosts);
    made.world.host('nas').trouble = 'lies';
    await outage(made, 'a');
    await made.seconds(5);
    made.kill();
    await made.seconds(60);
    await made.restart();
    await made.seconds(30);
    expect(made.run().steps['off-nas']?.state).toBe('active');
  });
});

describe('durations', () => {
  test('every proven step tells how long it took, with its guests; others do not', async () => {
    const hosts = [fed('web', a), fed('nas', a), fed('old', a)];
    const made = await rig(sequenceOf([{ steps: [off('web'), off('nas', { limit: 30 }), off('old')] }]), hosts);
    made.world.host('nas').trouble = 'lies';
    made.world.host('old').power = 'off';
    await outage(made, 'a');
    await made.seconds(200);
    expect(made.states()).toEqual(['off-web done', 'off-nas failed', 'off-old already']);
    expect(made.samples).toMatchObject([{ kind: 'power-off', hostId: 'web', guests: null, seconds: 20 }]);
  });

  test('what cannot take them in stops no run', async () => {
    const made = await rig(sequenceOf([{ steps: [off('web')] }, { steps: [off('nas')] }]), [
      fed('web', a),
      fed('nas', a),
    ]);
    made.samples.push = () => {
      throw new Error('the book is full');
    };
    await outage(made, 'a');
    await made.seconds(100);
    expect(made.states()).toEqual(['off-web done', 'off-nas done']);
    expect(made.run().log.map(({ text }) => text)).toContain('Power off web: the book is full');
  });

  test('a step that another process began tells nothing', async () => {
    const made = await rig(one, [fed('web', a)]);
    await outage(made, 'a');
    await made.seconds(5);
    await made.restart();
    await made.seconds(60);
    expect(made.states()[0]).toBe('off-web done');
    expect(made.samples).toEqual([]);
  });
});

describe('hints', () => {
  async function hinting(hints: (call: () => void, made: Rig) => void): Promise<{ made: Rig; looks: number[] }> {
    const made = await rig(one, [fed('web', a)], 4300);
    const kind = made.world.steps['power-off'];
    const { probe } = kind;
    const looks: number[] = [];
    let stopped = 0;
    Object.assign(kind, {
      proveEvery: 10_000,
      probe: (context: StepContext) => {
        looks.push(made.clock.monotonic());
        return probe(context);
      },
      onHint: (_context: StepContext, call: () => void) => {
        hints(call, made);
        return () => {
          stopped += 1;
        };
      },
    });
    await outage(made, 'a');
    await made.seconds(30);
    expect(stopped).toBe(1);
    return { made, looks };
  }

  test('a hint makes the next look come at once', async () => {
    const { made } = await hinting((call, each) => each.clock.after(4300, call));
    const { startedAt, endedAt } = made.run().steps['off-web'] ?? {};
    expect((endedAt ?? 0) - (startedAt ?? 0)).toBe(4300);
  });

  test('a flood of hints makes no more than ten looks a second', async () => {
    const { looks } = await hinting((call, made) => {
      const flood = (left: number): void => {
        call();
        if (left > 0) made.clock.after(3, () => flood(left - 1));
      };
      flood(1400);
    });
    const gaps = looks.slice(2).map((at, index) => at - (looks[index + 1] ?? 0));
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(100);
    expect(looks.length).toBeGreaterThan(35);
    expect(looks.length).toBeLessThan(50);
  });
});

describe('decisions', () => {
  test('each is told once, with its reason: the return waits for one thing after the other', async () => {
    const made = await rig(one, [fed('web', a)]);
    await outage(made, 'a');
    await made.seconds(60);
    made.a.restore({ charge: 10 });
    await made.seconds(100);
    made.a.now.charge = 50;
    await made.seconds(10);
    made.a.cut();
    await made.seconds(5);
    made.a.restore({ charge: 50 });
    await made.seconds(120);
    expect(made.decisions.map(({ kind, sentence }) => `${kind}: ${sentence.replace(/\d+ s/, 'N s')}`)).toEqual([
      'started: Started by the test',
      'return-waits: Waiting for the power: Back-UPS is not on mains',
      'return-waits: Waiting for the battery: 10 % of 25 %',
      'return-begun: Power stable for 1 min N s',
      'return-halted: The power has failed again: the return stops where it stands',
      'return-waits: Waiting for the power: Back-UPS is not on mains',
      'return-waits: Waiting for stable power: N s of 1 min',
      'return-begun: Power stable for 1 min',
    ]);
  });

  test('a host that comes back by itself on the way down is found on, and not woken', async () => {
    const made = await rig(one, [fed('web', a)]);
    made.world.host('web').wakesItselfAfter = 15_000;
    await outage(made, 'a');
    await made.seconds(120);
    made.a.restore({ charge: 90 });
    await made.seconds(200);
    expect(made.world.acts).toEqual(['power-off web']);
    expect(made.run().steps['wake-web']?.state).toBe('already');
    expect(made.run().result).toBe('done');
  });
});
