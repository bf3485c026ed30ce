import dgram from 'node:dgram';
import ssh2, { type ConnectConfig } from 'ssh2';
import { afterEach, beforeAll, expect, it } from 'vitest';
import { scaledAfter } from '../fakes/after.ts';
import { esxiVm } from '../fakes/esxi/shell.ts';
import { EsxiHost } from '../fakes/esxi-host.ts';
import { LinuxHost, type LinuxHostOptions } from '../fakes/linux-host.ts';
import type { LoopbackHost } from '../fakes/loopback-host.ts';
import { type Death, SshHost } from '../fakes/ssh-host.ts';
import { newSshKey } from '../fakes/ssh-keys.ts';
import { magicPacket, WakeListener } from '../fakes/wake-listener.ts';

const mac = '02:00:00:aa:bb:01';
const after = scaledAfter(0.005);
const key = newSshKey('client');
const open: Array<{ close(): void }> = [];

beforeAll(() => {
  expect(ssh2.utils.parseKey(key.privateKey)).not.toBeInstanceOf(Error);
});

afterEach(() => {
  for (const one of open.splice(0)) one.close();
});

async function linux(more: Partial<LinuxHostOptions> = {}): Promise<LinuxHost> {
  const users = [
    { name: 'root', publicKeys: [key.publicKey] },
    { name: 'ups', publicKeys: [key.publicKey] },
  ];
  const host = new LinuxHost({
    name: 'web',
    users,
    after,
    timeToDieMs: 10_000,
    sudo: ['/usr/bin/systemctl poweroff'],
    ...more,
  });
  open.push(host);
  await host.powerOn();
  return host;
}

interface Answer {
  stdout: string;
  stderr: string;
  code: number | null | undefined;
  error: string | null;
}

/** One connection, one command; resolves when the connection is over, whatever happened. */
function ask(
  host: { address: string; port: number },
  command: string,
  login: Partial<ConnectConfig> = {},
): Promise<Answer> {
  return new Promise((resolve) => {
    const client = new ssh2.Client();
    const answer: Answer = { stdout: '', stderr: '', code: undefined, error: null };
    client.on('error', (error) => {
      answer.error ??= error.message;
    });
    client.on('close', () => resolve(answer));
    client.on('keyboard-interactive', (_name, _text, _language, prompts, finish) =>
      finish(prompts.map(() => String(login.password))),
    );
    client.on('ready', () => {
      client.exec(command, (failed, stream) => {
        if (failed) return;
        stream.on('data', (text: Buffer) => {
          answer.stdout += text.toString();
        });
        stream.stderr.on('data', (text: Buffer) => {
          answer.stderr += text.toString();
        });
        stream.on('close', (code: number | null) => {
          answer.code = code;
          client.end();
        });
      });
    });
    client.connect({
      host: host.address,
      port: host.port,
      username: 'root',
      keepaliveInterval: 200,
      keepaliveCountMax: 2,
      ...login,
    });
    client.setNoDelay(true);
  });
}

const byKey = (username = 'root'): Partial<ConnectConfig> => ({ username, privateKey: key.privateKey });

it('lets in with the right key or password only, and keeps every attempt', async () => {
  const host = new SshHost({
    name: 'both',
    users: [{ name: 'root', password: 'right', publicKeys: [key.publicKey] }],
    run: async (text, user) => ({ stdout: `${user} ${text}`, stderr: 'e', code: 3 }),
  });
  open.push(host);
  await host.powerOn();
  expect(await ask(host, 'do it', byKey())).toEqual({ stdout: 'root do it', stderr: 'e', code: 3, error: null });
  expect(await ask(host, 'do it', { password: 'right' })).toMatchObject({ code: 3 });
  expect((await ask(host, 'x', { password: 'wrong' })).error).toBe('All configured authentication methods failed');
  expect((await ask(host, 'x', { privateKey: newSshKey().privateKey })).error).toBe(
    'All configured authentication methods failed',
  );
  expect(host.auths.map(({ method, accepted }) => `${method} ${accepted}`)).toEqual([
    'publickey true',
    'password true',
    'password false',
    'publickey false',
  ]);
  expect(host.log).toHaveLength(2);
});

it('shows its pinned host key', async () => {
  const host = await linux();
  const seen: string[] = [];
  await ask(host, 'true', {
    ...byKey(),
    hostHash: 'sha256',
    hostVerifier: (hash: string) =>
      seen.push(`SHA256:${Buffer.from(hash, 'hex').toString('base64').replace(/=+$/, '')}`) > 0,
  });
  expect(seen).toEqual([host.ssh.hostKey.fingerprint]);
});

it.each<[Death, string | null]>([
  ['fin', null],
  ['rst', 'read ECONNRESET'],
  ['silence', 'Keepalive timeout'],
])('dies by %s: the client sees it, and then a refused port', async (death, error) => {
  const host = await linux({ fault: 'hang' });
  const hanging = ask(host, 'poweroff', byKey());
  await expect.poll(() => host.ssh.log.length).toBe(1);
  // A reset that meets data on its way may look like an end to the client.
  await new Promise((resolve) => setTimeout(resolve, 50));
  host.ssh.powerOff(death);
  const { code, error: seen } = await hanging;
  expect([code ?? null, seen]).toEqual([null, error]);
  expect((await ask(host, 'true', byKey())).error).toContain('ECONNREFUSED');
  await host.ssh.powerOn();
  expect(await ask(host, 'true', byKey())).toMatchObject({ code: 0 });
});

