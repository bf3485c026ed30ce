import { spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs/promises';
import { join } from 'node:path';
import { _electron, type ElectronApplication, type Page } from 'playwright-core';
import { expect, onTestFinished, test } from 'vitest';
import { takeControl } from '../../electron/control/lock.ts';
import { requestSchemas } from '../../shared/ipc.ts';
import { sampleSequence } from '../fakes/sample-rack.ts';
import { temporaryFolder } from '../fakes/temp-folder.ts';

const executablePath = process.env.GLIDEPATH_ELECTRON ?? '';
const flags = process.getuid?.() === 0 ? ['--no-sandbox'] : [];

async function launch(folder: string, ...args: string[]): Promise<ElectronApplication> {
  const env = { ...process.env, GLIDEPATH_DATA: folder, XDG_CONFIG_HOME: join(folder, 'config') };
  const app = await _electron.launch({
    executablePath,
    args: [...flags, process.cwd(), ...args],
    env: env as Record<string, string>,
  });
  const running = app.process();
  onTestFinished(async () => {
    if (running.exitCode !== null) return;
    const ended = once(running, 'exit');
    running.kill('SIGKILL');
    await ended;
  });
  return app;
}

const request = (page: Page, name: string, input: unknown) =>
  page.evaluate(([n, i]) => window.glidepath.request(n as 'snapshot', i as Record<string, never>), [name, input]);

/** Native dialogs are answered in their place: nobody else can press them. Gives what was asked. */
async function answerDialogs(app: ElectronApplication, response: number): Promise<() => Promise<string[]>> {
  await app.evaluate(({ dialog }, answer) => {
    const asked: string[] = [];
    Object.assign(globalThis, { asked });
    Object.assign(dialog, {
      async showMessageBox(...given: unknown[]) {
        asked.push((given.at(-1) as { message: string }).message);
        return { response: answer, checkboxChecked: false };
      },
    });
  }, response);
  return () => app.evaluate(() => (globalThis as unknown as { asked: string[] }).asked);
}

test('the window opens, is sealed, and asks only at the door', async () => {
  const app = await launch(await temporaryFolder());
  const page = await app.firstWindow();
  const errors: string[] = [];
  page.on('console', (message) => message.type() === 'error' && errors.push(message.text()));
  await page.waitForSelector('#root > *');
  expect(page.url()).toBe('app://glidepath/index.html');
  expect(await page.evaluate(() => [typeof window.glidepath.request, typeof globalThis.process])).toEqual([
    'function',
    'undefined',
  ]);
  expect(await request(page, 'snapshot', {})).toMatchObject({
    ok: true,
    value: { slices: { plan: { sequence: null } } },
  });
  expect(await request(page, 'plan.explode', {})).toMatchObject({ ok: false, fault: { code: 'invalid-input' } });
  expect(errors).toEqual([]);

  const blocked = await page.evaluate(async () => [
    await fetch('https://example.com/').then(
      () => 'got it',
      () => 'blocked',
    ),
    await fetch('file:///etc/passwd').then(
      () => 'got it',
      () => 'blocked',
    ),
    await fetch('app://glidepath/index.html').then(
      () => 'got it',
      () => 'blocked',
    ),
    window.open('https://example.com/') === null,
    (await navigator.permissions.query({ name: 'geolocation' })).state,
  ]);
  expect(blocked).toEqual(['blocked', 'blocked', 'blocked', true, 'denied']);
  await page.evaluate(() => window.location.assign('https://example.com/'));
  await page.waitForTimeout(300);
  expect(page.url()).toBe('app://glidepath/index.html');
});

test('text can be copied after a press, and the clipboard cannot be read', async () => {
  const app = await launch(await temporaryFolder());
  const page = await app.firstWindow();
  await page.waitForSelector('#root > *');
  await page.evaluate(() => {
    document.addEventListener('click', () => void navigator.clipboard.writeText('copied by a press'), { once: true });
  });
  await page.mouse.click(5, 5);
  await expect.poll(() => app.evaluate(({ clipboard }) => clipboard.readText())).toBe('copied by a press');
  const read = () =>
    page.evaluate(() =>
      navigator.clipboard.readText().then(
        () => 'read',
        () => 'denied',
      ),
    );
  expect(await read()).toBe('denied');
});

test('every request of the contract is answered, none leaves the window waiting', async () => {
  const app = await launch(await temporaryFolder());
  await answerDialogs(app, 1);
  const page = await app.firstWindow();
  for (const name of Object.keys(requestSchemas)) {
    const answer = await request(page, name, {});
    expect(answer, name).toHaveProperty('ok');
  }
});

test('arming asks in a native dialog, names the machines and survives a restart', async () => {
  const folder = await temporaryFolder();
  const key = { type: 'ssh-ed25519', fingerprint: `SHA256:${'A'.repeat(43)}` };
  const hosts = ['nas-1', 'esx-1'].map((id) => ({
    kind: 'linux',
    id,
    name: id.toUpperCase(),
    address: '127.0.0.1',
    port: 9,
    user: 'ups',
    login: 'password',
    macs: ['02:00:00:00:00:01'],
    hostKeys: [key],
  }));
  const inventory = { format: 'glidepath-inventory', version: 4, hosts };
  await fs.writeFile(join(folder, 'inventory.json'), JSON.stringify(inventory));
  const app = await launch(folder);
  const asked = await answerDialogs(app, 0);
  const page = await app.firstWindow();
  for (const { id } of hosts) {
    expect(await request(page, 'hosts.pinKey', { id, key })).toMatchObject({ ok: false, fault: { code: 'refused' } });
    expect(await request(page, 'hosts.setSecret', { id, secret: 'correct horse', passphrase: '' })).toMatchObject({
      ok: true,
    });
  }
  const saved = await request(page, 'plan.save', { sequence: sampleSequence(), baseHash: '' });
  expect(saved).toMatchObject({ ok: true });
  const { hash } = (saved as unknown as { value: { hash: string } }).value;
  expect(await request(page, 'plan.arm', { hash })).toMatchObject({ ok: true });
  expect(await asked()).toEqual(['Arm “Rack plan”?']);
  const everything = await Promise.all(
    ['inventory.json', 'settings.json', 'secrets.json', 'logs/glidepath.log'].map((name) =>
      fs.readFile(join(folder, name), 'utf8'),
    ),
  );
  expect(everything.join()).not.toContain('horse');

  const refused = await answerDialogs(app, 1);
  const host = { ...hosts[0], address: '10.6.6.6' };
  for (const [name, input] of [
    ['plan.disarm', { hash }],
    ['hosts.save', { host }],
    ['plan.save', { sequence: sampleSequence({ name: 'Another' }), baseHash: hash }],
  ] as const) {
    expect(await request(page, name, input), name).toMatchObject({ ok: false, fault: { code: 'not-confirmed' } });
  }
  expect((await refused()).splice(0)).toHaveLength(3);
  await answerDialogs(app, 1);
  await app.evaluate(({ app: electron }) => electron.quit());
  await expect.poll(refused).toEqual(['Quit Glidepath?']);
  expect(await request(page, 'snapshot', {})).toMatchObject({ ok: true });

  await answerDialogs(app, 0);
  const closed = once(app.process(), 'exit');
  await app.evaluate(({ app: electron }) => electron.quit());
  await closed;
  const again = await launch(folder);
  const snapshot = await request(await again.firstWindow(), 'snapshot', {});
  expect(snapshot).toMatchObject({
    value: { slices: { plan: { armed: true, hash }, hosts: { hosts: [{ hasSecret: true }, { hasSecret: true }] } } },
  });
});

test('closing the window keeps the tray, a second start opens it again, a crash too', async () => {
  const folder = await temporaryFolder();
  const app = await launch(folder);
  const first = await app.firstWindow();
  await first.waitForSelector('#root > *');
  await first.close();
  const windows = () => app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length);
  await expect.poll(windows).toBe(0);
  const env = { ...process.env, GLIDEPATH_DATA: folder };
  const startAgain = async (...args: string[]) => {
    const second = spawn(executablePath, [...flags, process.cwd(), ...args], { env, stdio: 'ignore' });
    expect(await once(second, 'exit')).toEqual([0, null]);
  };
  await startAgain('--hidden');
  await new Promise((resolve) => setTimeout(resolve, 500));
  expect(await windows()).toBe(0);
  const opened = app.waitForEvent('window');
  await startAgain();
  await (await opened).waitForSelector('#root > *');

  const reopened = app.waitForEvent('window');
  await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.webContents.forcefullyCrashRenderer());
  await (await reopened).waitForSelector('#root > *');
  expect(await fs.readFile(join(folder, 'settings.json'), 'utf8')).toContain('"closeNoticeShown": true');
});

