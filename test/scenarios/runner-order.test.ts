import { describe, expect, test } from 'vitest';
import { esxi } from '../fakes/rack-samples.ts';
import { fed, outage, overlaps, type Rig, rig, sequenceOf, upsA } from './runner-bench.ts';

const a = [upsA];
const acts = (made: Rig) => made.world.acts.join(', ');
const endOf = (made: Rig, step: string) => made.run().steps[step]?.endedAt ?? 0;
const startOf = (made: Rig, step: string) => made.run().steps[step]?.startedAt ?? 0;
const off = (id: string, patch: object = {}) => ({ id: `off-${id}`, kind: 'power-off', target: id, ...patch });
const command = (id: string, target: string, patch: object = {}) => ({
  id,
  kind: 'command',
  target,
  command: 'true',
  ...patch,
});

/** The commands of this world prove themselves. */
function provenCommands(made: Rig): void {
  const kind = made.world.steps.command;
  const sent = new WeakSet<AbortSignal>();
  const { act, probe } = kind;
  kind.act = async (context) => {
    const left = await act(context);
    sent.add(context.signal);
    return left;
  };
  kind.probe = async (context) => {
    await probe(context);
    const isSent = sent.has(context.signal);
    return isSent ? { state: 'done', proof: 'exit code 0' } : { state: 'not-done', seen: 'not sent' };
  };
}

describe('what is ready begins', () => {
  test('a stage begins when everything before it has ended, and its steps at once', async () => {
    const hosts = [fed('a', a), fed('b', a), fed('c', a)];
    const made = await rig(sequenceOf([{ steps: [off('a'), off('b')] }, { steps: [off('c')] }]), hosts);
    made.world.host('b').slow = 15;
    await outage(made, 'a');
    await made.seconds(120);
    expect(acts(made)).toBe('power-off a, power-off b, power-off c');
    expect(startOf(made, 'off-c') - endOf(made, 'off-b')).toBe(0);
    expect(made.run().downResult).toBe('done');
  });

  test('not more at once than the stage allows', async () => {
    const names = ['a', 'b', 'c', 'd', 'e'];
    const steps = names.map((name) => off(name));
    const made = await rig(
      sequenceOf([{ steps, parallel: 2 }]),
      names.map((name) => fed(name, a)),
    );
    await outage(made, 'a');
    await made.seconds(5);
    expect(acts(made)).toBe('power-off a, power-off b');
    await made.seconds(22);
    expect(acts(made)).toBe('power-off a, power-off b, power-off c, power-off d');
    await made.seconds(60);
    expect(made.run().downResult).toBe('done');
  });

  test('a delay counts from when the step could begin, also over a restart', async () => {
    const hosts = [fed('a', a), fed('b', a)];
    const made = await rig(sequenceOf([{ steps: [off('a'), off('b', { needs: ['off-a'], after: 60 })] }]), hosts);
    await outage(made, 'a');
    await made.seconds(50);
    expect(acts(made)).toBe('power-off a');
    await made.restart();
    await made.seconds(60);
    const waited = (startOf(made, 'off-b') - endOf(made, 'off-a')) / 1000;
    expect(waited).toBeGreaterThanOrEqual(60);
    expect(waited).toBeLessThan(63);
  });

  test('a delay that was over before a crash is not waited for again, and a clock set back draws nothing out', async () => {
    const hosts = [fed('a', a), fed('b', a)];
    const made = await rig(sequenceOf([{ steps: [off('a'), off('b', { needs: ['off-a'], after: 60 })] }]), hosts);
    await outage(made, 'a');
    await made.seconds(30);
    made.kill();
    await made.seconds(100);
    await made.restart();
    await made.seconds(3);
    expect(acts(made)).toBe('power-off a, power-off b');

    const other = await rig(sequenceOf([{ steps: [off('a'), off('b', { needs: ['off-a'], after: 60 })] }]), hosts);
    await outage(other, 'a');
    await other.seconds(30);
    other.clock.jump(3_600_000);
    await other.seconds(40);
    other.clock.jump(-7_200_000);
    await other.seconds(30);
    expect(acts(other)).toBe('power-off a, power-off b');
  });

  test('two destructive steps on one host never go on at once, whatever the sequence says', async () => {
    const steps = [command('one', 'a'), command('two', 'a'), command('three', 'b')];
    const made = await rig(sequenceOf([{ steps }]), [fed('a', a), fed('b', a)]);
    provenCommands(made);
    made.world.actMs = 4000;
    await outage(made, 'a');
    await made.seconds(2);
    expect(acts(made)).toBe('command a, command b');
    await made.seconds(30);
    expect(acts(made)).toBe('command a, command b, command a');
    expect(overlaps(made)).toEqual([]);
    expect(made.run().downResult).toBe('done');
  });
});

