import { once } from 'node:events';
import { chmodSync, existsSync, mkdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { connect, createServer, type Socket } from 'node:net';
import { dirname, join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { askSnapshot, follow } from '../../electron/control/client.ts';
import { type Controller, controllerOf, notePath, takeControl } from '../../electron/control/lock.ts';
import { makeSocketFolder, socketPath } from '../../electron/control/socket-path.ts';
import type { Fault } from '../../shared/fault.ts';
import type { SliceName, Slices } from '../../shared/view.ts';
import { temporaryFolder } from '../fakes/temp-folder.ts';
import { scenarios } from '../fakes/window/scenarios.ts';

const slices = scenarios.mains();

async function controllerIn(folder: string, snapshot: (() => Slices) | null = () => slices): Promise<Controller> {
  const result = await takeControl(folder, 'daemon', '1.0.0');
  if (!result.taken) throw new Error('it is held');
  const { controller } = result;
  onTestFinished(() => controller.release());
  if (snapshot) controller.server?.serve(snapshot);
  return controller;
}

/** What a program hears that says `bytes` to the controller, line by line, until it is cut off. */
async function heard(folder: string, ...bytes: (string | Buffer)[]): Promise<unknown[]> {
  const socket = connect(socketPath(folder));
  const parts: Buffer[] = [];
  socket.on('data', (chunk) => parts.push(chunk)).on('error', () => undefined);
  for (const each of bytes) socket.write(each);
  await once(socket, 'close');
  const lines = Buffer.concat(parts).toString().split('\n').slice(0, -1);
  return lines.map((line) => JSON.parse(line));
}

/** What comes of following, each as it comes. */
function following(dataFolder: string, release = '1.0.0') {
  const told: { slices: Slices; changed: readonly SliceName[] }[] = [];
  const gone: (Fault | null)[] = [];
  const follower = follow({
    dataFolder,
    release,
    onSlices: (now, changed) => told.push({ slices: now, changed }),
    onGone: (fault) => gone.push(fault),
  });
  onTestFinished(() => follower.stop());
  return { told, gone, follower };
}

const ask = '{"ask":"snapshot"}\n';
const hello = { type: 'hello', format: 'glidepath-control', release: '1.0.0', who: { pid: process.pid } };
const refusal = (what: string) => ({ type: 'refused', fault: { code: 'refused', what } });

describe('the socket of the controller', () => {
  it('can be opened by its own user only', async () => {
    const folder = await temporaryFolder();
    await controllerIn(folder);
    expect(statSync(socketPath(folder)).mode & 0o777).toBe(0o600);
    expect(statSync(notePath(folder)).mode & 0o777).toBe(0o600);
  });

  it('shows everything once, and then what changes', async () => {
    const folder = await temporaryFolder();
    const { server } = await controllerIn(folder);
    expect(server?.isHeard).toBe(false);
    const { told, gone, follower } = following(folder);
    await expect.poll(() => told).toMatchObject([{ slices, changed: expect.arrayContaining(['status', 'run']) }]);
    expect(server?.isHeard).toBe(true);
    server?.push({ settings: { ...slices.settings, theme: 'dark' } });
    await expect.poll(() => told).toHaveLength(2);
    expect(told[1]).toMatchObject({
      changed: ['settings'],
      slices: { settings: { theme: 'dark' }, plan: slices.plan },
    });
    follower.stop();
    await expect.poll(() => server?.isHeard).toBe(false);
    expect(gone).toEqual([]);
  });

  it('keeps who asks early waiting until there is something to show', async () => {
    const folder = await temporaryFolder();
    const { server } = await controllerIn(folder, null);
    const asked = askSnapshot(folder, '1.0.0');
    await new Promise((resolve) => setImmediate(resolve));
    server?.serve(() => slices);
    expect(await asked).toMatchObject({ who: { pid: process.pid, kind: 'daemon' }, slices });
  });

  it('tells its followers when it is gone, and that nobody is there', async () => {
    const folder = await temporaryFolder();
    expect(await askSnapshot(folder, '1.0.0')).toBeNull();
    const result = await takeControl(folder, 'daemon', '1.0.0');
    if (result.taken) result.controller.server?.serve(() => slices);
    const { told, gone } = following(folder);
    await expect.poll(() => told).toHaveLength(1);
    if (result.taken) await result.controller.release();
    await expect.poll(() => gone).toEqual([null]);
    expect(await askSnapshot(folder, '1.0.0')).toBeNull();
  });

  it('takes the place of one that a killed process left', async () => {
    const folder = await temporaryFolder();
    writeFileSync(socketPath(folder), 'left');
    await controllerIn(folder);
    expect(await askSnapshot(folder, '1.0.0')).not.toBeNull();
  });

  it('lies elsewhere when the data folder has a long name, in a folder of our own', async () => {
    const folder = join(await temporaryFolder(), 'long'.repeat(30));
    const runtime = await temporaryFolder();
    mkdirSync(folder, { recursive: true });
    const path = socketPath(folder, 'linux', runtime);
    expect(path.startsWith(`${runtime}/glidepath-`)).toBe(true);
    expect(Buffer.byteLength(socketPath(folder))).toBeLessThan(104);
    await controllerIn(folder);
    expect(await askSnapshot(folder, '1.0.0')).not.toBeNull();
  });

  it('is found by a client that looks for it elsewhere', async () => {
    const folder = join(await temporaryFolder(), 'long'.repeat(30));
    const before = process.env.XDG_RUNTIME_DIR;
    onTestFinished(() => {
      if (before === undefined) delete process.env.XDG_RUNTIME_DIR;
      else process.env.XDG_RUNTIME_DIR = before;
    });
    process.env.XDG_RUNTIME_DIR = await temporaryFolder();
    await controllerIn(folder);
    process.env.XDG_RUNTIME_DIR = await temporaryFolder();
    expect(await askSnapshot(folder, '1.0.0')).not.toBeNull();
  });

  it.each(['the controller', 'the client'])('is believed when %s came by a symbolic link', async (whose) => {
    const [parent, folder] = [await temporaryFolder(), await temporaryFolder()];
    const link = join(parent, 'link');
    symlinkSync(folder, link);
    await controllerIn(whose === 'the controller' ? link : folder);
    expect(await askSnapshot(whose === 'the controller' ? folder : link, '1.0.0')).not.toBeNull();
  });

  it('is not believed where somebody else could have made it', async () => {
    const folder = join(await temporaryFolder(), 'long'.repeat(30));
    const before = process.env.XDG_RUNTIME_DIR;
    onTestFinished(() => {
      if (before === undefined) delete process.env.XDG_RUNTIME_DIR;
      else process.env.XDG_RUNTIME_DIR = before;
    });
    process.env.XDG_RUNTIME_DIR = await temporaryFolder();
    await controllerIn(folder);
    expect(await askSnapshot(folder, '1.0.0')).not.toBeNull();
    chmodSync(dirname(socketPath(folder)), 0o755);
    await expect(askSnapshot(folder, '1.0.0')).rejects.toMatchObject({
      fault: { what: expect.stringContaining('not believed') },
    });
  });

  it('is not made in a folder that others may enter', async () => {
    const folder = await temporaryFolder();
    const [open, link] = [join(folder, 'open'), join(folder, 'link')];
    mkdirSync(open, { mode: 0o755 });
    expect(() => makeSocketFolder(open)).toThrow(/not a folder of ours alone/);
    mkdirSync(join(folder, 'ours'), { mode: 0o700 });
    symlinkSync(join(folder, 'ours'), link);
    expect(() => makeSocketFolder(link)).toThrow(/not a folder of ours alone/);
    makeSocketFolder(join(folder, 'new', 'one'));
    expect(statSync(join(folder, 'new', 'one')).mode & 0o777).toBe(0o700);
  });

  it('on Windows is a pipe, whatever letters the folder is written in', () => {
    expect(socketPath('/Rack', 'win32')).toMatch(/^\\\\\.\\pipe\\glidepath-[0-9a-f]{32}$/);
    expect(socketPath('/Rack', 'win32')).toBe(socketPath('/rack', 'win32'));
  });
});

describe('what is said to the controller', () => {
  it.each([
    ['garbage', Buffer.from([0, 255, 10, 13, 200, 10]), 'Only a snapshot can be asked for.'],
    ['an order', '{"ask":"run.start"}\n', 'Only a snapshot can be asked for.'],
    ['more than was asked for', '{"ask":"snapshot","hash":"0"}\n', 'Only a snapshot can be asked for.'],
    ['a request of a browser', 'GET / HTTP/1.1\r\nHost: x\r\n\r\n', 'Only a snapshot can be asked for.'],
    ['a line without an end', Buffer.alloc(5_000_000, 'x'), 'This is too long.'],
  ])('%s costs only the connection', async (_what, bytes, why) => {
    const folder = await temporaryFolder();
    await controllerIn(folder);
    expect(await heard(folder, bytes)).toMatchObject([hello, refusal(why)]);
    expect(await askSnapshot(folder, '1.0.0')).not.toBeNull();
  });

  it('a second question ends what the first began', async () => {
    const folder = await temporaryFolder();
    const { server } = await controllerIn(folder);
    const said = await heard(folder, ask, ask);
    expect(said).toMatchObject([hello, { type: 'snapshot' }, refusal('It was asked already.')]);
    expect(server?.isHeard).toBe(false);
  });

  it('nothing at all is heard out for 5 s, and at most 16 are', async () => {
    const folder = await temporaryFolder();
    await controllerIn(folder);
    const silent: Socket[] = [];
    onTestFinished(() => silent.forEach((socket) => void socket.destroy()));
    for (let at = 0; at < 16; at += 1) {
      const socket = connect(socketPath(folder)).on('error', () => undefined);
      silent.push(socket);
      await once(socket, 'data');
    }
    const closed = silent.map((socket) => once(socket.resume(), 'close'));
    expect(await askSnapshot(folder, '1.0.0')).toBeNull();
    // Nobody is heard, and yet somebody is in control.
    expect(controllerOf(folder)).toMatchObject({ pid: process.pid, kind: 'daemon' });
    await Promise.all(closed);
    expect(await askSnapshot(folder, '1.0.0')).not.toBeNull();
  }, 15_000);

  it('one that was refused and talks on is cut off after a second', async () => {
    const folder = await temporaryFolder();
    await controllerIn(folder);
    const talker = connect({ path: socketPath(folder), allowHalfOpen: true }).on('error', () => undefined);
    talker.resume().write('x\n');
    const talking = setInterval(() => talker.write('and on'), 100);
    const began = performance.now();
    await new Promise((resolve) => talker.once('close', resolve));
    clearInterval(talking);
    expect(performance.now() - began).toBeLessThan(3000);
  });

  it('one that reads is told a line of any length that it takes', async () => {
    const folder = await temporaryFolder();
    const dataFolder = 'x'.repeat(20 * 1024 * 1024);
    await controllerIn(folder, () => ({ ...slices, settings: { ...slices.settings, dataFolder } }));
    const told = await askSnapshot(folder, '1.0.0');
    expect(told?.slices.settings.dataFolder).toHaveLength(dataFolder.length);
  });

  it('one that follows and does not read is let go, the others are told', async () => {
    const folder = await temporaryFolder();
    const { server } = await controllerIn(folder);
    const deaf = connect(socketPath(folder)).on('error', () => undefined);
    onTestFinished(() => void deaf.destroy());
    deaf.write(ask);
    await once(deaf, 'data');
    deaf.pause();
    await expect.poll(() => server?.isHeard).toBe(true);
    const name = 'x'.repeat(1_000_000);
    const pushed = { settings: { ...slices.settings, dataFolder: name } };
    for (let at = 0; at < 40 && server?.isHeard; at += 1) {
      server.push(pushed);
      await new Promise((resolve) => setImmediate(resolve));
    }
    await expect.poll(() => server?.isHeard).toBe(false);
    const { told } = following(folder);
    await expect.poll(() => told).toHaveLength(1);
  });
});

describe('what a follower hears', () => {
  /** A socket at the controller's place that says what it likes. */
  async function impostor(said: string | null, ends = true): Promise<string> {
    const folder = await temporaryFolder();
    const sockets = new Set<Socket>();
    const server = createServer((socket) => {
      sockets.add(socket.on('error', () => undefined));
      if (said !== null) socket.write(said);
      if (said !== null && ends) socket.end();
    });
    server.listen(socketPath(folder));
    await once(server, 'listening');
    onTestFinished(() => {
      for (const socket of sockets) socket.destroy();
      server.close();
    });
    return folder;
  }
  const by = { pid: 1, since: 0, kind: 'daemon' };
  const line = (value: object) => `${JSON.stringify(value)}\n`;
  const greeting = { type: 'hello', format: 'glidepath-control', version: 1, release: '1.0.0', who: by };

  it.each([
    ['garbage', 'hello\n', 'It is no Glidepath.'],
    ['another release', line({ ...greeting, release: '2.0.0' }), 'It is Glidepath 2.0.0, this is 1.0.0.'],
    [
      'half a snapshot',
      line(greeting) + line({ type: 'snapshot', slices: { run: null } }),
      'It says what cannot be read.',
    ],
    ['a strange slice', line(greeting) + line({ type: 'push', slices: { orders: 1 } }), 'It says what cannot be read.'],
  ])('of %s is a fault, once', async (_what, said, what) => {
    const { told, gone } = following(await impostor(said));
    await expect.poll(() => gone).toMatchObject([{ code: 'refused', what }]);
    expect(told).toEqual([]);
  });

  it('of a controller that ends in the middle of a line is that it is gone', async () => {
    const { gone } = following(await impostor(`${line(greeting)}{"type":"snap`));
    await expect.poll(() => gone).toEqual([null]);
  });

  it('of one that hangs after it has answered is a fault after 15 s, of one that has nothing to tell is not', async () => {
    const quiet = await temporaryFolder();
    await controllerIn(quiet);
    const { told: once, gone: quietGone } = following(quiet);
    const { told, gone } = following(await impostor(line(greeting) + line({ type: 'snapshot', slices }), false));
    await expect.poll(() => gone, { timeout: 20_000 }).toMatchObject([{ what: 'It does not answer.' }]);
    expect([told.length, once.length, quietGone]).toEqual([1, 1, []]);
  }, 30_000);

  it('of one that never answers is a fault after 10 s', async () => {
    const folder = await impostor(null);
    await expect(askSnapshot(folder, '1.0.0')).rejects.toMatchObject({ fault: { what: 'It does not answer.' } });
    expect(existsSync(socketPath(folder))).toBe(true);
  }, 15_000);
});
