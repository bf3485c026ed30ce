import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { lookAt } from '../../electron/targets/reach.ts';
import { quote } from '../../electron/targets/ssh/quote.ts';
import { hasSshBanner } from '../../electron/targets/ssh/read-banner.ts';
import { readHostKey } from '../../electron/targets/ssh/read-host-key.ts';
import type { Host } from '../../shared/inventory.ts';
import { hasOpenSsh, OpenSsh } from '../fakes/ssh-openssh.ts';
import { type Bench, bench, clientKey, faultOf, inventoryHost } from './targets-kit.ts';

/** Any text that can be an argument at all. */
const words = fc.string({ unit: 'binary', maxLength: 60 }).map((text) => text.replaceAll('\0', ''));

it('quotes any word so that a real shell reads it back', () => {
  const list = fc.sample(words, 500).concat(["'", "''", "a'b", '$(id)', '`id`', '; rm -rf /', '-n', '\n', '\\', '']);
  const read = execFileSync('sh', ['-c', `printf '%s\\0' ${list.map(quote).join(' ')}`]);
  expect(read.toString('utf8').split('\0').slice(0, -1)).toEqual(
    list.map((word) => Buffer.from(word).toString('utf8')),
  );
});

/** Its one command script stands for a machine: its power-off ends the server. */
const machine = `#!/bin/sh
printf '%s\\n' "$SSH_ORIGINAL_COMMAND" >> "$1"
[ "$SSH_ORIGINAL_COMMAND" = 'systemctl poweroff' ] || exec sh -c "$SSH_ORIGINAL_COMMAND"
# Every process from this command up to the server itself, the server first.
list= p=$PPID
while [ "$(cat /proc/$p/comm)" = sshd ]; do list="$p $list"; p=$(cut -d' ' -f4 /proc/$p/stat); done
kill -9 $list
`;

describe.skipIf(!hasOpenSsh)('a real OpenSSH server', () => {
  const server = new OpenSsh({
    authorized: clientKey.publicKey,
    machine,
    keyTypes: ['ed25519', 'ecdsa', 'rsa'],
  });
  let b: Bench;
  let host: Host;
  const never = new AbortController().signal;
  const run = (command: string) => b.pool.run(host, command, { limitMs: 10_000, signal: never });

  beforeAll(async () => {
    await server.start();
    b = bench();
    const { user } = server;
    const unknown = inventoryHost({ address: '127.0.0.1', port: server.port, fingerprint: null }, { user });
    host = { ...unknown, hostKeys: [await readHostKey(unknown)] };
  });

  afterAll(async () => {
    b.pool.close();
    await server.remove();
  });

  it('shows the ed25519 key of the three that it has, as ssh-keygen prints it', () => {
    expect(host.hostKeys).toEqual([{ type: 'ssh-ed25519', fingerprint: server.fingerprint('ed25519') }]);
  });

  it('is as good with its RSA key pinned', async () => {
    const pinned = { ...host, hostKeys: [{ type: 'ssh-rsa', fingerprint: server.fingerprint('rsa') }] };
    expect((await b.pool.run(pinned, 'true', { limitMs: 10_000, signal: never })).code).toBe(0);
  });

  it('runs commands: streams, exit codes, signals, a missing command', async () => {
    expect(await run('echo out; echo err >&2; exit 3')).toMatchObject({ stdout: 'out\n', stderr: 'err\n', code: 3 });
    expect(await run('kill -TERM $$')).toMatchObject({ code: null, dropped: false });
    expect((await run('no-such-command')).code).toBe(127);
    expect(await run('cat')).toMatchObject({ stdout: '', code: 0 });
    expect((await run('head -c 2000000 /dev/zero')).truncated).toBe(true);
  });

  it('reads quoted words back', async () => {
    for (const word of ['it\'s; $(id) `id` "x" \\ *', 'ü€😀\n\tx', '-rf']) {
      expect((await run(`printf %s ${quote(word)}`)).stdout).toBe(word);
    }
  });

  it('refuses a user that has no key there', async () => {
    const other = bench({ kind: 'password', password: 'n0t-used' });
    const fault = await faultOf(other.pool.run(host, 'true', { limitMs: 5000, signal: never }));
    expect(fault.code).toBe('login-refused');
    expect(JSON.stringify(fault)).not.toContain('n0t-used');
  });

  it('that is restarted closes its port and leaves the session alone', async () => {
    await b.pool.warm(host, never);
    await server.stop();
    await expect.poll(() => lookAt(host)).toBe('closed');
    expect((await run('echo still here')).stdout).toBe('still here\n');
    await server.start();
    expect([b.pool.stands(host), b.pool.endedByHost(host).count]).toEqual([true, 0]);
    b.pool.release();
    b.pool.forget(host);
  });

  it('powers off: the connection drops, the port closes, and it can be seen to come back', async () => {
    const context = b.step({ kind: 'power-off', target: 'web', until: 'port-closed' }, host);
    expect(await b.actions(context).probe(context)).toEqual({
      state: 'not-done',
      seen: `its SSH port ${host.port} still answers`,
    });
    await b.actions(context).act(context);
    await expect.poll(() => lookAt(host)).toBe('closed');
    expect((await b.prove(context, 60_000)).last).toEqual({
      state: 'done',
      proof: 'port closed after it ended our session, 2 looks',
    });
    expect(server.commands().at(-1)).toBe('systemctl poweroff');
    expect(await hasSshBanner(host)).toBe(false);
    await server.stop();
    await server.start();
    expect(await hasSshBanner(host)).toBe(true);
    expect((await run('echo back')).stdout).toBe('back\n');
  });
});
