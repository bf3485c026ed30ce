import { afterEach, beforeEach, expect, test } from 'vitest';
import { isHarmless } from '../../electron/targets/checks/harmless.ts';
import type { WhatIf } from '../../shared/view.ts';
import type { Rack } from '../fakes/rack/rack.ts';
import type { FakeUps } from '../fakes/ups/fake-ups.ts';
import { App, newDataFolder } from './support/app.ts';
import { enterHosts, mainsOff, mainsOn, planFor, plugUps, rackUp, saveAndArm } from './support/lab.ts';

let rack: Rack;
let ups: FakeUps;
let app: App;

const sequence = planFor({ until: 'port-closed', pause: 600 });

beforeEach(async () => {
  [rack, ups] = await Promise.all([rackUp(), plugUps()]);
  app = await App.start(newDataFolder(), ups.env());
  await app.until('the UPS on mains', ({ status }) => status.powers[0]?.state === 'mains');
  await enterHosts(app, rack);
  await saveAndArm(app, sequence);
});

afterEach(async () => {
  await app?.close();
  await ups?.dispose();
  await rack?.down();
});

const hash = async () => (await app.slices()).plan.hash;
/** What reached the hosts, of that which changes something there. */
const acts = () =>
  rack.hosts.flatMap(({ commands }) => commands.map(({ text }) => text).filter((text) => !isHarmless(text)));
const commandCount = () => rack.hosts.reduce((sum, { commands }) => sum + commands.length, 0);

async function rehearsed() {
  const before = (await app.slices()).rehearsals.latest?.id;
  await app.request('rehearsal.start', { hash: await hash() });
  return app.until('the report', ({ rehearsals: { running, latest } }) => !running && latest?.id !== before && latest);
}

test('a rehearsal from the window looks at every step and changes nothing', async () => {
  const first = await rehearsed();
  expect(first.steps.map(({ stepId, verdict }) => [stepId, verdict])).toEqual(
    [...sequence.stages, ...sequence.returnStages].flatMap(({ steps }) => steps.map(({ id }) => [id, 'ready'])),
  );
  expect(await app.request('rehearsal.read', { id: first.id })).toEqual(first);
  expect(first).toMatchObject({ hash: await hash(), cause: 'by-hand', brokenOff: null });

  // A password that was changed over there: told, and tried once.
  await app.request('hosts.setSecret', { id: 'db', secret: 'not the password', passphrase: '' });
  const [before] = [rack.host('db').logins.length];
  const second = await rehearsed();
  const failing = second.steps.filter(({ verdict }) => verdict === 'fails');
  expect(failing.map(({ stepId, checks }) => [stepId, checks.at(-1)?.fault?.code])).toEqual([
    ['off-db', 'login-refused'],
  ]);
  await expect
    .poll(() =>
      rack
        .host('db')
        .logins.slice(before)
        .map(({ accepted }) => accepted),
    )
    .toEqual([false]);

  await app.request('rehearsal.start', { hash: await hash() });
  await expect(app.request('rehearsal.start', { hash: await hash() })).rejects.toThrow('A rehearsal goes on already.');
  await app.request('rehearsal.stop', {});
  const { latest } = await app.until('the stop', ({ rehearsals }) => rehearsals.list.length === 3 && rehearsals);
  expect(latest?.id).toBe(second.id);
  await expect(app.request('rehearsal.start', { hash: 'a'.repeat(64) })).rejects.toThrow('has been changed');
  expect(acts()).toEqual([]);

  mainsOff(ups, 3600);
  await app.until('the outage', ({ status }) => status.powers[0]?.state === 'battery');
  await expect(app.request('rehearsal.start', { hash: await hash() })).rejects.toThrow('is on battery');
});

