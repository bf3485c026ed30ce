import { expect, test } from 'vitest';
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