it('obeys sudo as sudo does', async () => {
  const host = await linux();
  expect(await ask(host, 'sudo -n -l systemctl poweroff', byKey('ups'))).toMatchObject({
    stdout: '/usr/bin/systemctl poweroff\n',
    code: 0,
  });
  expect(await ask(host, 'sudo -n -l /sbin/shutdown -h now', byKey('ups'))).toMatchObject({
    stdout: '',
    stderr: '',
    code: 1,
  });
  expect(await ask(host, 'sudo -n id', byKey('ups'))).toMatchObject({
    stderr: 'sudo: a password is required\n',
    code: 1,
  });
  expect(await ask(host, 'systemctl poweroff', byKey('ups'))).toMatchObject({ code: 1 });
  expect(host.state).toBe('on');
  host.fault = 'no-sudo';
  expect(await ask(host, 'sudo -n /usr/bin/systemctl poweroff', byKey('ups'))).toMatchObject({ code: 1 });
  host.fault = 'none';
  expect(await ask(host, 'sudo -n /usr/bin/systemctl poweroff', byKey('ups'))).toMatchObject({
    stdout: '',
    stderr: '',
    code: 0,
  });
  await host.waitFor('off', 2_000);
});

it('can be stuck, refuse, or not let anybody in', async () => {
  const host = await linux({ fault: 'stuck' });
  expect(await ask(host, 'shutdown -h now', byKey())).toMatchObject({ code: 0 });
  host.fault = 'refuses';
  expect(await ask(host, '/sbin/poweroff', byKey())).toMatchObject({ code: 1 });
  host.ssh.fault = 'denied';
  expect((await ask(host, 'true', byKey())).error).toBe('All configured authentication methods failed');
  host.ssh.fault = 'mute';
  expect((await ask(host, 'true', { ...byKey(), readyTimeout: 200 })).error).toBe(
    'Timed out while waiting for handshake',
  );
  expect(host.state).toBe('on');
});

function wakeUp(listener: WakeListener, address: string): Promise<void> {
  const socket = dgram.createSocket('udp4');
  return new Promise((resolve) => {
    socket.bind(0, () => {
      socket.setBroadcast(true);
      socket.send(magicPacket(mac), listener.port, address, () => socket.close(() => resolve()));
    });
  });
}

it.each(['127.0.0.1', '127.255.255.255'])('wakes on a magic packet to %s, as a new boot', async (address) => {
  const wake = await WakeListener.open();
  open.push(wake);
  const host = await linux({ mac, wake, bootMs: 20_000 });
  const before = (await ask(host, 'cat /proc/sys/kernel/random/boot_id', byKey())).stdout;
  await wakeUp(wake, address);
  await expect.poll(() => wake.count(mac)).toBe(1);
  expect(host.wakeCount).toBe(0);
  await ask(host, 'systemctl poweroff', byKey());
  await host.waitFor('off', 2_000);
  const port = host.port;
  await wakeUp(wake, address);
  await host.waitFor('booting', 2_000);
  await host.waitFor('on', 2_000);
  expect([host.port, host.wakeCount]).toEqual([port, 1]);
  expect((await ask(host, 'cat /proc/sys/kernel/random/boot_id', byKey())).stdout).not.toBe(before);
});

it('walks ESXi down and up again with a keyboard-interactive login', async () => {
  const wake = await WakeListener.open();
  const host: LoopbackHost & { esxi: EsxiHost['esxi'] } = new EsxiHost({
    name: 'esxi',
    users: [{ name: 'root', password: 'VMware1!' }],
    ...{ after, mac, wake, bootMs: 60_000 },
    state: { vms: [esxiVm(1, 'web')] },
  });
  open.push(wake, host);
  await host.powerOn();
  const login = { password: 'VMware1!', tryKeyboard: true };
  const say = (line: string): Promise<Answer> => ask(host, line, { ...login, authHandler: ['keyboard-interactive'] });
  expect((await ask(host, 'true', { password: 'VMware1!' })).error).toBe(
    'All configured authentication methods failed',
  );
  expect(await say('vim-cmd vmsvc/power.shutdown 1')).toMatchObject({ code: 0, stdout: '' });
  expect(await say('esxcli system maintenanceMode set -e true -t 60')).toMatchObject({ code: 0 });
  expect(await say('esxcli system shutdown poweroff -d 10 -r "power failure"')).toMatchObject({ code: 0 });
  await host.waitFor('off', 2_000);
  expect(host.esxi.crashedVms).toBe(0);
  await wakeUp(wake, '127.0.0.1');
  await host.waitFor('on', 2_000);
  expect(await say('esxcli system maintenanceMode get')).toMatchObject({ stdout: 'Enabled\n' });
  host.powerCut();
  expect(host.state).toBe('off');
});
