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
