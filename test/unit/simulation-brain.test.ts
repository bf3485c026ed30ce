import { expect, test } from 'vitest';
import { Simulator } from '../../electron/brain/simulate.ts';
import { usual } from '../../electron/core/plan/usual.ts';
import { rackHosts, rackSequence } from '../fakes/rack-samples.ts';
import { supply } from '../fakes/supply-view.ts';

const whatIf = { load: 1, hangs: null, powerBackAt: null };

const simulator = (longestMs?: number): Simulator =>
  new Simulator(
    {
      hosts: rackHosts,
      powers: () => [supply('u')],
      durations: () => ({ format: 'glidepath-durations', version: 1, samples: [] }),
      expected: usual,
    },
    longestMs,
  );

test('steps take as long as nine of ten do at most', async () => {
  const { steps } = await simulator(60_000).simulate({ sequence: rackSequence(), whatIf });
  const guests = steps.find(({ id }) => id === 'guests-esx');
  expect((guests?.endedAt ?? 0) - (guests?.startedAt ?? 0)).toBe(135);
}, 30_000);

test('a newer question ends an older one', async () => {
  const one = simulator(60_000);
  const older = one.simulate({ sequence: rackSequence({ name: 'Older' }), whatIf });
  const newer = one.simulate({ sequence: rackSequence({ name: 'Newer' }), whatIf: { ...whatIf, powerBackAt: 5 } });
  await expect(older).rejects.toMatchObject({ fault: { code: 'refused', where: 'Older' } });
  expect((await newer).whatIf.powerBackAt).toBe(5);
}, 30_000);

test('one that takes too long ends, and says so', async () => {
  const asked = simulator(5).simulate({ sequence: rackSequence(), whatIf });
  await expect(asked).rejects.toMatchObject({ fault: { code: 'internal', what: expect.stringContaining('0.005 s') } });
});

test('everything else goes on meanwhile', async () => {
  let ticks = 0;
  const timer = setInterval(() => {
    ticks += 1;
  }, 1);
  await simulator(60_000).simulate({ sequence: rackSequence(), whatIf });
  clearInterval(timer);
  expect(ticks).toBeGreaterThan(10);
}, 30_000);
