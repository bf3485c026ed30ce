import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { sequenceHash } from '../../electron/storage/sequence-hash.ts';
import type { Host } from '../../shared/inventory.ts';
import type { Sequence } from '../../shared/sequence.ts';
import { hasUpsd, startUpsd } from '../fakes/nut/upsd.ts';
import { rackHosts, rackSequence } from '../fakes/rack-samples.ts';
import { temporaryFolder } from '../fakes/temp-folder.ts';
import { onTerminal } from '../fakes/terminal.ts';
import { bundleCli, type Running, runCli, startCli } from './cli-kit.ts';

let cli = '';
beforeAll(async () => {
  cli = await bundleCli();
});
afterAll(() => rmSync(dirname(cli), { recursive: true }));

interface Folder {
  folder: string;
  file: string;
  sequence: Sequence;
  env: Record<string, string>;
}

/** A data folder with a rack whose machines do not answer, and the secrets of two of them. */
async function furnished(patch: Record<string, unknown> = {}, hosts: readonly Host[] = rackHosts()): Promise<Folder> {
  const [folder, given] = [await temporaryFolder(), await temporaryFolder()];
  const put = (name: string, value: object) =>
    writeFileSync(join(folder, name), JSON.stringify(value), { mode: 0o600 });
  // Nobody listens there.
  const silent = hosts.map((host) => ({ ...host, address: '127.0.0.1', port: 1 }));
  put('inventory.json', { format: 'glidepath-inventory', version: 4, hosts: silent });
  const sequence = rackSequence(patch);
  mkdirSync(join(folder, 'sequences'));
  put(join('sequences', `${sequence.id}.json`), sequence);
  writeFileSync(join(given, 'host.esx'), 'secret-of-esx\n');
  for (const id of ['web', 'nas']) writeFileSync(join(given, `host.${id}`), '-----BEGIN OPENSSH PRIVATE KEY-----\n');
  const env = { GLIDEPATH_DATA: folder, CREDENTIALS_DIRECTORY: given };
  return { folder, file: join(folder, 'sequences', `${sequence.id}.json`), sequence, env };
}

async function started(env: Record<string, string>): Promise<Running & { pid(): number }> {
  // As a service it begins in the root folder.
  const running = startCli(cli, ['daemon'], { env, cwd: '/' });
  onTestFinished(async () => {
    running.signal('SIGKILL');
    await running.ended;
  });
  await expect.poll(async () => (await runCli(cli, ['status'], { env })).code, { timeout: 15_000 }).toBe(0);
  const note = join(env.GLIDEPATH_DATA ?? '', 'controller.lock');
  return { ...running, pid: () => JSON.parse(readFileSync(note, 'utf8')).who.pid };
}

const status = async (env: Record<string, string>) =>
  JSON.parse((await runCli(cli, ['status', '--json'], { env })).stdout).slices;

