import { describe, expect, test } from 'vitest';
import { fed, outage, rig, sequenceOf, upsA } from './runner-bench.ts';

const a = [upsA];
const off = (id: string, patch: object = {}) => ({ id: `off-${id}`, kind: 'power-off', target: id, ...patch });

/** Node's timers come up to a millisecond before their time by its own monotonic clock. */
describe('timers that come a little early', () => {
  test('a delay ends all the same', async () => {
    const made = await rig(sequenceOf([{ steps: [off('web', { after: 30 })] }]), [fed('web', a)]);
    made.clock.early = 0.4;
    await outage(made, 'a');
    await made.seconds(60);
    expect(made.states()).toEqual(['off-web done']);
  });

  test('a limit that is over is a failure, not a cancel: it stops what it should, and the host is brought back', async () => {
    const stages = [{ steps: [off('web', { onFailure: 'stop' })] }, { steps: [off('nas')] }];
    const wake = { id: 'wake', kind: 'wake', target: 'web' };
    const patch = { pointOfNoReturn: 's1', returnStages: [{ id: 'back', name: 'Back', steps: [wake] }] };
    const made = await rig(sequenceOf(stages, patch), [fed('web', a), fed('nas', a)]);
    made.clock.early = 0.4;
    made.world.host('web').slow = 260;
    await outage(made, 'a');
    await made.seconds(250);
    expect(made.states().slice(0, 2)).toEqual(['off-web failed', 'off-nas skipped']);
    expect(made.run().steps['off-web']?.fault?.what).toMatch(/^not proven within 4 min; last seen: /);
    await made.seconds(60);
    made.a.restore({ charge: 100 });
    await made.seconds(400);
    expect(made.world.powers()).toEqual({ web: 'on', nas: 'on' });
  });
});