test('a simulation from the window plays the real plan through, and nothing is asked of the hosts', async () => {
  const sent = commandCount();
  const play = (whatIf: Partial<WhatIf>) =>
    app.request('plan.simulate', { sequence, whatIf: { load: 1, hangs: null, powerBackAt: null, ...whatIf } });
  const usual = await play({});
  expect(usual).toMatchObject({ cutHard: [], whatIf: { load: 1 } });
  expect(usual.steps.filter(({ hostId }) => hostId === 'nas').length).toBeGreaterThan(0);
  expect(usual.downAt).toBeGreaterThan(usual.startsAt ?? Number.NaN);
  const hangs = await play({ hangs: 'nas' });
  expect(hangs.cutHard).toEqual(['nas']);
  const short = await play({ powerBackAt: 20 });
  expect(short).toMatchObject({ noReturnAt: null, cutHard: [] });
  const heavy = await play({ load: 4 });
  expect(heavy.emptyAt).toBeLessThan(usual.emptyAt ?? Number.NaN);
  await expect(play({ load: 0 })).rejects.toThrow('whatIf.load');
  await expect(play({ powerBackAt: 1.5 })).rejects.toThrow('whatIf.powerBackAt');
  // Of two questions only the newer one matters.
  const [older, newer] = await Promise.allSettled([play({ load: 2 }), play({ load: 3 })]);
  expect([older.status, newer.status]).toEqual(['rejected', 'fulfilled']);
  expect([commandCount(), await app.run()]).toEqual([sent, null]);
});

test('a start is put off as far as the battery allows, and steps are left out by hand', async () => {
  await expect(app.request('run.postpone', { seconds: 60 })).rejects.toThrow('nothing is counting down');
  const { margin } = (await app.slices()).status;
  mainsOff(ups, Math.ceil(margin.needs * 1.25) + 60);
  const counting = await app.until('the countdown', ({ status: { decision } }) => {
    const { state, startsIn, latestStartIn } = decision;
    return state === 'counting' && startsIn !== null && latestStartIn !== null && { startsIn, latestStartIn };
  });
  expect(counting.startsIn).toBeLessThan(90);
  await app.request('run.postpone', { seconds: 7200 });
  const later = await app.until(
    'the postponement',
    ({ status: { decision } }) => decision.postponedUntil !== null && decision,
  );
  expect(later.startsIn).toBeGreaterThan(counting.startsIn + 10);
  expect(later.startsIn).toBeLessThanOrEqual(counting.latestStartIn + 1);
  console.log(`put off from ${counting.startsIn} s to ${later.startsIn} s; the plan fits for ${later.latestStartIn} s`);
  expect(later.sentence).toMatch(/^Put off by hand .* after which the plan would not fit the battery; starts in /);

  // Now after all.
  await app.answerNativeQuestions(0);
  await app.request('run.start', { hash: await hash() });
  const run = await app.until('the run', (now) => (now.run?.steps['pause-step']?.state === 'active' ? now.run : null));
  const { runId } = run;
  await expect(app.request('run.skip', { runId: 'another', step: 'off-db' })).rejects.toThrow('run.skip');
  await expect(app.request('run.skip', { runId, step: 'no-such-step' })).rejects.toThrow('run.skip');
  await expect(app.request('run.postpone', { seconds: 60 })).rejects.toThrow('a run is going on');
  await app.request('run.skip', { runId, step: 'off-db' });
  await app.until('what waits is left out', (now) => now.run?.steps['off-db']?.state === 'skipped');
  await app.request('run.skip', { runId, step: 'pause-step' });
  const down = await app.until(
    'the way down',
    (now) => (now.run?.phase === 'waiting-for-return' ? now.run : null),
    90_000,
  );
  expect(down.steps).toMatchObject({
    'pause-step': { state: 'skipped' },
    'off-db': { state: 'skipped' },
    'off-nas': { state: 'done' },
  });
  await expect(app.request('run.skip', { runId, step: 'off-nas' })).rejects.toThrow('run.skip');
  expect(rack.hosts.map(({ name, state }) => [name, state])).toEqual([
    ['web', 'off'],
    ['db', 'on'],
    ['nas', 'off'],
    ['esx', 'off'],
  ]);
  expect([rack.host('db').powerCommands.length, rack.host('esx').crashedVms]).toEqual([0, 0]);

  mainsOn(ups);
  await app.until('the return', (now) => now.run?.phase === 'ended', 60_000);
  expect(rack.hosts.map(({ name, wakeCount }) => [name, wakeCount])).toEqual([
    ['web', 1],
    ['db', 0],
    ['nas', 1],
    ['esx', 1],
  ]);
  expect((await app.request('run.read', { runId })).steps['off-db']).toMatchObject({ state: 'skipped' });
  const learned = JSON.parse((await app.request('durations.export', {})).text);
  const offs = learned.samples.filter(({ kind }: { kind: string }) => kind === 'power-off');
  expect(offs.map(({ hostId }: { hostId: string }) => hostId).sort()).toEqual(['esx', 'nas', 'web']);
  expect(learned.samples.some(({ kind }: { kind: string }) => kind === 'wait')).toBe(false);
});
