import { describe, expect, test } from 'vitest';
import type { Host } from '../../shared/inventory.ts';
import { esxi } from '../fakes/rack-samples.ts';
import { fed, outage, type Rig, rig, sequenceOf, upsA } from './runner-bench.ts';

const a = [upsA];
const sequence = sequenceOf(
  [
    { steps: [{ id: 'guests', kind: 'shut-down-guests', target: 'esx' }] },
    {
      steps: [
        { id: 'mm', kind: 'enter-maintenance', target: 'esx' },
        { id: 'off-esx', kind: 'power-off', target: 'esx', needs: ['mm'] },
        { id: 'off-web', kind: 'power-off', target: 'web' },
      ],
    },
  ],
  {
    returnStages: [
      {
        id: 'back',
        name: 'Back',
        steps: [
          { id: 'wake-esx', kind: 'wake', target: 'esx' },
          { id: 'wake-web', kind: 'wake', target: 'web' },
        ],
      },
      { id: 'work', name: 'Work', steps: [{ id: 'mx', kind: 'exit-maintenance', target: 'esx' }] },
    ],
  },
);
const hosts: Host[] = [{ ...esxi('esx'), fedBy: fed('x', a).fedBy }, fed('web', a)];

/** The power fails again some seconds after both were woken, with two minutes of boot before them. */
async function failsAgain(): Promise<Rig> {
  const made = await rig(sequence, hosts);
  for (const host of made.world.hosts.values()) host.slow = 80;
  await outage(made, 'a');
  await made.seconds(220);
  expect(made.world.powers()).toEqual({ esx: 'off', web: 'off' });
  made.a.restore({ charge: 100 });
  await made.seconds(70);
  expect(made.world.powers()).toEqual({ esx: 'booting', web: 'booting' });
  await outage(made, 'a');
  expect(made.run().runId).toBe('run-2');
  return made;
}

describe('the power fails again while hosts are on their way up', () => {
  test('their silence is no proof that they are off: each goes down in order once it is up', async () => {
    const made = await failsAgain();
    await made.seconds(400);
    expect(made.world.powers()).toEqual({ esx: 'off', web: 'off' });
    expect(made.world.host('esx').cutHard).toBe(false);
    expect(made.run().downResult).toBe('done');
  });

  test('the same when Glidepath is killed meanwhile', async () => {
    const made = await failsAgain();
    await made.seconds(20);
    await made.restart();
    await made.seconds(400);
    expect(made.world.powers()).toEqual({ esx: 'off', web: 'off' });
    expect(made.world.host('esx').cutHard).toBe(false);
  });

  test('one that never comes up is taken to be off five minutes after it was woken, and woken again', async () => {
    const made = await rig(sequence, hosts);
    await outage(made, 'a');
    await made.seconds(100);
    made.world.host('web').slow = 10_000;
    made.a.restore({ charge: 100 });
    await made.seconds(160);
    expect(made.world.powers()).toEqual({ esx: 'on', web: 'booting' });
    await outage(made, 'a');
    await made.seconds(270);
    expect(made.run().steps['off-web']).toMatchObject({ state: 'already' });
    const { startedAt, endedAt } = made.run().steps['off-web'] ?? {};
    expect(((endedAt ?? 0) - (startedAt ?? 0)) / 1000).toBeLessThan(240);
    expect(made.run().owed).toContain('web');
  });
});
