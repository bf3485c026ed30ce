import { describe, expect, test } from 'vitest';
import { FaultError } from '../../shared/fault.ts';
import { esxi } from '../fakes/rack-samples.ts';
import { fed, outage, type Rig, rig, sequenceOf, upsA } from './runner-bench.ts';

const a = [upsA];
const off = (id: string, patch: object = {}) => ({ id: `off-${id}`, kind: 'power-off', target: id, ...patch });
const wake = (id: string) => ({ id: `wake-${id}`, kind: 'wake', target: id });
const stages = [{ steps: [off('web'), off('app')] }, { steps: [off('nas'), off('san', { needs: ['off-nas'] })] }];
const hosts = ['web', 'app', 'nas', 'san'].map((name) => fed(name, a));
const back = { returnStages: [{ id: 'back', name: 'Back', steps: ['web', 'app', 'nas', 'san'].map(wake) }] };

function refusal(work: () => void): string {
  try {
    work();
  } catch (error) {
    if (error instanceof FaultError && error.fault.code === 'refused') return error.fault.what;
    throw error;
  }
  return 'not refused';
}
const refused = (made: Rig, run: string, step: string) => refusal(() => made.keeper.skip(run, step));

describe('skipping a step', () => {
  test('that waits: it is left out, and what needs it is not begun and says so', async () => {
    const made = await rig(sequenceOf(stages, back), hosts);
    await outage(made, 'a');
    made.keeper.skip('run-1', 'off-nas');
    expect(refused(made, 'run-1', 'off-nas')).toBe('the step "off-nas" has ended');
    await made.seconds(60);
    expect(made.states().slice(0, 4)).toEqual(['off-web done', 'off-app done', 'off-nas skipped', 'off-san skipped']);
    expect(made.run().steps['off-nas']?.proof).toBe('skipped by hand');
    expect(made.run().steps['off-san']?.proof).toBe('not begun: it needs off-nas, which was skipped by hand');
    expect(made.world.countActs('power-off nas')).toBe(0);
    expect(made.run().downResult).toBe('done');
  });

  test('that was sent: it is not waited for, what comes after begins, and it is brought back all the same', async () => {
    const made = await rig(sequenceOf(stages, back), hosts);
    made.world.host('web').slow = 60;
    await outage(made, 'a');
    await made.seconds(30);
    expect(made.world.acts).toEqual(['power-off web', 'power-off app']);
    made.keeper.skip('run-1', 'off-web');
    await made.seconds(2);
    expect(made.run().steps['off-web']).toMatchObject({
      state: 'skipped',
      proof: 'skipped by hand: it was sent, and is not waited for',
    });
    expect(made.world.acts).toContain('power-off nas');
    await made.seconds(120);
    expect(made.world.host('web').power).toBe('off');
    made.a.restore({ charge: 90 });
    await made.seconds(200);
    expect(Object.values(made.world.powers())).toEqual(['on', 'on', 'on', 'on']);
  });

  test('of guests that were asked: the host is not touched any more, and its guests are started again', async () => {
    const esx = { ...esxi('esx'), fedBy: fed('x', a).fedBy };
    const down = [
      { id: 'guests', kind: 'shut-down-guests', target: 'esx' },
      { id: 'off', kind: 'power-off', target: 'esx', needs: ['guests'] },
    ];
    const start = { id: 'start', kind: 'start-guests', target: 'esx' };
    const sequence = sequenceOf([{ steps: down }], { returnStages: [{ id: 'back', name: 'Back', steps: [start] }] });
    const made = await rig(sequence, [esx]);
    await outage(made, 'a');
    await made.seconds(5);
    made.keeper.skip('run-1', 'guests');
    await made.seconds(60);
    expect(made.world.host('esx')).toMatchObject({ power: 'on', guestsOn: new Set() });
    made.a.restore({ charge: 90 });
    await made.seconds(120);
    expect([...made.world.host('esx').guestsOn].sort()).toEqual(['vm1', 'vm2']);
  });

  test('that hangs in its act: the next one begins', async () => {
    const made = await rig(sequenceOf(stages), hosts);
    made.world.host('web').trouble = 'hangs';
    await outage(made, 'a');
    await made.seconds(40);
    made.keeper.skip('run-1', 'off-web');
    await made.seconds(60);
    expect(made.states()).toEqual(['off-web skipped', 'off-app done', 'off-nas done', 'off-san done']);
  });

  test('of the return, before it has begun', async () => {
    const made = await rig(sequenceOf(stages, back), hosts);
    await outage(made, 'a');
    await made.seconds(120);
    made.keeper.skip('run-1', 'wake-san');
    made.a.restore({ charge: 90 });
    await made.seconds(200);
    expect(made.world.powers()).toEqual({ web: 'on', app: 'on', nas: 'on', san: 'off' });
  });

  test('is remembered over a restart', async () => {
    const made = await rig(sequenceOf(stages), hosts);
    await outage(made, 'a');
    made.keeper.skip('run-1', 'off-nas');
    await made.seconds(1);
    await made.restart();
    await made.seconds(120);
    expect(made.run().steps['off-san']?.proof).toBe('not begun: it needs off-nas, which was skipped by hand');
  });

  test('is refused when it has ended, when there is none, and when another run is meant', async () => {
    const made = await rig(sequenceOf(stages), hosts);
    expect(refused(made, 'run-1', 'off-web')).toBe('this run is over');
    await outage(made, 'a');
    await made.seconds(30);
    expect(refused(made, 'run-1', 'off-web')).toBe('the step "off-web" has ended');
    expect(refused(made, 'run-1', 'off-all')).toBe('the run has no step "off-all"');
    expect(refused(made, 'run-0', 'off-nas')).toBe('this run is over');
  });
});
