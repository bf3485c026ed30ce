import fs from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { SimulatedUps } from '../../electron/ups/simulated.ts';
import { ManualClock } from '../fakes/manual-clock.ts';
import { temporaryFolder } from '../fakes/temp-folder.ts';
import { brainIn } from './app-shell-room.ts';

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
