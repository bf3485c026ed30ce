import { expect, test } from 'vitest';
import { giveShells } from '../fakes/world-shell.ts';
import { fed, outage, type Rig, rig, sequenceOf, upsA } from './runner-bench.ts';

// A command for a host that an earlier run has switched off, and that has not been brought back since.

const hosts = [fed('web', [upsA]), fed('nas', [upsA])];
const command = (patch: object = {}) => ({
  id: 'stop-jobs',
  kind: 'command',
  target: 'nas',
  command: 'stop',
  ...patch,
});
const off = (id: string, patch: object = {}) => ({ id: `off-${id}`, kind: 'power-off', target: id, ...patch });
/** What comes after it needs it. */
const planOf = (patch: object = {}) =>
  sequenceOf([
    { steps: [command(patch), { id: 'after', kind: 'notify', message: 'stopped', needs: ['stop-jobs'] }] },
    { steps: [off('web'), off('nas')] },
  ]);

/** The second outage, after a first one from which the NAS was not brought back. */
async function owing(patch: object = {}, deaf: string[] = []): Promise<Rig & { ran: string[] }> {
  const made = await rig(planOf(patch), hosts);
  const heard = new Set<string>();
  const ran = giveShells(made.world, made.clock, heard);
  await outage(made, 'a');
  await made.seconds(100);
  expect(made.world.powers()).toEqual({ web: 'off', nas: 'off' });
  made.a.restore({ charge: 100 });
  await made.seconds(100);
  expect(made.run().phase).toBe('ended');
  for (const name of deaf) heard.add(name);
  // Somebody has switched it on.
  made.world.host('web').power = 'on';
  ran.splice(0);
  return Object.assign(made, { ran });
}

const endOf = (made: Rig, id: string) => made.run().steps[id];

test('is left out without failing the run, and what needs it goes on', async () => {
  const made = await owing();
  await outage(made, 'a');
  expect(made.run().owed).toEqual(['web', 'nas']);
  await made.seconds(120);
  expect(endOf(made, 'stop-jobs')).toMatchObject({
    state: 'skipped',
    proof: 'left out: nas is off since an earlier run',
    fault: null,
  });
  expect(endOf(made, 'after')?.state).toBe('done');
  expect(made.run().downResult).toBe('done');
  expect(made.ran).toEqual([]);
});

test('also one that has a proof, no tries or less time than silence takes to prove', async () => {
  for (const patch of [{ proof: 'are-stopped' }, { retries: 0 }, { limit: 10 }]) {
    const made = await owing(patch);
    await outage(made, 'a');
    await made.seconds(120);
    expect([patch, endOf(made, 'stop-jobs')?.state]).toEqual([patch, 'skipped']);
    expect(made.run().downResult).toBe('done');
  }
});

test('is run on one that somebody has switched on', async () => {
  const made = await owing();
  made.world.host('nas').power = 'on';
  await outage(made, 'a');
  await made.seconds(30);
  expect(made.ran).toEqual(['stop nas']);
  expect(endOf(made, 'stop-jobs')?.state).toBe('done');
});

test('fails on one that is on and takes no connection', async () => {
  const made = await owing({}, ['nas']);
  made.world.host('nas').power = 'on';
  await outage(made, 'a');
  await made.seconds(300);
  expect(endOf(made, 'stop-jobs')).toMatchObject({ state: 'failed', fault: { code: 'unreachable' } });
  expect(made.run().downResult).toBe('failed');
});

test('fails on a host that cannot be reached, and that no run has switched off', async () => {
  const made = await rig(planOf(), hosts);
  giveShells(made.world, made.clock);
  made.world.host('nas').power = 'off';
  await outage(made, 'a');
  await made.seconds(120);
  expect(endOf(made, 'stop-jobs')).toMatchObject({ state: 'failed', fault: { code: 'unreachable' } });
  expect(made.run().downResult).toBe('failed');
});

test('fails on one that was signed in to when the run began: it was on then', async () => {
  const made = await owing();
  await outage(made, 'a', { met: ['nas'] });
  await made.seconds(120);
  expect(endOf(made, 'stop-jobs')?.state).toBe('failed');
});
