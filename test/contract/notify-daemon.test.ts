import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { noticesSchema } from '../../shared/notices.ts';
import { HttpReceiver } from '../fakes/http-receiver.ts';
import { rackSequence } from '../fakes/rack-samples.ts';
import { freePort } from '../fakes/server-process.ts';
import { temporaryFolder } from '../fakes/temp-folder.ts';
import { bundleCli } from './cli-kit.ts';
import { secretPath, secretToken } from './notify-kit.ts';

let cli = '';
beforeAll(async () => {
  cli = await bundleCli();
});
afterAll(() => rmSync(dirname(cli), { recursive: true }));

/** A data folder whose plan was armed with another content, which is told at the start; and the unit's credentials. */
async function furnished(port: number): Promise<{ folder: string; env: Record<string, string> }> {
  const [folder, given] = [await temporaryFolder(), await temporaryFolder()];
  const put = (name: string, value: object) => writeFileSync(join(folder, name), JSON.stringify(value));
  const sequence = rackSequence({});
  mkdirSync(join(folder, 'sequences'));
  put(join('sequences', `${sequence.id}.json`), sequence);
  const none = '0'.repeat(64);
  put('settings.json', {
    format: 'glidepath-settings',
    version: 2,
    startAtLogin: false,
    theme: 'system',
    rehearse: 'never',
    activeSequence: sequence.id,
    armed: { sequenceId: sequence.id, hash: none, hostsHash: none },
    closeNoticeShown: true,
  });
  const origin = `http://127.0.0.1:${port}`;
  const channel = { id: 'hook', name: 'Hook', categories: ['failure'], kind: 'webhook', shape: 'json', origin };
  put('channels.json', { format: 'glidepath-channels', version: 1, channels: [channel] });
  writeFileSync(join(given, 'channel.hook'), `${origin}/${secretPath}\n`);
  writeFileSync(join(given, 'channel.hook.token'), `${secretToken}\n`);
  return { folder, env: { GLIDEPATH_DATA: folder, CREDENTIALS_DIRECTORY: given } };
}

/** With its workers in a group of its own, so that all of it dies at once, as in a power cut. */
function started(env: Record<string, string>) {
  const options = { env: { ...process.env, ...env }, cwd: '/', detached: true, stdio: 'ignore' } as const;
  const child = spawn(process.execPath, [cli, 'daemon'], options);
  const ended = once(child, 'exit');
  const kill = async () => {
    try {
      process.kill(-(child.pid ?? expect.unreachable()), 'SIGKILL');
    } catch {
      // None of it is left.
    }
    await ended;
  };
  onTestFinished(kill);
  return { kill };
}

test('a daemon that is killed while nobody can be told tells it at its next start, under the same id', {
  timeout: 60_000,
}, async () => {
  const port = await freePort();
  const { folder, env } = await furnished(port);
  const first = started(env);
  const kept = () => {
    try {
      return noticesSchema.parse(JSON.parse(readFileSync(join(folder, 'notices.json'), 'utf8'))).channels.hook?.message;
    } catch {
      return null;
    }
  };
  await expect.poll(kept, { timeout: 20_000 }).toMatchObject({ title: 'The plan is no longer armed' });
  const id = kept()?.id;
  await first.kill();

  const receiver = await HttpReceiver.start(null, port);
  const second = started(env);
  await receiver.arrived(1);
  const [{ path, headers, json } = expect.unreachable()] = receiver.received;
  expect(json).toMatchObject({ id, title: 'The plan is no longer armed', rack: hostname(), category: 'failure' });
  expect([path, headers.authorization]).toEqual([`/${secretPath}`, `Bearer ${secretToken}`]);
  await second.kill();
  const log = readFileSync(join(folder, 'logs', 'glidepath.log'), 'utf8');
  const file = readFileSync(join(folder, 'notices.json'), 'utf8');
  expect(`${log}${file}`).not.toMatch(/verysecret/);
});
