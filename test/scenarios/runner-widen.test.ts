import { describe, expect, test } from 'vitest';
import type { RunRecord } from '../../shared/run-record.ts';
import { esxi } from '../fakes/rack-samples.ts';
import { fed, outage, overlaps, type Rig, rig, sequenceOf, upsA, upsB } from './runner-bench.ts';

const a = [upsA];
const b = [upsB];
const acts = (made: Rig) => made.world.acts.join(', ');
const off = (id: string, patch: object = {}) => ({ id: `off-${id}`, kind: 'power-off', target: id, ...patch });
const wake = (id: string) => ({ id: `wake-${id}`, kind: 'wake', target: id });

/** web (A) and app (B) first, then a command on app, then nas (A) and san (B) behind the line. */
const stages = [{ steps: [off('web'), off('app')] }, { steps: [off('nas', { limit: 200 }), off('san')] }];
const back = { returnStages: [{ id: 'back', name: 'Back', steps: ['nas', 'san', 'web', 'app'].map(wake) }] };
const hosts = () => [fed('web', a), fed('app', b), fed('nas', a), fed('san', b)];
const powers = (made: Rig) => Object.entries(made.world.powers()).map(([name, power]) => `${name} ${power}`);

describe('a run for some hosts', () => {
  test('the others are held, keep nobody waiting, and are left as they are', async () => {
    const made = await rig(sequenceOf(stages, back), hosts());
    await outage(made, 'a', { wanted: ['web', 'nas'] });
    await made.seconds(60);
    expect(acts(made)).toBe('power-off web, power-off nas');
    expect(made.states().slice(0, 4)).toEqual(['off-web done', 'off-app skipped', 'off-nas done', 'off-san skipped']);
    expect(made.run().steps['off-app']?.proof).toBe('not begun: app still has its power');
    expect(made.run().downResult).toBe('done');
    expect(made.journals.records.find((record) => record.type === 'down-ended')).toMatchObject({
      why: '2 of 4 steps are proven, the others were not done',
    });

    made.a.restore({ charge: 90 });
    await made.seconds(200);
    expect(acts(made)).toBe('power-off web, power-off nas, wake nas, wake web');
    expect(made.run().steps['wake-app']?.proof).toMatch(/left as it was/);
    expect(powers(made)).toEqual(['web on', 'app on', 'nas on', 'san on']);
    expect(made.run().result).toBe('done');
  });

  test('the return goes by the power of those hosts alone', async () => {
    const made = await rig(sequenceOf(stages, back), hosts());
    await outage(made, 'a', { wanted: ['web', 'nas'] });
    await made.seconds(60);
    made.b.cut({ runtime: 3600 });
    made.a.restore({ charge: 90 });
    await made.seconds(200);
    expect(made.run()).toMatchObject({ phase: 'ended', result: 'done' });
    expect(powers(made)).toEqual(['web on', 'app on', 'nas on', 'san on']);
  });

  test('needs go through held steps: one by one among those that are meant', async () => {
    const step = { id: 'off', kind: 'power-off', target: 'all', each: 'one-by-one' };
    const made = await rig(sequenceOf([{ steps: [step] }]), hosts());
    await outage(made, 'a', { wanted: ['web', 'nas'] });
    await made.seconds(15);
    expect(acts(made)).toBe('power-off web');
    await made.seconds(60);
    expect(acts(made)).toBe('power-off web, power-off nas');
    expect(made.states()).toEqual(['off.web done', 'off.app skipped', 'off.nas done', 'off.san skipped']);
  });
});

