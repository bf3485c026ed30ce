import { describe, expect, test } from 'vitest';
import { rackSequence } from '../fakes/rack-samples.ts';
import { type Bench, bench } from './bench.ts';

const stages = rackSequence().stages.map((stage) => ({ ...stage, onFailure: 'stop' }));
const stepOf = (made: Bench, id: string) => made.engine.run()?.steps[id];

async function outage(options: { isWarm: boolean }): Promise<Bench> {
  const made = await bench({ ...options, sequence: rackSequence({ stages }) });
  made.ups.cut({ runtime: 360 });
  return made;
}

describe('a hypervisor that falls silent', () => {
  test('and that nobody has seen in this outage is off: the others go down', async () => {
    const made = await outage({ isWarm: false });
    made.world.sever('esx');
    await made.seconds(120);
    expect(stepOf(made, 'guests-esx')).toMatchObject({ state: 'already', proof: 'the host is off: silent for 20 s' });
    expect(made.world.powers()).toMatchObject({ web: 'off', nas: 'off' });
  });

  test('after it was signed in to may be on behind a dead cable: what carries its guests is left on', async () => {
    const made = await outage({ isWarm: true });
    await made.seconds(3);
    made.world.sever('esx');
    await made.seconds(120);
    expect(made.engine.run()?.met).toContain('esx');
    expect(stepOf(made, 'guests-esx')).toMatchObject({ state: 'failed', fault: { code: 'unreachable' } });
    expect(made.world.powers()).toMatchObject({ web: 'on', nas: 'on' });
  });

  test('is looked at no longer when the mains are back: the step is not sent, and nothing failed', async () => {
    const made = await outage({ isWarm: false });
    made.world.sever('esx');
    await made.seconds(12);
    made.ups.restore();
    await made.seconds(60);
    expect(stepOf(made, 'guests-esx')).toMatchObject({ state: 'skipped', proof: 'not sent: the run was cancelled' });
    expect(made.engine.run()?.downResult).toBe('cancelled');
  });
});
