import fs from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { SimulatedUps } from '../../electron/ups/simulated.ts';
import { stageSchema, stepSchema } from '../../shared/sequence.ts';
import { ManualClock } from '../fakes/manual-clock.ts';
import { sampleSequence } from '../fakes/sample-rack.ts';
import { temporaryFolder } from '../fakes/temp-folder.ts';
import { brainIn } from './app-shell-room.ts';
import { hostNamed, offAndBack, seen, tableThat } from './rehearsal-kit.ts';

/** On a simulated UPS, in time that the test moves. */
async function simulatedIn(dataFolder: string, clock = new ManualClock()) {
  const ups = new SimulatedUps(clock);
  const all = await brainIn(dataFolder, clock, [ups]);
  const pass = async (seconds: number) => {
    for (let second = 0; second < seconds; second += 1) await clock.advance(1000);
  };
  return { ...all, ups, clock, pass };
}

test('an outage leaves its events and its history, and the UPS belongs to the rack, over a restart', async () => {
  const folder = await temporaryFolder();
  const { brain, ups, clock, pushed, pass, stop } = await simulatedIn(folder);
  const begun = clock.now();
  await pass(30);
  await expect.poll(() => brain.supplies.known).toMatchObject([{ id: 'simulated:1', commandsAllowed: false }]);
  ups.cut();
  await pass(120);
  ups.restore();
  await pass(10);
  await expect.poll(() => pushed.events?.map(({ kind }) => kind)).toEqual(['power-back', 'power-lost']);
  expect(pushed.supplies?.known).toMatchObject([{ id: 'simulated:1' }]);
  expect(pushed.events?.[0]?.sentence).toMatch(/^Mains back after 2 min( \d s)?, charge down to \d+ %$/);
  const range = { upsId: 'simulated:1', from: begun, to: clock.now() };
  const points = await brain.handlers['history.read'](range);
  expect(points.filter((point) => point.onBattery).length).toBeGreaterThanOrEqual(20);
  expect(points.at(-1)?.onBattery).toBe(false);
  await stop();

  const again = await simulatedIn(folder, clock);
  await again.pass(10);
  expect(again.brain.supplies.known).toHaveLength(1);
  const { slices } = await again.brain.handlers.snapshot({});
  expect(slices.events.map(({ kind }) => kind)).toEqual(['power-back', 'power-lost']);
  expect(slices.supplies.known).toHaveLength(1);
  expect((await again.brain.handlers['history.read'](range)).length).toBe(points.length);
});

test('a rehearsal gives way to a run before its first step, and is not shown to have been held', async () => {
  const hosts = ['a', 'b'].map(hostNamed);
  const signals: AbortSignal[] = [];
  const table = tableThat(({ signal }) => {
    signals.push(signal);
    return new Promise(() => undefined);
  });
  const { brain } = await brainIn(await temporaryFolder(), new ManualClock(), [], table.steps);
  for (const host of hosts) await brain.handlers['hosts.save']({ host });
  const { hash } = await brain.handlers['plan.save']({ sequence: offAndBack(hosts), baseHash: '' });
  const rehearsals = async () => (await brain.handlers.snapshot({})).slices.rehearsals;
  brain.handlers['rehearsal.start']({ hash });
  expect((await rehearsals()).running).toMatchObject({ of: 4 });
  await expect.poll(() => signals.length).toBe(2);
  // No second passes.
  await brain.handlers['run.start']({ hash });
  expect([signals.every(({ aborted }) => aborted), table.acts]).toEqual([true, []]);
  await expect.poll(async () => (await rehearsals()).running).toBeNull();
  expect(await rehearsals()).toMatchObject({ latest: null, list: [{ sequenceName: 'Rack' }] });
  const [{ id } = expect.unreachable()] = (await rehearsals()).list;
  expect(await brain.handlers['rehearsal.read']({ id })).toMatchObject({ brokenOff: 'A run goes on.' });
});