test('beside a service of another release it says so, and takes nothing over', async () => {
  const folder = await temporaryFolder();
  const taken = await takeControl(folder, 'daemon', '0.0.1');
  if (!taken.taken) expect.unreachable();
  onTestFinished(() => taken.controller.release());
  const app = await launch(folder);
  const told = await answerDialogs(app, 0);
  const env = { ...process.env, GLIDEPATH_DATA: folder };
  // What it says is said again to who starts it again.
  const second = spawn(executablePath, [...flags, process.cwd()], { env, stdio: 'ignore' });
  expect(await once(second, 'exit')).toEqual([0, null]);
  const words = 'Glidepath is controlled by another program. It is Glidepath 0.0.1, this is ';
  await expect.poll(told, { timeout: 15_000 }).toEqual([expect.stringContaining(words)]);
  // A login item that starts it once more wants nothing to be shown.
  const hidden = spawn(executablePath, [...flags, process.cwd(), '--hidden'], { env, stdio: 'ignore' });
  expect(await once(hidden, 'exit')).toEqual([0, null]);
  await new Promise((resolve) => setTimeout(resolve, 4000));
  expect(await told()).toHaveLength(1);
  expect(await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length)).toBe(0);
});

test('started hidden it has no window, and ends at once when the system says so', async () => {
  const app = await launch(await temporaryFolder(), '--hidden');
  await new Promise((resolve) => setTimeout(resolve, 1500));
  expect(await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length)).toBe(0);
  const closed = once(app.process(), 'exit');
  app.process().kill('SIGTERM');
  expect(await closed).toEqual([0, null]);
});