describe('the daemon', { timeout: 60_000 }, () => {
  test('controls its folder alone, and ends when it is told to', async () => {
    const { env, folder } = await furnished();
    const before = await runCli(cli, ['status'], { env });
    expect(before).toMatchObject({ code: 3, stdout: '', stderr: `${folder}: No Glidepath controls this folder.\n` });
    const daemon = await started(env);
    const second = await runCli(cli, ['daemon'], { env });
    expect(second.code).toBe(1);
    expect(second.stderr).toMatch(
      new RegExp(`^glidepath: .*The Glidepath daemon \\(process ${daemon.pid()}, since .*controls this folder`),
    );
    const shown = await runCli(cli, ['status'], { env });
    expect(shown.stdout).toMatch(/^Glidepath +the daemon, process \d+, since /);
    expect(shown.stdout).toMatch(/^Plan .*, not armed, [0-9a-f]{64}$/m);
    daemon.signal('SIGTERM');
    expect(await daemon.ended).toMatchObject({
      code: 0,
      stdout: '',
      stderr: expect.stringContaining('SIGTERM: ending'),
    });
    expect((await runCli(cli, ['status'], { env })).code).toBe(3);
    expect(readFileSync(join(folder, 'logs', 'glidepath.log'), 'utf8')).toMatch(/Glidepath \S+, daemon, Node v/);
  });

  test('goes on when nobody reads what it says', async () => {
    const { env } = await furnished();
    const child = spawn(process.execPath, [cli, 'daemon'], {
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    onTestFinished(() => void child.kill('SIGKILL'));
    child.stdout.destroy();
    child.stderr.destroy();
    await expect.poll(async () => (await runCli(cli, ['status'], { env })).code, { timeout: 15_000 }).toBe(0);
    // It has to say that there is another plan, and that it is not armed any more.
    expect((await runCli(cli, ['status'], { env })).stdout).toContain(`process ${child.pid}`);
  });

  test('a secret stands in nothing that it writes, and in no argument or environment', async () => {
    const { env, folder } = await furnished();
    const daemon = await started(env);
    expect((await status(env)).hosts.hosts.map(({ hasSecret }: { hasSecret: boolean }) => hasSecret)).toEqual([
      true,
      true,
      true,
    ]);
    for (const file of ['cmdline', 'environ']) {
      expect(readFileSync(`/proc/${daemon.pid()}/${file}`, 'utf8')).not.toContain('secret-of-esx');
    }
    daemon.signal('SIGTERM');
    await daemon.ended;
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => join(folder, name));
    const texts = files.filter((path) => statSync(path).isFile()).map((path) => readFileSync(path, 'utf8'));
    expect(texts.length).toBeGreaterThan(3);
    for (const text of texts) expect(text).not.toMatch(/secret-of-esx|PRIVATE KEY/);
  });

  test('is armed and disarmed by a yes on a terminal while it runs, also with another plan', async () => {
    const { env, folder, file, sequence } = await furnished();
    const daemon = await started(env);
    const hash = sequenceHash(sequence);
    const ask = (words: readonly string[], answer: string) =>
      onTerminal([process.execPath, cli, ...words], answer, env);
    const armed = async (is: boolean) => {
      await expect.poll(async () => (await status(env)).plan.armed, { timeout: 10_000 }).toBe(is);
    };
    const nobody = await runCli(cli, ['arm', hash], { env });
    expect(nobody).toMatchObject({ code: 1, stderr: expect.stringContaining('There is nobody to ask.') });
    for (const answer of ['', 'y', 'no', 'yes please']) {
      expect(await ask(['arm', hash], answer)).toEqual({
        code: 1,
        shown: expect.stringContaining('It was not confirmed'),
      });
    }
    const unknown = { code: 1, shown: expect.stringContaining('No sequence of this folder has the hash') };
    expect(await ask(['arm', 'a'.repeat(64)], 'yes')).toEqual(unknown);
    expect(existsSync(join(folder, 'settings.json'))).toBe(false);
    const told = await ask(['arm', hash], 'yes');
    expect(told).toEqual({ code: 0, shown: expect.stringMatching(/esx: .*Shut down guests/) });
    await armed(true);
    expect(await ask(['disarm'], 'yes')).toEqual({ code: 0, shown: expect.stringContaining('is not armed') });
    await armed(false);

    const other = { ...sequence, name: 'Another plan' };
    writeFileSync(file, JSON.stringify(other));
    expect((await ask(['arm', sequenceHash(other)], 'yes')).code).toBe(0);
    await armed(true);
    expect((await status(env)).plan.sequence.name).toBe('Another plan');
    // Behind our back: it is not obeyed.
    writeFileSync(file, JSON.stringify({ ...other, name: 'Changed' }));
    await armed(false);
    daemon.signal('SIGTERM');
    expect((await daemon.ended).stderr).toContain('The plan is no longer armed: “Changed” was changed outside');
  });

  test.skipIf(!hasUpsd)('is told of the power by a real upsd, and prints what happens', async () => {
    const { env, folder } = await furnished();
    const mains = { 'ups.status': 'OL', 'battery.charge': '100', 'battery.runtime': '3600', 'ups.model': 'Rack UPS' };
    const upsd = await startUpsd({ ups: { rack: mains } });
    onTestFinished(() => upsd.stop());
    const server = { id: 'nut', kind: 'nut', address: '127.0.0.1', port: upsd.port, user: '', certificate: null };
    const supplies = { format: 'glidepath-supplies', version: 1, servers: [server], supplies: [] };
    writeFileSync(join(folder, 'supplies.json'), JSON.stringify(supplies));
    // As whatever a service starts inherits it; its own output goes elsewhere.
    const daemon = await started({ ...env, JOURNAL_STREAM: '1:2' });
    const power = async (wanted: string) => {
      await expect.poll(async () => (await status(env)).status.powers[0]?.state, { timeout: 20_000 }).toBe(wanted);
    };
    await power('mains');
    upsd.set('rack', { 'ups.status': 'OB DISCHRG' });
    await power('battery');
    expect((await runCli(cli, ['status'], { env })).stdout).toMatch(/^Power +.*On battery/m);
    upsd.set('rack', mains);
    await power('mains');
    daemon.signal('SIGTERM');
    expect((await daemon.ended).stderr).toMatch(/^Power lost: .*On battery/m);
  });
});

describe('a plan on the command line', { timeout: 30_000 }, () => {
  test('is compiled, with its hash, its times and its critical path', async () => {
    const { env, file, sequence } = await furnished();
    const { code, stdout, stderr } = await runCli(cli, ['plan', file], { env });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain(`Hash           ${sequenceHash(sequence)}\n`);
    expect(stdout).toMatch(/^Needs +\d+ min.*usually \d+ min/m);
    expect(stdout).toMatch(/^Critical path +\S+ > \S+/m);
    expect(stdout.match(/point of no return/g)).toHaveLength(1);
  });

  test('with errors is told where they are, and ends with 1', async () => {
    const { env, file } = await furnished({}, rackHosts().slice(1));
    const { code, stdout } = await runCli(cli, ['plan', file], { env });
    expect(code).toBe(1);
    expect(stdout).toMatch(/^error: .+: .*esx.*\. .+/m);
    expect((await runCli(cli, ['plan', '/nowhere.json'], { env })).stderr).toBe(
      'glidepath: /nowhere.json: There is no such file. Name a sequence, as in the folder “sequences” of the data folder.\n',
    );
  });

  test('is rehearsed: what cannot be reached fails, and nothing is green that was not seen', async () => {
    const { env, file } = await furnished();
    const { code, stdout } = await runCli(cli, ['rehearse', file], { env });
    expect(code).toBe(1);
    expect(stdout).toMatch(/^Rack: 0 ready, 10 fail, 0 cannot be checked\. Nothing was switched off\.$/m);
    expect(stdout).toMatch(/^FAILS +web +systemctl poweroff/m);
    expect(stdout).toMatch(/^ +reach: .*web/m);
  });

  test('is played through, and never run', async () => {
    const { env, file } = await furnished();
    const calm = await runCli(cli, ['run', file, '--simulate'], { env });
    expect(calm).toMatchObject({ code: 0, stderr: '' });
    expect(calm.stdout).toMatch(/^Everything down +\d+:\d\d$/m);
    expect(calm.stdout).toMatch(/^Cut hard +none$/m);
    const hanging = await runCli(cli, ['run', file, '--simulate', '--hang', 'web', '--back-at', '7200'], { env });
    expect(hanging.stdout).toMatch(/web hangs, the mains are back at 2:00:00/);
    expect(hanging.stdout).not.toBe(calm.stdout);
    const run = await runCli(cli, ['run', file], { env });
    expect(run).toMatchObject({ code: 1, stdout: '' });
    expect(run.stderr).toContain('The command line starts no run');
  });
});
