import { expect, test } from 'vitest';
import { rackSequence } from '../fakes/rack-samples.ts';
import { bench } from './bench.ts';

const forcing = () => {
  const base = rackSequence();
  const [guests, ...rest] = base.stages;
  const [step] = guests?.steps ?? [];
  return rackSequence({ stages: [{ ...guests, steps: [{ ...step, force: true }] }, ...rest], shed: ['force'] });
};

test.each([
  ['in its own time teaches how long it takes', 420, true],
  ['that was forced at once teaches nothing', 100, false],
])('a shutdown of guests %s', async (_, runtime, isTaught) => {
  const made = await bench({ sequence: forcing() });
  if (!isTaught) made.world.host('esx').stubborn.add('vm1');
  made.ups.cut({ runtime });
  await made.seconds(500);
  const kinds = made.durations.file.samples.map(({ kind }) => kind);
  expect(kinds).toContain('power-off');
  expect(kinds.includes('shut-down-guests')).toBe(isTaught);
});
