import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, type OnTestFinishedHandler, test, vi } from 'vitest';
import { hasUpsd, startUpsd } from '../fakes/nut/upsd.ts';
import { captured } from '../fakes/ups/captured.ts';
import { FakeUps } from '../fakes/ups/fake-ups.ts';
import { bundleCli, runCli, startCli } from './cli-kit.ts';

// The built command line with the real node-hid, against an emulated hidraw device.

let cli = '';
const measured: Record<string, number> = {};
beforeAll(async () => {
  cli = await bundleCli();
});
afterAll(() => {
  console.log(`measured (ms): ${JSON.stringify(measured)}`);
  rmSync(dirname(cli), { recursive: true });
});

type Finished = (handler: OnTestFinishedHandler) => void;

async function plugged(
  onTestFinished: Finished,
  options: ConstructorParameters<typeof FakeUps>[0] = {},
  place: { number?: number; denied?: boolean } = {},
): Promise<FakeUps> {
  const fake = new FakeUps(options);
  // A folder that was lent goes with its owner.
  onTestFinished(() => (options.folder ? fake.unplug() : fake.dispose()));
  await fake.plug(place.number ?? 0, { denied: place.denied ?? false });
  return fake;
}

/** Tests that run at once cannot use the helper for it, which asks which test is running. */
function folderOf(onTestFinished: Finished): string {
  const folder = mkdtempSync(join(tmpdir(), 'glidepath-test-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

const hexOf = (text: string, encoding: BufferEncoding = 'latin1') =>
  Buffer.from(text, encoding)
    .toString('hex')
    .replaceAll(/(..)(?!$)/g, '$1 ');

describe.concurrent('ups list', { timeout: 30_000 }, () => {
  test('two UPSes, one of which may not be opened', async ({ onTestFinished }) => {
    const eaton = await plugged(onTestFinished, { model: captured('eaton-3s-700'), serial: 'EATON1' });
    const { folder } = eaton.device;
    await plugged(onTestFinished, { folder, serial: 'APC1' }, { number: 1, denied: true });
    const ended = await runCli(cli, ['ups', 'list'], { env: eaton.env() });
    expect(ended).toMatchObject({ code: 0, stderr: '' });
    measured.list = ended.took;
    expect(ended.took).toBeLessThan(8500);
    const [first, second, ...rest] = ended.stdout.trimEnd().split('\n');
    expect(rest).toEqual([]);
    expect(first).toMatch(/^hid:0463:ffff:EATON1 {2}3S 700 {2}USB 0463:ffff {2}on mains, charge 92 %, 45 min left/);
    expect(second).toContain('Back-UPS Fake 700: A UPS is connected at /dev/hidraw1, but this user may not open it');
    expect(second).toContain('ATTRS{idVendor}=="051d", ATTRS{idProduct}=="0002", TAG+="uaccess"');
  });

  test('as JSON', async ({ onTestFinished }) => {
    const fake = await plugged(onTestFinished);
    const ended = await runCli(cli, ['ups', 'list', '--json'], { env: fake.env() });
    expect(JSON.parse(ended.stdout)).toMatchObject({
      upses: [{ ups: { id: 'hid:051d:0002:FAKE0001' }, reading: { acPresent: true, charge: 100 }, fault: null }],
      troubles: [],
    });
  });

  test('none', async ({ onTestFinished }) => {
    const fake = await plugged(onTestFinished);
    await fake.unplug();
    expect(await runCli(cli, ['ups', 'list'], { env: fake.env() })).toMatchObject({
      code: 0,
      stdout: 'No UPS was found.\n',
    });
  });

  test('none, as the process that reads them does not even start', async ({ onTestFinished }) => {
    const folder = mkdtempSync(`${dirname(cli)}-broken-`);
    onTestFinished(() => rmSync(folder, { recursive: true }));
    cpSync(dirname(cli), folder, { recursive: true });
    writeFileSync(join(folder, 'hid-worker.js'), "import 'no-such-package';\n");
    const ended = await runCli(join(folder, 'cli.js'), ['ups', 'list']);
    expect(ended.stdout).toContain('UPSes on USB cannot be read, as the process for it does not start');
    expect(ended.stdout).not.toContain('No UPS was found');
  });

  test('a configured server that does not answer is told', async ({ onTestFinished }) => {
    const fake = await plugged(onTestFinished);
    const data = folderOf(onTestFinished);
    const server = { id: 'rack', kind: 'apcupsd', address: '127.0.0.1', port: 1 };
    const supplies = { format: 'glidepath-supplies', version: 1, servers: [server], supplies: [] };
    writeFileSync(join(data, 'supplies.json'), JSON.stringify(supplies));
    const ended = await runCli(cli, ['ups', 'list'], { env: { ...fake.env(), GLIDEPATH_DATA: data } });
    expect(ended.code).toBe(0);
    expect(ended.stdout).toContain('hid:051d:0002:FAKE0001  Back-UPS Fake 700');
    expect(ended.stdout).toMatch(/127\.0\.0\.1/);
  });

  test('a broken list of servers is refused with its place', async ({ onTestFinished }) => {
    const data = folderOf(onTestFinished);
    writeFileSync(join(data, 'supplies.json'), '{ "servers": }');
    const ended = await runCli(cli, ['ups', 'list'], { env: { GLIDEPATH_DATA: data } });
    expect(ended).toMatchObject({ code: 1, stdout: '' });
    expect(ended.stderr).toMatch(/^glidepath: .*supplies\.json, line 1, column 14: [^\n]+\n$/);
  });
});

describe.skipIf(!hasUpsd && process.env.CI !== 'true')('ups list with a real upsd', { timeout: 30_000 }, () => {
  test('its UPSes are listed beside the one on USB, without its password', async ({ onTestFinished }) => {
    const variables = {
      'ups.status': 'OB DISCHRG',
      'battery.charge': '88',
      'battery.runtime': '1234',
      'ups.load': '21',
    };
    const users = [{ name: 'glidepath', password: 'secret', rights: ['upsmon secondary'] }];
    const upsd = await startUpsd({ ups: { rack: variables, shelf: { ...variables, 'ups.status': 'OL' } }, users });
    onTestFinished(() => upsd.stop());
    const fake = await plugged(onTestFinished);
    const data = folderOf(onTestFinished);
    const server = {
      id: 'rack',
      kind: 'nut',
      address: '127.0.0.1',
      port: upsd.port,
      user: 'glidepath',
      certificate: null,
    };
    const supplies = { format: 'glidepath-supplies', version: 1, servers: [server], supplies: [] };
    writeFileSync(join(data, 'supplies.json'), JSON.stringify(supplies));
    const ended = await runCli(cli, ['ups', 'list'], { env: { ...fake.env(), GLIDEPATH_DATA: data } });
    measured['list with upsd'] = ended.took;
    expect(ended).toMatchObject({ code: 0, stderr: '' });
    const states = new Map(ended.stdout.split('\n').map((line) => [line.split('  ')[0], line.split('  ').at(-1)]));
    const at = `nut:127.0.0.1:${upsd.port}`;
    expect(states.get('hid:051d:0002:FAKE0001')).toBe('on mains, charge 100 %, 1 h left, load 20 %');
    expect(states.get(`${at}/rack`)).toBe('on battery, charge 88 %, 20 min left, load 21 %');
    expect(states.get(`${at}/shelf`)).toBe('on mains, charge 88 %, 20 min left, load 21 %');
  });
});

describe.concurrent('ups dump', { timeout: 30_000 }, () => {
  const serial = 'XK20240331';

  /** A Powercom whose vendor reports spell its serial number, cut in two, and its Eaton cousin, which has it whole. */
  function telling(name: string, patch: Record<number, string>) {
    const model = captured(name);
    const reports = new Map(model.reports);
    for (const [id, text] of Object.entries(patch)) reports.set(Number(id), Buffer.from(text, 'latin1'));
    return { ...model, reports };
  }

  test('is read back by decode as the reading that was shown', async ({ onTestFinished }) => {
    const fake = await plugged(onTestFinished, { model: captured('eaton-3s-700'), serial });
    const folder = folderOf(onTestFinished);
    const made = await runCli(cli, ['ups', 'dump', '-o', 'dump.txt'], { cwd: folder, env: fake.env() });
    expect(made).toMatchObject({ code: 0, stdout: '', stderr: '' });
    measured.dump = made.took;
    const back = await runCli(cli, ['ups', 'decode', 'dump.txt', 'dump.txt'], { cwd: folder });
    expect(back).toMatchObject({ code: 0, stderr: '' });
    const listed = await runCli(cli, ['ups', 'list', '--json'], { env: fake.env() });
    const shown = JSON.parse(listed.stdout).upses[0].reading;
    const { reading, device } = JSON.parse(back.stdout);
    expect({ ...reading, upsId: '', at: 0 }).toEqual({ ...shown, upsId: '', at: 0 });
    expect(reading.charge).toBe(92);
    expect(device).toEqual({ vendorId: 0x0463, productId: 0xffff, name: 'Eaton 3S 700' });
    const text = readFileSync(join(folder, 'dump.txt'), 'utf8');
    expect(text).toMatch(
      /^# field {7}UPS\.PowerSummary\.RemainingCapacity \| [^|]*0x06[^|]* \| 92 \| 92[^|]* \| charge \|/m,
    );
  });

  test('has no serial number unless it is asked for, however it is spelled', async ({ onTestFinished }) => {
    const whole = telling('eaton-3s-700', {
      254: serial,
      255: `<${Buffer.from(serial, 'utf16le').toString('latin1')}>`,
    });
    const cut = telling('powercom-0004', { 161: `....${serial.slice(0, 3)}`, 162: serial.slice(3) });
    for (const model of [whole, cut]) {
      const fake = await plugged(onTestFinished, { model: { ...model, product: `UPS ${serial}` }, serial });
      const seen = [serial, hexOf(serial), hexOf(serial, 'utf16le'), hexOf(serial.slice(3))];
      const [closed, bytes, open] = await Promise.all([
        runCli(cli, ['ups', 'dump'], { env: fake.env() }),
        runCli(cli, ['ups', 'dump', '--raw'], { env: fake.env() }),
        runCli(cli, ['ups', 'dump', '--serial'], { env: fake.env() }),
      ]);
      for (const { code, stdout } of [closed, bytes]) {
        expect(code).toBe(0);
        expect(seen.filter((text) => stdout.includes(text))).toEqual([]);
        expect(stdout).toContain('# serial      left out');
      }
      expect(closed.stdout).toContain('# field ');
      expect(bytes.stdout).not.toContain('# field ');
      expect(open.stdout).toContain(`# serial      ${serial}`);
      expect(open.stdout).toContain(hexOf(serial.slice(3)));
    }
  });

  test('a report that is not answered is told as such', async ({ onTestFinished }) => {
    const fake = await plugged(onTestFinished);
    fake.device.stalled.set(0x31, 'EPIPE');
    const { stdout } = await runCli(cli, ['ups', 'dump', '--raw'], { env: fake.env() });
    expect(stdout).toMatch(/^# failed {6}31 /m);
    expect(stdout).not.toMatch(/^# report {6}31/m);
    expect(stdout).toMatch(/^# report {6}0c 64 10 0e$/m);
  });

  test('asks which one when there are several, and takes a name or an id', async ({ onTestFinished }) => {
    const eaton = await plugged(onTestFinished, { model: captured('eaton-3s-700'), serial: 'EATON1' });
    const { folder } = eaton.device;
    await plugged(onTestFinished, { folder, serial: 'APC1' }, { number: 1 });
    const env = eaton.env();
    const [several, byName, none] = await Promise.all([
      runCli(cli, ['ups', 'dump', '--raw'], { env }),
      runCli(cli, ['ups', 'dump', '--raw', 'back-ups fake 700'], { env }),
      runCli(cli, ['ups', 'dump', 'Rack'], { env }),
    ]);
    expect(several).toMatchObject({ code: 1, stdout: '' });
    expect(several.stderr).toMatch(/^glidepath: ups dump: 2 UPSes fit\. Name one of these: hid:[^\n]+, hid:[^\n]+\n$/);
    expect(byName.stdout).toContain('# vid:pid     051d:0002');
    expect(none.stderr).toMatch(/^glidepath: Rack: No such UPS was found\. Name one of these: [^\n]+\n$/);
  });

  test('a file that cannot be written is a fault', async ({ onTestFinished }) => {
    const fake = await plugged(onTestFinished);
    const ended = await runCli(cli, ['ups', 'dump', '-o', '/no/such/folder/a.txt'], { env: fake.env() });
    expect(ended).toMatchObject({ code: 1, stdout: '' });
    expect(ended.stderr).toMatch(/^glidepath: \/no\/such\/folder\/a\.txt: It could not be written: [^\n]+\n$/);
  });
});

describe.concurrent('ups watch', { timeout: 30_000 }, () => {
  test('a power failure is a line, and Ctrl+C ends it', async ({ onTestFinished }) => {
    const fake = await plugged(onTestFinished);
    const running = startCli(cli, ['ups', 'watch', '--for', '600'], { env: fake.env() });
    await running.line((line) => line.includes('on mains, charge 100 %, 1 h left, load 20 %'));
    fake.set({ RemainingCapacity: 97, RunTimeToEmpty: 1500, ACPresent: 0, Discharging: 1 });
    const line = await running.line((text) => text.includes('on battery'));
    measured['power failure to line'] = Date.now() - fake.pushedAt;
    expect(line).toMatch(
      /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d {2}Back-UPS Fake 700 {2}on battery, charge 97 %, 25 min left/,
    );
    expect(line).toMatch(/\(interrupt\)$/);
    running.signal('SIGINT');
    const ended = await running.ended;
    expect(ended).toMatchObject({ code: 0, stderr: '' });
    expect(fake.device.openHandles).toBe(0);
  });

  test('ends without a word when nobody reads any more', async ({ onTestFinished }) => {
    const fake = await plugged(onTestFinished);
    const running = startCli(cli, ['ups', 'watch'], { env: fake.env() });
    await running.line((line) => line.includes('load 20 %'));
    running.hangUp();
    fake.set({ ACPresent: 0, Discharging: 1 });
    expect(await running.ended).toMatchObject({ code: 0, stderr: '' });
    await vi.waitFor(() => expect(fake.device.openHandles).toBe(0));
  });

  test('ends by itself after the time that was given', async ({ onTestFinished }) => {
    const fake = await plugged(onTestFinished);
    const ended = await runCli(cli, ['ups', 'watch', '--for', '2'], { env: fake.env() });
    expect(ended).toMatchObject({ code: 0, stderr: '' });
    expect(ended.stdout).toContain('(poll)');
    expect(ended.took).toBeGreaterThan(2000);
    expect(ended.took).toBeLessThan(6000);
  });
});