describe('widening', () => {
  test('held steps of an early stage begin while a later one goes on; what has not begun waits for them', async () => {
    const made = await rig(sequenceOf(stages, { ...back, pointOfNoReturn: 's2' }), hosts());
    await outage(made, 'a', { wanted: ['web', 'nas'] });
    await made.seconds(30);
    expect(acts(made)).toBe('power-off web, power-off nas');
    made.b.cut({ runtime: 3600 });
    await made.seconds(3);
    expect(made.keeper.widen(['app', 'san'], 'Rack UPS has failed too')).toBe(true);
    await made.seconds(2);
    // nas goes on, san stands behind the barrier that app is.
    expect(acts(made)).toBe('power-off web, power-off nas, power-off app');
    await made.seconds(60);
    expect(acts(made)).toBe('power-off web, power-off nas, power-off app, power-off san');
    expect(powers(made)).toEqual(['web off', 'app off', 'nas off', 'san off']);
    expect(overlaps(made)).toEqual([]);
    expect(made.run().wanted).toEqual(['web', 'nas', 'app', 'san']);
    expect(made.decisions.filter(({ kind }) => kind === 'widened')).toMatchObject([
      { sentence: 'Rack UPS has failed too', runId: 'run-1' },
    ]);
  });

  test('to hosts that it has already, or twice the same: nothing is written', async () => {
    const made = await rig(sequenceOf(stages), hosts());
    await outage(made, 'a', { wanted: ['web', 'nas'] });
    expect(made.keeper.widen(['web'], 'again')).toBe(true);
    expect(made.keeper.widen(null, 'more failed than the rack tolerates')).toBe(true);
    expect(made.keeper.widen(['web'], 'again')).toBe(true);
    await made.seconds(60);
    expect(made.run().wanted).toBeNull();
    expect(made.journals.records.filter((record) => record.type === 'wanted')).toHaveLength(1);
  });

  test('a run whose way down is over, or that was cancelled, takes nobody in', async () => {
    const made = await rig(sequenceOf(stages), hosts());
    expect(made.keeper.widen(['app'], 'no run')).toBe(false);
    await outage(made, 'a', { wanted: ['web', 'nas'] });
    made.keeper.cancel('by hand');
    expect(made.keeper.widen(['app'], 'late')).toBe(false);
    await made.seconds(60);
    expect(made.keeper.widen(['app'], 'late')).toBe(false);
    expect(made.world.countActs('power-off app')).toBe(0);
  });

  test('while the last held steps are given up: it says no, so that a new run can be begun', async () => {
    const made = await rig(sequenceOf(stages), hosts());
    const answers: boolean[] = [];
    const create = made.journals.create.bind(made.journals);
    made.journals.create = async (runId) => {
      const journal = await create(runId);
      const append = async (record: RunRecord) => {
        if (record.type === 'step-ended' && record.step === 'off-app') answers.push(made.keeper.widen(['app'], 'late'));
        await journal.append(record);
      };
      return { ...journal, append };
    };
    await outage(made, 'a', { wanted: ['web', 'nas'] });
    await made.seconds(60);
    expect(answers).toEqual([false]);
    expect(made.run()).toMatchObject({ wanted: ['web', 'nas'], downResult: 'done' });
  });
});

