import { describe, expect, test } from 'vitest';
import { esxi } from '../fakes/rack-samples.ts';
import { fed, outage, overlaps, type Rig, rig, sequenceOf, upsA } from './runner-bench.ts';

const a = [upsA];
const off = (id: string, patch: object = {}) => ({ id: `off-${id}`, kind: 'power-off', target: id, ...patch });
const tell = (id: string, patch: object = {}) => ({ id, kind: 'wait', seconds: 40, optional: true, ...patch });
const sheds = (made: Rig) =>
  made.journals.records.flatMap((record) => (record.type === 'shed' ? [`${record.measure}: ${record.why}`] : []));

describe('running out of time', () => {
  const stages = [
    { steps: [tell('first')] },
    { steps: [off('web')] },
    { steps: [tell('second')] },
    { steps: [off('nas')] },
  ];
  const hosts = [fed('web', a), fed('nas', a)];

  test('with enough battery nothing is given up', async () => {
    const made = await rig(sequenceOf(stages), hosts);
    await outage(made, 'a');
    made.battery(400);
    await made.seconds(200);
    expect(sheds(made)).toEqual([]);
    expect(made.states()).toEqual(['first done', 'off-web done', 'second done', 'off-nas done']);
  });

  test('optional steps are left out first, with the numbers; that is enough, so nothing else is', async () => {
    const made = await rig(sequenceOf(stages), hosts);
    await outage(made, 'a');
    made.battery(240);
    await made.seconds(200);
    expect(sheds(made)).toEqual([
      'skip-optional: The battery lasts for 3 min 54 s and the run still needs 4 min 14 s: optional steps are left out',
    ]);
    expect(made.states()).toEqual(['first done', 'off-web done', 'second skipped', 'off-nas done']);
    expect(made.run().steps.second?.proof).toBe(
      'left out: it is optional, and the battery would not last for everything',
    );
  });

  test('one odd reading gives up nothing, nor does anything on mains or when nobody knows the runtime', async () => {
    const made = await rig(sequenceOf(stages, { pointOfNoReturn: 's1' }), hosts);
    await outage(made, 'a');
    made.battery(10);
    await made.seconds(4);
    made.battery(3000);
    await made.seconds(2);
    made.battery(10);
    await made.seconds(4);
    made.battery(null);
    await made.seconds(20);
    made.a.restore();
    await made.seconds(3);
    made.battery(10);
    await made.seconds(20);
    expect(sheds(made)).toEqual([]);
  });

  test('in the order that the sequence states, five seconds apart, and never what it does not name', async () => {
    const made = await rig(sequenceOf(stages, { shed: ['force', 'skip-optional'] }), hosts);
    await outage(made, 'a');
    made.battery(100);
    await made.seconds(8);
    expect(sheds(made).map((line) => line.split(':')[0])).toEqual(['force']);
    await made.seconds(5);
    expect(sheds(made).map((line) => line.split(':')[0])).toEqual(['force', 'skip-optional']);
    await made.seconds(200);
    expect(sheds(made)).toHaveLength(2);
    expect(made.run().downResult).toBe('done');
  });

  test('a measure that would save nothing is passed over', async () => {
    const made = await rig(sequenceOf([{ steps: [off('web')] }, { steps: [off('nas')] }]), hosts);
    await outage(made, 'a');
    made.battery(60);
    await made.seconds(12);
    expect(made.run().shed[0]).toBe('shorten-limits');
  });

  test('what was given up stays so after a restart', async () => {
    const made = await rig(sequenceOf(stages), hosts);
    await outage(made, 'a');
    made.battery(240);
    await made.seconds(12);
    await made.restart();
    made.battery(3000);
    await made.seconds(200);
    expect(made.run().steps.second?.state).toBe('skipped');
    expect(made.run().downResult).toBe('done');

    const other = await rig(sequenceOf(stages, { shed: ['force'] }), hosts);
    await outage(other, 'a');
    other.battery(60);
    await other.seconds(8);
    await other.restart();
    await other.seconds(20);
    expect(other.run().shed).toEqual(['force']);
  });
});