test('what is rehearsed is the plan with its hosts as they are now', async () => {
  const [host = expect.unreachable()] = ['a'].map(hostNamed);
  const table = tableThat(async () => [seen('ready')]);
  const { brain } = await brainIn(await temporaryFolder(), new ManualClock(), [], table.steps);
  await brain.handlers['hosts.save']({ host });
  const { hash } = await brain.handlers['plan.save']({ sequence: offAndBack([host]), baseHash: '' });
  const rehearsals = async () => (await brain.handlers.snapshot({})).slices.rehearsals;
  brain.handlers['rehearsal.start']({ hash });
  await expect.poll(async () => (await rehearsals()).latest).not.toBeNull();
  expect((await rehearsals()).editedSince).toBe(false);
  await brain.handlers['hosts.save']({ host: { ...host, user: 'another' } });
  expect((await rehearsals()).editedSince).toBe(true);
});

test('a command goes to its UPS only when it is allowed, and is told', async () => {
  const { brain, pass } = await simulatedIn(await temporaryFolder());
  const { handlers, supplies } = brain;
  await pass(10);
  await expect.poll(() => supplies.known).toHaveLength(1);
  const mute = { upsId: 'simulated:1', order: { command: 'beeper.mute', delay: null } } as const;
  await expect(handlers['ups.command'](mute)).rejects.toMatchObject({ fault: { code: 'refused' } });
  await handlers['ups.save']({ supply: { id: 'simulated:1', name: 'Practice', commandsAllowed: true } });
  expect(brain.status().powers[0]?.ups.name).toBe('Practice');
  const { sentence } = await handlers['ups.command'](mute);
  expect(brain.lastCommand).toEqual({ upsName: 'Practice', order: mute.order, sentence });
  const { slices } = await handlers.snapshot({});
  expect(slices.events[0]).toMatchObject({ kind: 'command-sent', upsName: 'Practice', sentence });
  expect(await handlers['ups.details']({ upsId: 'simulated:1' })).not.toEqual([]);
});

test('a server is asked as soon as it is there, and what is wrong with it is shown', async () => {
  const { brain, pushed } = await simulatedIn(await temporaryFolder());
  const closed = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => closed.once('listening', resolve));
  const { port } = closed.address() as { port: number };
  await new Promise((resolve) => closed.close(resolve));
  await brain.handlers['servers.save']({ server: { id: 'apc-1', kind: 'apcupsd', address: '127.0.0.1', port } });
  await expect
    .poll(() => pushed.supplies?.servers)
    .toMatchObject([{ server: { id: 'apc-1' }, hasSecret: false, fault: { code: 'ups-no-answer' } }]);
  await brain.handlers['servers.remove']({ id: 'apc-1' });
  await expect.poll(() => pushed.supplies?.servers).toEqual([]);
});

test('supplies that are changed from outside are taken', async () => {
  const folder = await temporaryFolder();
  const { brain, pushed, pass } = await simulatedIn(folder);
  await pass(5);
  await expect.poll(() => brain.supplies.known).toHaveLength(1);
  const file = join(folder, 'supplies.json');
  await fs.writeFile(file, (await fs.readFile(file, 'utf8')).replace('Simulated UPS', 'Practice'));
  await expect.poll(() => brain.status().powers[0]?.ups.name, { timeout: 5000 }).toBe('Practice');
  await fs.writeFile(file, '{');
  await expect.poll(() => pushed.supplies?.refused?.fault.code, { timeout: 5000 }).toBe('file-broken');
  expect(pushed.supplies?.known).toMatchObject([{ name: 'Practice' }]);
});

test('that the batteries do not last for the plan is said as soon as the UPS has spoken', async () => {
  const folder = await temporaryFolder();
  const first = await simulatedIn(folder);
  await first.pass(30);
  await expect.poll(() => first.brain.supplies.known).toHaveLength(1);
  const wait = stepSchema.parse({ id: 'wait', kind: 'wait', seconds: 7200 });
  const stages = [stageSchema.parse({ id: 'storage', name: 'Storage', steps: [wait] })];
  const sequence = sampleSequence({ stages, returnStages: [] });
  await first.brain.handlers['plan.save']({ sequence, baseHash: '' });
  await first.stop();

  const { brain, pass, pushed } = await simulatedIn(folder, first.clock);
  const tooLong = /^The plan needs 2 h, and the batteries would last/;
  const said = () => brain.workspace.plan().checked.problems.map(({ what }) => what);
  expect(said().filter((what) => tooLong.test(what))).toEqual([]);
  await pass(25);
  expect(said()).toEqual([expect.stringMatching(tooLong)]);
  await expect.poll(() => pushed.plan?.checked.problems).toHaveLength(1);
});
