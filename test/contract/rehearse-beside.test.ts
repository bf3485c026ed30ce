import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { takeControl } from '../../electron/control/lock.ts';
import { version } from '../../package.json';
import type { Slices } from '../../shared/view.ts';
import { rackHosts, rackSequence } from '../fakes/rack-samples.ts';
import { onBattery, sampleStatus } from '../fakes/status.ts';
import { temporaryFolder } from '../fakes/temp-folder.ts';
import { scenarios } from '../fakes/window/scenarios.ts';
import { bundleCli, type Running, startCli } from './cli-kit.ts';

let cli = '';
beforeAll(async () => {
  cli = await bundleCli();
});
afterAll(() => rmSync(dirname(cli), { recursive: true }));

const calm: Slices = { ...scenarios.mains(), run: null };
const outage: Partial<Slices> = { status: sampleStatus([onBattery()]) };

/** A rehearsal of hosts that take a connection and say nothing, begun beside a controller on mains. */
async function rehearsing() {
  const folder = await temporaryFolder();
  const sockets = new Set<Socket>();
  const server = createServer((socket) => void sockets.add(socket.on('error', () => undefined)));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : expect.unreachable();
  const hosts = rackHosts().map((host) => ({ ...host, address: '127.0.0.1', port }));
  writeFileSync(join(folder, 'inventory.json'), JSON.stringify({ format: 'glidepath-inventory', version: 3, hosts }));
  const file = join(folder, 'rack.json');
  writeFileSync(file, JSON.stringify(rackSequence()));
  const given = join(folder, 'given');
  mkdirSync(given);
  for (const { id } of hosts) writeFileSync(join(given, `host.${id}`), 'secret\n');
  const control = await takeControl(folder, 'daemon', version);
  if (!control.taken) return expect.unreachable();
  const { controller } = control;
  controller.server?.serve(() => calm);
  const running: Running = startCli(cli, ['rehearse', file], {
    env: { GLIDEPATH_DATA: folder, CREDENTIALS_DIRECTORY: given },
  });
  onTestFinished(async () => {
    running.signal('SIGKILL');
    for (const socket of sockets) socket.destroy();
    server.close();
    await controller.release();
  });
  // The first look at a host, and the second time that the controller is asked: from now on it is followed.
  await expect.poll(() => sockets.size, { timeout: 15_000 }).toBeGreaterThan(0);
  await expect.poll(() => controller.server?.isHeard, { timeout: 15_000 }).toBe(true);
  return { running, controller };
}

test('an outage breaks a rehearsal by hand off', async () => {
  const { running, controller } = await rehearsing();
  const began = performance.now();
  controller.server?.push(outage);
  expect(await running.ended).toMatchObject({ code: 1, stdout: expect.stringContaining('Eaton 5P is on battery.') });
  expect(performance.now() - began).toBeLessThan(2000);
}, 60_000);

test('and so does a run', async () => {
  const { running, controller } = await rehearsing();
  controller.server?.push({ run: scenarios['past-line']().run });
  expect(await running.ended).toMatchObject({ code: 1, stdout: expect.stringContaining('A run goes on.') });
}, 60_000);