describe('one by one, and groups', () => {
  const all = ['a', 'b', 'c'];

  test('one by one: each when the one before has ended, in whatever way', async () => {
    const step = { id: 'off', kind: 'power-off', target: 'all', each: 'one-by-one', limit: 60 };
    const made = await rig(
      sequenceOf([{ steps: [step] }]),
      all.map((name) => fed(name, a)),
    );
    made.world.host('b').trouble = 'lies';
    await outage(made, 'a');
    await made.seconds(30);
    expect(acts(made)).toBe('power-off a, power-off b');
    await made.seconds(90);
    expect(made.states()).toEqual(['off.a done', 'off.b failed', 'off.c done']);
  });

  test('priority groups of guests go one after the other, also past one that does not stop', async () => {
    const step = {
      id: 'guests',
      kind: 'shut-down-guests',
      target: 'esx',
      limit: 40,
      groups: [
        { name: 'Databases', guests: ['vm1'] },
        { name: 'Storage', guests: ['vm3'] },
      ],
    };
    const made = await rig(sequenceOf([{ steps: [step] }]), [{ ...esxi('esx'), fedBy: fed('x', a).fedBy }]);
    made.world.host('esx').guestsOn.add('vm3');
    made.world.host('esx').stubborn.add('vm1');
    await outage(made, 'a');
    await made.seconds(90);
    const { steps } = made.run();
    expect(Object.values(steps).map((each) => each.state)).toEqual(['done', 'failed', 'done']);
    expect(Object.values(steps).map((each) => each.data.guests)).toEqual([['vm2'], ['vm1'], ['vm3']]);
    expect([...made.world.host('esx').guestsOn]).toEqual(['vm1']);
    expect(overlaps(made)).toEqual([]);
  });
});

describe('what is not begun', () => {
  test('a stage that stops: nothing behind it begins; its own steps go on', async () => {
    const stages = [
      { steps: [off('a', { limit: 30 }), off('b', { needs: [] })], onFailure: 'stop', parallel: 1 },
      { steps: [off('c')] },
    ];
    const made = await rig(
      sequenceOf(stages),
      ['a', 'b', 'c'].map((name) => fed(name, a)),
    );
    made.world.host('a').trouble = 'lies';
    await outage(made, 'a');
    await made.seconds(120);
    expect(made.states()).toEqual(['off-a failed', 'off-b done', 'off-c skipped']);
    expect(made.run().steps['off-c']?.proof).toBe('not begun: an earlier step failed');
  });

  test('steps that wait for each other are given up, and what comes after them goes on', async () => {
    const stages = [{ steps: [off('a', { needs: ['off-b'] }), off('b', { needs: ['off-a'] })] }, { steps: [off('c')] }];
    const made = await rig(
      sequenceOf(stages),
      ['a', 'b', 'c'].map((name) => fed(name, a)),
    );
    await outage(made, 'a');
    await made.seconds(30);
    expect(made.states()).toEqual(['off-a skipped', 'off-b skipped', 'off-c done']);
    expect(made.run().steps['off-a']?.proof).toBe('never ready: the steps it needs wait for each other');
  });

  test('a condition that does not hold: left out with the reason, and what needs it goes on', async () => {
    const stages = [
      {
        steps: [
          command('move', 'a', { when: [{ is: 'failed-upses', atLeast: 2 }] }),
          off('a', { needs: ['move'] }),
          off('b', { needs: ['off-a'], when: [{ is: 'host-kind', kind: 'esxi' }], after: 900 }),
        ],
      },
    ];
    const made = await rig(sequenceOf(stages), [fed('a', a), fed('b', a)]);
    await outage(made, 'a');
    await made.seconds(60);
    expect(made.states()).toEqual(['move skipped', 'off-a done', 'off-b skipped']);
    expect(made.run().steps.move?.proof).toBe('left out: 1 UPS has failed, and it is done from 2 on');
    expect(made.run().downResult).toBe('done');
  });

  test('conditions are asked when the step could begin: a second UPS that failed meanwhile counts', async () => {
    const stages = [{ steps: [off('a')] }, { steps: [off('b', { when: [{ is: 'failed-upses', atLeast: 2 }] })] }];
    const hosts = [fed('a', a), { ...fed('b', a), fedBy: { upses: ['hid:0463:ffff:B2'], need: 'any' as const } }];
    const made = await rig(sequenceOf(stages), hosts);
    await outage(made, 'a');
    await made.seconds(8);
    made.b.cut();
    await made.seconds(60);
    expect(made.states()).toEqual(['off-a done', 'off-b done']);
  });

  test('a run that is taken up again before any UPS has spoken finds its conditions as they were', async () => {
    const stages = [{ steps: [off('a')] }, { steps: [off('b', { when: [{ is: 'failed-upses', atLeast: 1 }] })] }];
    const made = await rig(sequenceOf(stages, { pointOfNoReturn: 's1' }), [fed('a', a), fed('b', a)]);
    await outage(made, 'a');
    await made.seconds(8);
    made.kill();
    made.a.plugged = false;
    await made.seconds(20);
    await made.restart();
    await made.seconds(60);
    expect(made.states()).toEqual(['off-a done', 'off-b done']);
  });
});
