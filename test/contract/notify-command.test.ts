import { existsSync } from 'node:fs';
import { chmod, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type Channel, channelSchema } from '../../shared/channels.ts';
import { until } from '../fakes/server-process.ts';
import { temporaryFolder } from '../fakes/temp-folder.ts';
import { oneTry } from './notify-kit.ts';

const channelFor = (program: string, args: string[] = []): Channel =>
  channelSchema.parse({ id: 'prog', name: 'Program', categories: [], kind: 'command', program, arguments: args });

/** A program in a folder of its own. */
async function program(lines: string[]) {
  const folder = await temporaryFolder();
  const path = join(folder, 'tell me');
  await writeFile(path, ['#!/bin/sh', ...lines, ''].join('\n'));
  await chmod(path, 0o700);
  return {
    path,
    folder,
    in: (name: string) => join(folder, name),
    read: (name: string) => readFile(join(folder, name), 'utf8'),
  };
}

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

test('a program gets the text on its standard input and in its environment, and its arguments as they are', async () => {
  const script = await program([
    'here=$(dirname "$0")',
    'cat > "$here/stdin"',
    'printf "%s|" "$@" > "$here/argv"',
    'printf "%s\\n--\\n%s\\n--\\n%s" "$GLIDEPATH_TITLE" "$GLIDEPATH_BODY" "$GLIDEPATH_URGENCY" > "$here/env"',
  ]);
  const hostile = ['$(touch /tmp/never)', '`id`', '; true', 'a b', "'", ''];
  const { outcome, message, clock } = oneTry(channelFor(script.path, hostile), null);
  expect(await outcome).toEqual({ type: 'delivered' });
  const title = `cellar: ${message.title}`;
  expect(await script.read('stdin')).toBe(`${title}\n\n${message.body}\n`);
  expect(await script.read('argv')).toBe(`${hostile.join('|')}|`);
  expect(await script.read('env')).toBe(`${title}\n--\n${message.body}\n--\ncritical`);
  expect(clock.pending).toBe(0);
});

test('one that does not read what it is given has told it all the same', async () => {
  const { path } = await program(['exec 0<&-', 'exit 0']);
  expect(await oneTry(channelFor(path), null).outcome).toEqual({ type: 'delivered' });
});

test('one that fails, is killed or is not there is tried again', async () => {
  const { path } = await program(['echo "a secret of its own" >&2', 'exit 3']);
  const failed = await oneTry(channelFor(path), null).outcome;
  expect(failed).toMatchObject({ type: 'retry', fault: { code: 'command-failed', what: `${path} ended with 3.` } });
  const { path: killed } = await program(['kill -9 $$']);
  expect(await oneTry(channelFor(killed), null).outcome).toMatchObject({
    type: 'retry',
    fault: { what: expect.stringContaining('SIGKILL') },
  });
  const gone = await oneTry(channelFor('/nowhere/tell'), null).outcome;
  expect(gone).toMatchObject({ type: 'retry', fault: { what: expect.stringContaining('ENOENT') } });
  const { path: plain } = await program([]);
  await chmod(plain, 0o600);
  expect(await oneTry(channelFor(plain), null).outcome).toMatchObject({
    type: 'retry',
    fault: { what: expect.stringContaining('EACCES') },
  });
});

test.each([
  ['/nowhere/tell', 'ENOENT', 'Look whether it is there'],
  ['/etc/passwd/tell', 'ENOTDIR', 'Look whether it is there'],
  ['/etc/passwd', 'EACCES', 'Look whether it may be executed'],
  ['/etc', 'EACCES', 'Look whether it may be executed'],
  [`/${'x'.repeat(300)}`, 'ENAMETOOLONG', 'Look whether it is there'],
])('one that cannot be started is told with what to do: %s', async (path, code, remedy) => {
  const { clock, outcome } = oneTry(channelFor(path), null);
  expect(await outcome).toMatchObject({
    type: 'retry',
    fault: {
      code: 'command-failed',
      what: `${path} could not be started (${code}).`,
      where: 'Program',
      remedy: expect.stringContaining(remedy),
    },
  });
  expect(clock.pending).toBe(0);
});

test('one that hangs has 30 s, is killed with all that it began, and is not run again', async () => {
  const script = await program([
    'sleep 1000 &',
    'echo "$$ $!" > "$(dirname "$0")/tmp"',
    'mv "$(dirname "$0")/tmp" "$(dirname "$0")/pids"',
    'wait',
  ]);
  const { clock, outcome } = oneTry(channelFor(script.path), null);
  await until(() => existsSync(script.in('pids')), 'the program');
  const pids = (await script.read('pids')).trim().split(' ').map(Number);
  expect(pids.map(isAlive)).toEqual([true, true]);
  await clock.advance(29_999);
  expect(pids.map(isAlive)).toEqual([true, true]);
  await clock.advance(1);
  expect(await outcome).toMatchObject({ type: 'give-up', fault: { code: 'limit-reached' } });
  await until(() => !pids.some(isAlive), 'their end');
});

test('one is killed when Glidepath ends', async () => {
  const script = await program([
    'echo $$ > "$(dirname "$0")/tmp"',
    'mv "$(dirname "$0")/tmp" "$(dirname "$0")/pid"',
    'sleep 1000',
  ]);
  const { stop } = oneTry(channelFor(script.path), null);
  await until(() => existsSync(script.in('pid')), 'the program');
  const pid = Number((await script.read('pid')).trim());
  stop.abort();
  await until(() => !isAlive(pid), 'its end');
});
