import { execFile } from 'node:child_process';
import dgram from 'node:dgram';
import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import ssh2 from 'ssh2';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { esxiVm } from '../fakes/esxi/shell.ts';
import { Rack, type RackHost } from '../fakes/rack/rack.ts';
import { magicPacket } from '../fakes/wake-listener.ts';

interface Answer {
  stdout: string;
  stderr: string;
  code: number | null;
}

let rack: Rack;
let tookMs: number;

/** OpenSSH's own client: with the key, never asking, and only where the pinned host key stands. */
function ssh(
  host: RackHost,
  command: string,
  more: readonly string[] = [],
  known = rack.knownHostsFile,
): Promise<Answer> {
  const options = [
    'BatchMode=yes',
    'StrictHostKeyChecking=yes',
    `UserKnownHostsFile=${known}`,
    'ConnectTimeout=2',
    ...more,
  ];
  const args = [...options.flatMap((option) => ['-o', option]), '-F', 'none', '-i', rack.privateKeyFile];
  return new Promise((resolve) => {
    execFile('ssh', [...args, `${host.user}@${host.address}`, command], (error, stdout, stderr) => {
      resolve({ stdout, stderr, code: error ? (typeof error.code === 'number' ? error.code : null) : 0 });
    });
  });
}

/** ssh2 with the one method. */
function sshByPassword(host: RackHost, method: 'password' | 'keyboard-interactive', password: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const client = new ssh2.Client();
    client.on('error', reject);
    client.on('keyboard-interactive', (_name, _text, _language, prompts, finish) =>
      finish(prompts.map(() => password)),
    );
    client.on('ready', () => {
      client.end();
      resolve('in');
    });
    client.connect({
      ...{
        host: host.address,
        username: host.user,
        password,
        tryKeyboard: true,
        authHandler: [method],
        hostHash: 'sha256',
      },
      hostVerifier: (hash: string) =>
        `SHA256:${Buffer.from(hash, 'hex').toString('base64').replace(/=+$/, '')}` === host.hostKeyFingerprint,
    });
    client.setNoDelay(true);
  });
}

/** What a TCP connection to its SSH port meets within `ms`. */
function knock(host: RackHost, ms = 1_000): Promise<string> {
  return new Promise((resolve) => {
    const socket = net.connect({ host: host.address, port: 22, timeout: ms });
    const end = (seen: string): void => {
      socket.destroy();
      resolve(seen);
    };
    socket.on('connect', () => end('open'));
    socket.on('timeout', () => end('silent'));
    socket.on('error', (error: NodeJS.ErrnoException) =>
      end(error.code === 'EHOSTUNREACH' ? 'silent' : String(error.code)),
    );
  });
}

function wake(mac: string, on = rack): Promise<void> {
  const socket = dgram.createSocket('udp4');
  return new Promise((resolve, reject) => {
    socket.once('error', reject).bind(0, on.address, () => {
      socket.setBroadcast(true);
      socket.send(magicPacket(mac), 9, on.broadcast, (error) => {
        socket.close();
        if (error) reject(error);
        else resolve();
      });
    });
  });
}

