import { expect, test } from 'vitest';
import { esxi, linux, rackSequence } from '../fakes/rack-samples.ts';
import { bench } from './bench.ts';

test('what a return has woken is owed no longer, though it is ended by hand', async () => {
  const made = await bench();
  const outage = async (): Promise<void> => {
    made.ups.cut({ runtime: 360 });
    await made.seconds(150);
    expect(made.world.powers()).toEqual({ esx: 'off', web: 'off', nas: 'off' });
    made.ups.restore({ runtime: 3600 });
  };
  await outage();
  // The storage is on its way up, nothing else is.
  await made.seconds(80);
  await outage();
  made.world.host('esx').trouble = 'hangs';
  await made.seconds(240);
  expect(made.world.powers()).toEqual({ esx: 'off', web: 'on', nas: 'on' });
  expect(made.engine.run()?.phase).toBe('return');
  await made.engine.cancel();
  await made.seconds(5);
  expect(made.engine.run()?.phase).toBe('ended');
  made.ups.cut({ runtime: 360 });
  await made.seconds(10);
  const [first, second, third] = made.journals.records.flatMap((record) =>
    record.type === 'begun' ? [record.owed] : [],
  );
  expect(first).toEqual([]);
  expect(second).toEqual(expect.arrayContaining(['esx', 'web']));
  expect(third).toEqual(['esx']);
});

test('the host in a guest of which Glidepath runs is back with it, and owed to nobody', async () => {
  const hosts = [linux('nas'), linux('carrier'), { ...linux('own'), isThisComputer: true, runsOn: 'carrier' }];
  const off = (id: string) => ({
    id: `off-${id}`,
    name: id,
    steps: [{ id: `o-${id}`, kind: 'power-off', target: id }],
  });
  const sequence = rackSequence({
    stages: [off('nas'), off('carrier')],
    pointOfNoReturn: 'off-nas',
    returnStages: [{ id: 'up', name: 'Up', steps: [{ id: 'wake-nas', kind: 'wake', target: 'nas' }] }],
  });
  const made = await bench({ hosts, sequence });
  made.ups.cut({ runtime: 200 });
  for (let second = 0; made.world.countActs('power-off carrier') === 0 && second < 120; second += 1)
    await made.seconds(1);
  made.kill();
  await made.seconds(300);
  expect(made.world.powers()).toEqual({ nas: 'off', carrier: 'off', own: 'on' });
  made.world.host('carrier').power = 'on';
  made.world.host('nas').trouble = 'lies';
  await made.restart();
  made.ups.restore({ runtime: 3600, charge: 100 });
  await made.seconds(120);
  expect(made.engine.run()?.phase).toBe('return');
  made.ups.cut({ runtime: 200 });
  await made.seconds(15);
  const owed = made.journals.records.flatMap((record) => (record.type === 'begun' ? [record.owed] : []));
  expect(owed).toEqual([[], ['nas']]);
});

/** A vCenter without a host of its own, and a NAS. */
const withHa = () => ({
  hosts: [{ ...esxi('vc'), kind: 'vcenter' as const }, linux('nas')],
  sequence: rackSequence({
    stages: [
      { id: 'ha', name: 'HA', steps: [{ id: 'ha-off', kind: 'disable-ha', target: 'vc' }] },
      { id: 'storage', name: 'Storage', steps: [{ id: 'off-nas', kind: 'power-off', target: 'nas' }] },
    ],
    pointOfNoReturn: 'storage',
    returnStages: [
      { id: 'up', name: 'Up', steps: [{ id: 'wake-nas', kind: 'wake', target: 'nas' }] },
      { id: 'ha-back', name: 'HA', steps: [{ id: 'ha-on', kind: 'enable-ha', target: 'vc' }] },
    ],
  }),
});

test('a setting that an earlier run switched is switched back by a later one that found it so', async () => {
  const made = await bench(withHa());
  const vc = made.world.host('vc');
  for (const wait of [75, 200]) {
    made.ups.cut({ runtime: 200 });
    await made.seconds(90);
    expect(made.world.powers().nas).toBe('off');
    expect(vc.settings.has('ha')).toBe(false);
    made.ups.restore({ runtime: 3600 });
    await made.seconds(wait);
  }
  expect(made.journals.runs.size).toBe(2);
  expect(vc.settings.has('ha')).toBe(true);
});

test('a setting that was so before the run stays so', async () => {
  const made = await bench(withHa());
  const vc = made.world.host('vc');
  vc.settings.delete('ha');
  made.ups.cut({ runtime: 200 });
  await made.seconds(90);
  made.ups.restore({ runtime: 3600 });
  await made.seconds(200);
  expect(made.engine.run()?.phase).toBe('ended');
  expect(vc.settings.has('ha')).toBe(false);
});