describe('shortened limits', () => {
  const hosts = [fed('web', a), fed('nas', a)];

  test('what has had its usual time is given up at the moment when what comes after needs the battery', async () => {
    const made = await rig(sequenceOf([{ steps: [off('web')] }, { steps: [off('nas')] }]), hosts);
    made.world.host('web').trouble = 'lies';
    await outage(made, 'a');
    made.battery(170);
    await made.seconds(75);
    expect(made.run().steps['off-web']?.state).toBe('active');
    await made.seconds(10);
    const { fault, endedAt, startedAt } = made.run().steps['off-web'] ?? {};
    expect(fault?.code).toBe('limit-reached');
    expect(fault?.what).toMatch(
      /^given up unproven: it has had more than its usual 1 min, and the 1 min 30 s of battery that are left are needed for what comes after, which takes 1 min 30 s$/,
    );
    // 170 s of battery, 90 s for the NAS: it is waited for 80 s, not for 240.
    expect(((endedAt ?? 0) - (startedAt ?? 0)) / 1000).toBeCloseTo(80, -1);
    await made.seconds(30);
    expect(made.states()).toEqual(['off-web failed', 'off-nas done']);
  });

  test('a step after which nothing comes is waited for to its limit', async () => {
    const made = await rig(sequenceOf([{ steps: [off('web'), off('nas')] }]), hosts);
    made.world.host('nas').slow = 100;
    await outage(made, 'a');
    made.battery(30);
    await made.seconds(200);
    expect(made.run().shed).toContain('shorten-limits');
    expect(made.states()).toEqual(['off-web done', 'off-nas done']);
  });

  test('a step beside which another holds the stage up is not given up for what comes after the stage', async () => {
    const chain = (id: string) => [
      { id: `guests-${id}`, kind: 'shut-down-guests', target: id },
      { ...off(id), needs: [`guests-${id}`] },
    ];
    const long = { id: 'long', kind: 'wait', seconds: 250 };
    const stages = [{ steps: [...chain('slow'), long] }, { steps: [off('nas')] }];
    const slow = { ...esxi('slow'), fedBy: fed('slow', a).fedBy };
    const made = await rig(sequenceOf(stages, { shed: ['shorten-limits'] }), [slow, fed('nas', a)]);
    made.world.host('slow').slow = 80;
    await outage(made, 'a');
    made.battery(330);
    await made.seconds(300);
    expect(made.run().shed).toEqual(['shorten-limits']);
    expect(made.states()).toEqual(['guests-slow done', 'off-slow done', 'long done', 'off-nas done']);
    expect(made.world.host('slow').cutHard).toBe(false);
  });

  test('a clock that is set forward makes nothing late', async () => {
    const made = await rig(sequenceOf([{ steps: [off('web')] }, { steps: [off('nas')] }]), hosts);
    made.world.host('web').slow = 15;
    await outage(made, 'a');
    made.battery(60);
    await made.seconds(12);
    expect(made.run().shed).toContain('shorten-limits');
    made.clock.jump(3_600_000);
    await made.seconds(60);
    expect(made.states()).toEqual(['off-web done', 'off-nas done']);
  });

  test('beside one that is given up for the next, one after which nothing comes goes on', async () => {
    const chain = { id: 'off', kind: 'power-off', target: 'tag:pair', each: 'one-by-one' };
    const pair = ['p1', 'p2'].map((name) => fed(name, a, { tags: ['pair'] }));
    const made = await rig(sequenceOf([{ steps: [chain, off('nas')] }]), [...pair, fed('nas', a)]);
    made.world.host('p1').trouble = 'lies';
    made.world.host('nas').slow = 100;
    await outage(made, 'a');
    made.battery(120);
    await made.seconds(180);
    expect(made.states()).toEqual(['off.p1 failed', 'off.p2 done', 'off-nas done']);
    expect(made.run().steps['off.p1']?.fault?.what).toMatch(/^given up unproven/);
  });

  test.each([
    ['step', [{ steps: [off('web', { onFailure: 'stop' })] }]],
    ['stage', [{ steps: [off('web')], onFailure: 'stop' }]],
  ])('one whose failure would stop all that comes after is not given up for it: a %s', async (_what, first) => {
    const made = await rig(sequenceOf([...first, { steps: [off('nas')] }]), hosts);
    made.world.host('web').slow = 80;
    await outage(made, 'a');
    made.battery(120);
    await made.seconds(200);
    expect(made.run().shed).toContain('shorten-limits');
    expect(made.states()).toEqual(['off-web done', 'off-nas done']);
  });

  test('a step that all that comes after needs is not given up: it would save nothing', async () => {
    const steps = [off('web', { limit: 200 }), off('nas', { needs: ['off-web'] })];
    const made = await rig(sequenceOf([{ steps }]), hosts);
    made.world.host('web').slow = 100;
    await outage(made, 'a');
    made.battery(30);
    await made.seconds(200);
    expect(made.states()).toEqual(['off-web done', 'off-nas done']);
  });
});

describe('forcing', () => {
  const esx = { ...esxi('esx'), fedBy: fed('x', a).fedBy };
  const stages = (force: boolean) => [
    { steps: [{ id: 'guests', kind: 'shut-down-guests', target: 'esx', force }] },
    { steps: [{ id: 'mm', kind: 'enter-maintenance', target: 'esx' }, off('esx', { needs: ['mm'] })] },
  ];

  test('guests that do not stop are powered off at once when the battery will not last', async () => {
    const made = await rig(sequenceOf(stages(true)), [esx]);
    made.world.host('esx').stubborn.add('vm1');
    await outage(made, 'a');
    made.battery(200);
    await made.seconds(100);
    expect(made.run().shed).toEqual(['shorten-limits', 'force']);
    expect(made.states()).toEqual(['guests done', 'mm done', 'off-esx done']);
    expect(made.world.host('esx').cutHard).toBe(false);
  });

  test('not when the step may not force: the hypervisor is never powered off under its guests', async () => {
    const made = await rig(sequenceOf(stages(false)), [esx]);
    made.world.host('esx').stubborn.add('vm1');
    await outage(made, 'a');
    made.battery(200);
    await made.seconds(400);
    expect(made.states()).toEqual(['guests failed', 'mm failed', 'off-esx skipped']);
    expect(made.world.host('esx')).toMatchObject({ cutHard: false, power: 'on' });
    expect(overlaps(made)).toEqual([]);
  });
});