describe.skipIf(process.getuid?.() !== 0)('a rack of real SSH hosts', () => {
  beforeAll(async () => {
    const begin = performance.now();
    rack = await Rack.up({
      hosts: [
        { name: 'web' },
        { name: 'nas', logins: ['password'], hostKeyType: 'ecdsa-sha2-nistp256' },
        { name: 'db', user: 'ups', sudo: ['/usr/bin/systemctl poweroff'] },
        {
          name: 'esxi',
          kind: 'esxi',
          timeFactor: 0.02,
          esxi: { vms: [esxiVm(1, 'mail'), esxiVm(2, 'old', { tools: 'notRunning' })] },
        },
        { name: 'spare', off: true },
      ],
    });
    tookMs = performance.now() - begin;
  });

  afterAll(async () => {
    await rack?.down();
  });

  it('comes up quickly, with an address, a MAC and a host key for each', async () => {
    expect(tookMs).toBeLessThan(3_000);
    expect(rack.hosts.map((host) => host.state)).toEqual(['on', 'on', 'on', 'on', 'off']);
    for (const pick of ['address', 'mac', 'hostKeyFingerprint'] as const) {
      expect(new Set(rack.hosts.map((host) => host[pick])).size).toBe(5);
    }
    expect(await Promise.all(rack.hosts.map((host) => knock(host)))).toEqual([
      'open',
      'open',
      'open',
      'open',
      'silent',
    ]);
  });

  it('lets in by key, by password and by keyboard-interactive, each where it is offered', async () => {
    const [web, nas, db, esxi] = ['web', 'nas', 'db', 'esxi'].map((name) => rack.host(name)) as [
      RackHost,
      RackHost,
      RackHost,
      RackHost,
    ];
    expect(await ssh(web, 'id -un; hostname')).toEqual({ stdout: 'root\nweb\n', stderr: '', code: 0 });
    expect(await ssh(db, 'id -un; exit 3')).toEqual({ stdout: 'ups\n', stderr: '', code: 3 });
    expect((await ssh(esxi, 'uname')).stdout).toBe('VMkernel\n');
    expect((await ssh(nas, 'true')).stderr).toContain('Permission denied (password)');
    expect(await sshByPassword(nas, 'password', nas.credential)).toBe('in');
    expect(await sshByPassword(esxi, 'keyboard-interactive', esxi.credential)).toBe('in');
    await expect(sshByPassword(esxi, 'keyboard-interactive', 'wrong')).rejects.toThrow('authentication methods failed');
    expect(web.commands.at(-1)).toMatchObject({ text: 'id -un; hostname', user: 'root' });
    // sshd tells of it on its own time.
    await expect.poll(() => nas.logins.at(-1)).toMatchObject({ method: 'password', user: 'root', accepted: true });
    await expect.poll(() => esxi.logins.at(-1)).toMatchObject({ method: 'keyboard-interactive/pam', accepted: false });
  });

  it('is refused by a client that has another key pinned', async () => {
    const web = rack.host('web');
    const known = path.join(path.dirname(rack.knownHostsFile), 'other_known_hosts');
    fs.writeFileSync(known, `${web.address} ${rack.host('db').hostPublicKey}\n`);
    expect(await ssh(web, 'true', [], known)).toMatchObject({
      code: 255,
      stderr: expect.stringContaining('Host key verification failed'),
    });
  });

  it('gives the restricted user the one command and nothing else', async () => {
    const db = rack.host('db');
    expect(await ssh(db, 'sudo -n -l /usr/bin/systemctl poweroff')).toEqual({
      stdout: '/usr/bin/systemctl poweroff\n',
      stderr: '',
      code: 0,
    });
    expect((await ssh(db, 'sudo -n -l /usr/bin/systemctl reboot')).code).toBe(1);
    expect(await ssh(db, 'sudo -n /usr/bin/id')).toEqual({
      stdout: '',
      stderr: 'sudo: a password is required\n',
      code: 1,
    });
    expect(await ssh(db, '/usr/bin/systemctl poweroff')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('Interactive authentication required'),
    });
    expect(db.state).toBe('on');
  });

  it('takes a power off, goes silent, and comes back on a magic packet as a new boot', async () => {
    const db = rack.host('db');
    const before = (await ssh(db, 'cat /proc/sys/kernel/random/boot_id')).stdout;
    expect(await ssh(db, 'sudo -n /usr/bin/systemctl poweroff')).toEqual({ stdout: '', stderr: '', code: 0 });
    expect(db.powerCommands.at(-1)).toMatchObject({ text: 'systemctl poweroff', user: 'root' });
    await rack.waitFor('db', 'off', 5_000);
    expect(await knock(db)).toBe('silent');
    expect(await knock(rack.host('web'))).toBe('open');
    await wake(rack.host('web').mac);
    await expect.poll(() => rack.host('web').magicPackets).toBe(1);
    expect([rack.host('web').wakeCount, db.magicPackets, db.state]).toEqual([0, 0, 'off']);
    await wake(db.mac);
    await rack.waitFor('db', 'booting', 1_000);
    await rack.waitFor('db', 'on', 5_000);
    const after = (await ssh(db, 'cat /proc/sys/kernel/random/boot_id')).stdout;
    expect(after).toMatch(/^[0-9a-f-]{36}\n$/);
    expect(after).not.toBe(before);
    expect(db.wakeCount).toBe(1);
  });

  it('wakes a host that was never on', async () => {
    await wake(rack.host('spare').mac);
    await rack.waitFor('spare', 'on', 5_000);
    expect((await ssh(rack.host('spare'), 'true')).code).toBe(0);
  });

  it('leaves a session without a word at a power cut, and ends it at an orderly power off', async () => {
    const web = rack.host('web');
    const alive = ['ServerAliveInterval=1', 'ServerAliveCountMax=1'];
    let ended = false;
    const cut = ssh(web, 'sleep 60', alive);
    void cut.then(() => {
      ended = true;
    });
    await expect.poll(() => web.commands.at(-1)?.text).toBe('sleep 60');
    await rack.powerCut('web');
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect([ended, web.state]).toEqual([false, 'off']);
    expect(await cut).toMatchObject({ code: 255 });
    await rack.powerOn('web');
    const orderly = ssh(web, '/sbin/shutdown -h now && exec sleep 60');
    await rack.waitFor('web', 'off', 5_000);
    expect(await orderly).toMatchObject({ code: 255 });
    await rack.powerOn('web');
  });

  it('can hang, be stuck, refuse and restart', async () => {
    const web = rack.host('web');
    web.fault = 'refuses';
    expect((await ssh(web, 'poweroff')).code).toBe(1);
    web.fault = 'stuck';
    expect((await ssh(web, 'poweroff')).code).toBe(0);
    web.fault = 'hang';
    const hanging = ssh(web, 'poweroff');
    await expect.poll(() => web.powerCommands.length).toBeGreaterThan(2);
    expect(web.state).toBe('on');
    web.fault = 'none';
    await ssh(web, 'reboot');
    await rack.waitFor('web', 'off', 5_000);
    expect((await hanging).code).toBe(255);
    await rack.waitFor('web', 'on', 5_000);
  });

  it('keeps the machine under it out of reach', async () => {
    const { stdout } = await ssh(
      rack.host('web'),
      'sed -n "s/^CapBnd:.*\\(........\\)$/\\1/p" /proc/self/status; ls /proc | grep -c "^[0-9]"; touch /usr/x /etc/x /var/x',
    );
    const [capabilities = '', processes = ''] = stdout.split('\n');
    expect((Number.parseInt(capabilities, 16) >> 22) & 1).toBe(0);
    expect(Number(processes)).toBeLessThan(12);
    expect(['/usr/x', '/etc/x', '/var/x'].filter((file) => fs.existsSync(file))).toEqual([]);
  });

  it('walks an ESXi host from its guests to dark and back, in maintenance mode', async () => {
    const host = rack.host('esxi');
    const say = async (line: string): Promise<Answer> =>
      ssh(host, line, ['ServerAliveInterval=1', 'ServerAliveCountMax=1']);
    expect((await say('esxcli system shutdown poweroff -d 10 -r x')).code).toBe(1);
    expect(await say('vim-cmd vmsvc/power.shutdown 1')).toEqual({ stdout: '', stderr: '', code: 0 });
    expect((await say('vim-cmd vmsvc/power.shutdown 2')).stdout).toContain('vim.fault.ToolsUnavailable');
    expect((await say('vim-cmd vmsvc/power.off 2')).stdout).toBe('Powering off VM:\n');
    expect(await say('esxcli system maintenanceMode set -e true -t 60 -m noAction')).toEqual({
      stdout: '',
      stderr: '',
      code: 0,
    });
    expect((await say('esxcli vm process list')).stdout).toBe('');
    expect((await say('esxcli system maintenanceMode get')).stdout).toBe('Enabled\n');
    expect(await say("esxcli system shutdown poweroff -d 30 -r 'power failure'")).toEqual({
      stdout: '',
      stderr: '',
      code: 0,
    });
    expect(host.state).toBe('dying');
    await rack.waitFor('esxi', 'off', 5_000);
    expect([host.crashedVms, await knock(host)]).toEqual([0, 'silent']);
    await wake(host.mac);
    await rack.waitFor('esxi', 'on', 5_000);
    expect((await say('esxcli system maintenanceMode get')).stdout).toBe('Enabled\n');
    expect(await say('esxcli system maintenanceMode set -e false')).toEqual({ stdout: '', stderr: '', code: 0 });
    await say('vim-cmd vmsvc/power.on 1');
    await expect.poll(async () => (await say('vim-cmd vmsvc/power.getstate 1')).stdout).toContain('Powered on');
    const cut = say('sleep 9999');
    await expect.poll(() => host.commands.at(-1)?.text).toBe('sleep 9999');
    await rack.powerCut('esxi');
    expect(host.crashedVms).toBe(1);
    expect(await Promise.race([cut, new Promise((resolve) => setTimeout(resolve, 500, 'silence'))])).toBe('silence');
    await rack.powerOn('esxi');
  });

  it('does not start a host whose power commands are the real ones, and says why', async () => {
    const other = await Rack.up({ hosts: [{ name: 'bare', off: true }] });
    try {
      fs.rmSync(path.join(path.dirname(other.knownHostsFile), 'common/usr/bin/systemctl'));
      await expect(other.powerOn('bare')).rejects.toThrow(/systemctl is not replaced; not starting/);
      expect(other.host('bare').state).toBe('off');
    } finally {
      await other.down();
    }
  });

  it('leaves room for a second rack, at the same time and after it', async () => {
    for (let round = 0; round < 2; round += 1) {
      const other = await Rack.up({ hosts: [{ name: 'web' }, { name: 'esxi', kind: 'esxi', off: true }] });
      expect(other.interfaceName).not.toBe(rack.interfaceName);
      expect(await knock(other.host('web'))).toBe('open');
      await wake(other.host('esxi').mac, other);
      await other.waitFor('esxi', 'on', 5_000);
      const [pid] = other.hosts.map((host) => host.pid);
      await other.down();
      expect(fs.existsSync(`/proc/${pid}`)).toBe(false);
      expect(fs.existsSync(path.dirname(other.knownHostsFile))).toBe(false);
    }
  });
});
