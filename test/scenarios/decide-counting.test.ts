import { expect, test } from 'vitest';
import type { Host } from '../../shared/inventory.ts';
import { ups as firstUps, rackHosts, rackSequence } from '../fakes/rack-samples.ts';
import { bench, cutHard, off } from './bench.ts';

const second = { ...firstUps, id: 'hid:0463:ffff:B2', name: 'Rack UPS' };
const a = firstUps.id;
const fed = (upses: string[], need: 'any' | 'all' = 'any'): Host[] =>
  rackHosts().map((h) => ({ ...h, fedBy: { upses, need } }));

test('nothing is given up, or forced, because of a small UPS that has the mains', async () => {
  const made = await bench({ second, sequence: rackSequence({}), hosts: rackHosts() });
  made.second.now.runtime = 60;
  await made.seconds(20);
  made.ups.cut({ runtime: 3000 });
  await made.seconds(20);
  await made.engine.startByHand();
  await made.seconds(30);
  expect(made.decisions.filter((d) => d.kind === 'shed')).toEqual([]);
  expect(made.engine.status().margin.spare).toBeGreaterThan(1000);
});

test('a UPS that feeds no host of the plan does not count as failed', async () => {
  const base = rackSequence({});
  const [guests, ...rest] = base.stages;
  const stages = [{ ...guests, when: [{ is: 'within-tolerance' }] }, ...rest];
  const sequence = rackSequence({ stages, faultTolerance: { level: 1, beyond: 'critical' } });
  const made = await bench({ second, sequence, hosts: fed([a]) });
  made.ups.cut({ runtime: 200 });
  made.second.cut({ runtime: 3000 });
  await made.seconds(60);
  expect(made.engine.run()?.steps['guests-esx']?.proof ?? made.engine.run()?.steps).not.toMatch(/left out/);
});

test('a step of the return that asks for failed UPSes is done after a restart, too', async () => {
  const base = rackSequence({});
  const [storage, hosts] = base.returnStages;
  const returnStages = [{ ...storage, when: [{ is: 'failed-upses', atLeast: 1 }] }, hosts];
  const made = await bench({ sequence: rackSequence({ returnStages }), hosts: rackHosts() });
  made.ups.cut({ runtime: 200 });
  await made.seconds(400);
  expect(off(made)).toBe('esx web nas');
  await made.restart();
  await made.seconds(5);
  made.ups.restore({ charge: 100, runtime: 3600 });
  await made.seconds(1200);
  expect(off(made)).toBe('');
  expect(cutHard(made)).toBe(0);
});

test('a run that is due while a cancelled one still follows what it sent says what it waits for', async () => {
  const made = await bench({ second, hosts: rackHosts() });
  made.world.host('esx').slow = 60;
  made.ups.cut({ runtime: 200 });
  await made.seconds(15);
  made.engine.cancel();
  await made.seconds(2);
  made.second.cut({ runtime: 100 });
  await made.seconds(20);
  expect(made.engine.run()?.phase).toBe('down');
  const held = made.decisions.filter(({ sentence }) => sentence.startsWith('A run is due'));
  expect(held).toEqual([
    {
      at: expect.any(Number),
      kind: 'held-back',
      runId: 'run-1',
      sentence: expect.stringMatching(
        /^A run is due, and begins when what the one before has sent has ended: the battery of Rack UPS lasts 1 min/,
      ),
    },
  ]);
  await made.seconds(90);
  expect(made.engine.run()?.runId).toBe('run-2');
});