describe('narrowing', () => {
  const both = { wanted: ['web', 'app', 'nas', 'san'] };

  test('before the line: hosts with their power back are held again; the others go on', async () => {
    const slow = [{ steps: [{ id: 'wait', kind: 'wait', seconds: 30 }] }, ...stages];
    const made = await rig(sequenceOf(slow, { ...back, pointOfNoReturn: 's2' }), hosts());
    await outage(made, 'both', both);
    await made.seconds(10);
    made.b.restore();
    await made.seconds(100);
    expect(acts(made)).toBe('power-off web, power-off nas');
    expect(made.run().wanted).toEqual(['web', 'nas']);
    expect(made.decisions.map(({ kind }) => kind)).toEqual(['started', 'narrowed', 'return-waits']);
    expect(made.decisions[1]?.sentence).toBe('app, san have their power back before the point of no return');
  });

  test('it fails again: they are taken in again, and go down', async () => {
    const slow = [{ steps: [{ id: 'wait', kind: 'wait', seconds: 40 }] }, ...stages];
    const made = await rig(sequenceOf(slow, { pointOfNoReturn: 's2' }), hosts());
    await outage(made, 'both', both);
    await made.seconds(10);
    made.b.restore();
    await made.seconds(10);
    expect(made.run().wanted).toEqual(['web', 'nas']);
    made.b.cut();
    await made.seconds(3);
    expect(made.keeper.widen(['app', 'san'], 'Rack UPS has failed again')).toBe(true);
    await made.seconds(100);
    expect(powers(made)).toEqual(['web off', 'app off', 'nas off', 'san off']);
  });

  test('what depends on a host that still fails stays meant', async () => {
    const using = hosts().map((host) => (host.id === 'app' ? { ...host, uses: ['nas'] } : host));
    const slow = [{ steps: [{ id: 'wait', kind: 'wait', seconds: 30 }] }, ...stages];
    const made = await rig(sequenceOf(slow, { pointOfNoReturn: 's2' }), using);
    await outage(made, 'both', both);
    await made.seconds(10);
    made.b.restore();
    await made.seconds(100);
    expect(made.run().wanted).toEqual(['web', 'app', 'nas']);
    expect(powers(made)).toEqual(['web off', 'app off', 'nas off', 'san on']);
  });

  test('everything has its power back: cancelled, as ever', async () => {
    const slow = [{ steps: [{ id: 'wait', kind: 'wait', seconds: 30 }] }, ...stages];
    const made = await rig(sequenceOf(slow, { pointOfNoReturn: 's2' }), hosts());
    await outage(made, 'a', { wanted: ['web', 'nas'] });
    await made.seconds(10);
    made.a.restore();
    await made.seconds(60);
    expect(made.run()).toMatchObject({ downResult: 'cancelled', wanted: ['web', 'nas'] });
    expect(made.world.acts).toEqual([]);
    expect(made.decisions.map(({ kind }) => kind)).toContain('cancelled');
  });

  test('past the line nothing is let go', async () => {
    const made = await rig(sequenceOf(stages, { pointOfNoReturn: 's1' }), hosts());
    await outage(made, 'both', both);
    await made.seconds(5);
    made.b.restore();
    await made.seconds(80);
    expect(powers(made)).toEqual(['web off', 'app off', 'nas off', 'san off']);
  });

  test('a step that was begun and not sent goes back to where it stood, and is begun again when it is meant again', async () => {
    const made = await rig(sequenceOf([{ steps: [off('web'), off('app')] }, { steps: [off('nas')] }]), hosts());
    made.world.host('app').trouble = 'unreachable';
    await outage(made, 'both', { wanted: ['web', 'app', 'nas'] });
    await made.seconds(3);
    made.b.restore();
    await made.seconds(10);
    expect(made.run()).toMatchObject({ wanted: ['web', 'nas'], steps: { 'off-app': { state: 'active' } } });
    made.world.host('app').trouble = null;
    await made.seconds(15);
    // Nobody waits for it meanwhile.
    expect(acts(made)).toBe('power-off web, power-off nas');
    made.b.cut();
    await made.seconds(3);
    made.keeper.widen(['app'], 'Rack UPS has failed again');
    await made.seconds(60);
    expect(made.states()).toEqual(['off-web done', 'off-app done', 'off-nas done']);
    expect(made.world.countActs('power-off app')).toBe(1);
  });

  test('a guest that was shut down before its host had its power back is started again', async () => {
    const esx = { ...esxi('esx'), fedBy: { upses: [upsB.id], need: 'any' as const } };
    const sequence = sequenceOf(
      [{ steps: [{ id: 'guests', kind: 'shut-down-guests', target: 'esx' }] }, { steps: [off('web'), off('esx')] }],
      {
        returnStages: [
          {
            id: 'back',
            name: 'Back',
            steps: [
              wake('web'),
              wake('esx'),
              { id: 'start', kind: 'start-guests', target: 'esx', needs: ['wake-esx'] },
            ],
          },
        ],
      },
    );
    const made = await rig(sequence, [fed('web', a), esx]);
    await outage(made, 'both', { wanted: ['web', 'esx'] });
    await made.seconds(5);
    made.b.restore({ charge: 90 });
    await made.seconds(80);
    expect(powers(made)).toEqual(['web off', 'esx on']);
    made.a.restore({ charge: 90 });
    await made.seconds(200);
    expect(made.run().result).toBe('done');
    expect([...made.world.host('esx').guestsOn].sort()).toEqual(['vm1', 'vm2']);
    expect(powers(made)).toEqual(['web on', 'esx on']);
  });
});
