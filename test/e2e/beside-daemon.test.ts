import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { askSnapshot } from '../../electron/control/client.ts';
import { version } from '../../package.json';
import { bundleCli, runCli } from '../contract/cli-kit.ts';
import type { Rack } from '../fakes/rack/rack.ts';
import { onTerminal } from '../fakes/terminal.ts';
import type { FakeUps } from '../fakes/ups/fake-ups.ts';
import { App } from './support/app.ts';
import { credentials, furnish, Supervisor, shown } from './support/daemon.ts';
import { mainsOff, mainsOn, planFor, plugUps, rackUp } from './support/lab.ts';

let cli = '';
let rack: Rack;
let ups: FakeUps;
let folder = '';
let daemon: Supervisor;
let app: App | null = null;

beforeAll(async () => {
  cli = await bundleCli();
});

beforeEach(async () => {
  [rack, ups] = await Promise.all([rackUp(), plugUps()]);
  folder = mkdtempSync(join(tmpdir(), 'glidepath-beside-'));
  furnish(folder, rack, planFor({ until: 'port-closed' }));
  const given = credentials(mkdtempSync(join(tmpdir(), 'glidepath-credentials-')), rack);
  daemon = new Supervisor([process.execPath, cli, 'daemon', '--data', folder], {
    PATH: process.env.PATH,
    HOME: folder,
    ...ups.env(),
    CREDENTIALS_DIRECTORY: given,
  });
  await expect.poll(async () => (await shown(folder))?.status.powers[0]?.state, { timeout: 30_000 }).toBe('mains');
  await expect.poll(async () => (await shown(folder))?.supplies.known.length, { timeout: 30_000 }).toBe(1);
});

afterEach(async () => {
  await app?.close();
  await daemon?.stop('SIGKILL');
  await ups?.dispose();
  await rack?.down();
});

const patience = 60_000; // ms, of the app

test('beside a daemon the app shows its state and changes nothing, and takes over when it is gone for good', async () => {
  const hash = (await shown(folder))?.plan.hash ?? '';
  const told = await onTerminal([process.execPath, cli, 'arm', hash, '--data', folder], 'yes');
  expect(told).toEqual({ code: 0, shown: expect.stringContaining('is armed') });
  app = await App.start(folder, ups.env());
  const first = await app.until('the daemon', ({ controller, plan }) => plan.armed && controller);
  expect(first).toMatchObject({ who: 'daemon', pid: daemon.pid });
  await app.page.getByText(`The Glidepath service is in control (process ${daemon.pid}`).waitFor();

  // What it shows is what the daemon sees.
  mainsOff(ups, 3000);
  await app.until('the outage', ({ status }) => status.powers[0]?.state === 'battery');
  mainsOn(ups);
  await app.until('the mains', ({ status }) => status.powers[0]?.state === 'mains');

  // Whatever changes something is refused, and the reason is said.
  const { settings, hosts, plan, status } = await app.slices();
  const host = { ...(hosts.hosts[0]?.host ?? expect.unreachable()), address: '10.6.6.6' };
  const sequence = plan.sequence ?? expect.unreachable();
  const upsId = status.powers[0]?.ups.id ?? '';
  await app.answerNativeQuestions(0);
  const { page } = app;
  const refused = [
    app.request('settings.save', { startAtLogin: true, theme: 'dark', rehearse: 'never' }),
    app.request('plan.disarm', { hash }),
    app.request('plan.save', { sequence: { ...sequence, name: 'Another' }, baseHash: hash }),
    app.request('run.start', { hash }),
    app.request('run.cancel', {}),
    app.request('run.postpone', { seconds: 60 }),
    app.request('rehearsal.start', { hash }),
    app.request('hosts.save', { host }),
    app.request('hosts.setSecret', { id: host.id, secret: 'x', passphrase: '' }),
    app.request('ups.command', { upsId, order: { command: 'beeper.mute', delay: null } }),
  ];
  for (const answer of refused) await expect(answer).rejects.toThrow('The Glidepath service is in control here');
  expect((await shown(folder))?.settings).toEqual(settings);
  await page
    .getByRole('link', { name: 'Setup' })
    .or(page.getByRole('tab', { name: 'Setup' }))
    .first()
    .click();
  expect(await page.getByRole('button', { name: /^Add/ }).first().isDisabled()).toBe(true);
  // What only looks is answered.
  const whatIf = { load: 1, hangs: null, powerBackAt: null };
  expect((await app.request('plan.simulate', { sequence, whatIf })).steps.length).toBeGreaterThan(5);
  expect(JSON.parse((await app.request('durations.export', {})).text)).toMatchObject({ format: 'glidepath-durations' });

  // One that is killed and started again stays in control.
  const before = daemon.pid;
  daemon.kill();
  await app.until('that it is gone', (now) => now.status.trouble?.what.includes('may have ended'));
  await app.until('the next one', ({ controller, status: { trouble } }) => controller.pid !== before && !trouble);
  expect((await app.slices()).controller).toMatchObject({ who: 'daemon', pid: daemon.pid });

  // One that hangs is not taken for one that watches.
  process.kill(daemon.pid, 'SIGSTOP');
  const stoppedAt = Date.now();
  await app.until('that it hangs', (now) => now.status.trouble?.what.includes('does not answer'), 40_000);
  console.log(`a daemon that hangs is told after ${Date.now() - stoppedAt} ms`);
  process.kill(daemon.pid, 'SIGCONT');
  await app.until('that it goes on', (now) => now.status.trouble === null, 40_000);
  expect((await app.slices()).controller).toMatchObject({ who: 'daemon', pid: daemon.pid });

  const taking = app.nextWindow(patience + 30_000);
  await daemon.stop('SIGKILL');
  const goneAt = Date.now();
  app = await taking;
  const took = Date.now() - goneAt;
  console.log(`taken over after ${took} ms`);
  expect(took).toBeGreaterThan(patience - 5000);
  await app.until('the mains, by itself', (now) => now.status.powers[0]?.state === 'mains' && !now.status.trouble);
  expect(await app.slices()).toMatchObject({ controller: { who: 'this-app' }, plan: { armed: true, hash } });
  expect(await app.page.getByText('The Glidepath service is in control').count()).toBe(0);
  await app.request('settings.save', { startAtLogin: false, theme: 'dark', rehearse: 'never' });
  await app.until('the change', (now) => now.settings.theme === 'dark');
  expect((await askSnapshot(folder, version))?.who).toMatchObject({ kind: 'app', pid: app.pid });
  const second = await runCli(cli, ['daemon'], { env: { GLIDEPATH_DATA: folder } });
  expect(second).toMatchObject({
    code: 1,
    stderr: expect.stringContaining(`The Glidepath application (process ${app.pid}`),
  });
  expect(rack.hosts.every(({ powerCommands }) => powerCommands.length === 0)).toBe(true);
}, 300_000);
