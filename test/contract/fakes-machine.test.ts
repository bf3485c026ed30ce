import { execFileSync } from 'node:child_process';
import dgram from 'node:dgram';
import fs from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
import { lookAt } from '../../electron/targets/reach.ts';
import { type MachineOptions, ScriptedMachine } from '../fakes/machine/machine.ts';
import { result } from '../fakes/posix-shell.ts';
import { WakeListener } from '../fakes/wake-listener.ts';
import { bench, byKey, byPassword, clientKey, faultOf, inventoryHost } from './targets-kit.ts';

const closing: Array<() => void> = [];

afterEach(() => {
  for (const close of closing.splice(0)) close();
});

const users = ['root', 'ups'].map((name) => ({ name, publicKeys: [clientKey.publicKey], password: 'right' }));

const powerOff: MachineOptions['programs'] = {
  '/sbin/shutdown': (call, machine) =>
    call.root ? machine.goDown(result(), result('', 1, 'no\n')) : result('', 1, 'not root\n'),
};

async function started(more: Partial<MachineOptions> = {}, credential = byKey) {
  const b = bench(credential);
  const machine = new ScriptedMachine({
    name: 'box',
    users,
    programs: powerOff,
    after: (ms, call) => b.clock.after(ms, call),
    ...more,
  });
  closing.push(
    () => b.pool.close(),
    () => machine.close(),
  );
  await machine.powerOn();
  const at = () => ({
    address: machine.address,
    port: machine.port,
    fingerprint: machine.ssh.root.hostKey.fingerprint,
  });
  const run = (text: string, user = 'root', limitMs = 10_000) =>
    b.pool.run(inventoryHost(at(), { user }), text, { limitMs, signal: new AbortController().signal });
  return { b, machine, run, at };
}

const processes = (): string => execFileSync('ps', ['-eo', 'pid,args'], { encoding: 'utf8' });

const mac = '02:00:00:00:00:07';

async function sendMagic(port: number): Promise<void> {
  const socket = dgram.createSocket('udp4');
  const packet = Buffer.from(`${'ff'.repeat(6)}${mac.replaceAll(':', '').repeat(16)}`, 'hex');
  await new Promise((resolve) => socket.send(packet, port, '127.0.0.1', resolve));
  socket.close();
}

describe.skipIf(process.getuid?.() !== 0)('a scripted machine', { timeout: 30_000 }, () => {
  it('starts soon, and runs a command soon', async () => {
    await started();
    const begun = performance.now();
    const { run } = await started();
    const upAt = performance.now();
    await run('true');
    const inAt = performance.now();
    for (let turn = 0; turn < 20; turn += 1) await run('true');
    const ms = { start: upAt - begun, signIn: inAt - upAt, command: (performance.now() - inAt) / 20 };
    // A busy computer takes longer; these are the bounds within which it is still of use.
    expect(ms.start, JSON.stringify(ms)).toBeLessThan(1500);
    expect(ms.command, JSON.stringify(ms)).toBeLessThan(150);
  });

  it.each(['dash', 'bash', 'tcsh'] as const)(
    'has %s for its shell, and programs that the test answers for',
    async (shell) => {
      const { machine, run } = await started({
        shell,
        programs: { '/usr/bin/uname': ({ args }) => result(`made ${args.join('|')}\n`, 3, 'oh\n') },
        files: { '/etc/version': '25.04.1\n' },
      });
      expect(await run(`uname -s 'two words' ; cat /etc/version`)).toMatchObject({
        stdout: 'made -s|two words\n25.04.1\n',
        stderr: 'oh\n',
        code: 0,
      });
      expect(await run('uname', 'ups')).toMatchObject({ code: 3 });
      expect(await run('id -u', 'ups')).toMatchObject({ stdout: '1001\n', code: 0 });
      expect(await run('no-such-program')).toMatchObject({ code: shell === 'tcsh' ? 1 : 127 });
      expect(machine.calls).toEqual([
        { path: '/usr/bin/uname', args: ['-s', 'two words'], root: true, user: 'root' },
        { path: '/usr/bin/uname', args: [], root: false, user: 'ups' },
      ]);
      expect(machine.sent.at(-1)).toEqual({ text: 'no-such-program', user: 'root' });
    },
  );

  it('has nothing of this computer that switches anything off', async () => {
    const { machine, run } = await started({ sudo: { rules: ['ALL'] } });
    const names = ['systemctl', 'loginctl', 'shutdown', 'poweroff', 'halt', 'reboot', 'init', 'telinit', 'busybox'];
    const folders = ['/bin', '/sbin', '/usr/bin', '/usr/sbin', '/usr/local/bin', '/usr/local/sbin', '/lib/systemd'];
    const paths = names.flatMap((name) => folders.map((folder) => `${folder}/${name}`));
    const there = await run(`for file in ${paths.join(' ')}; do [ -e $file ] && echo $file; done; true`);
    expect(there.stdout).toBe('/sbin/shutdown\n');
    // What there is asks the test, and is no program of this computer.
    const real = fs.readdirSync('/sbin').map((name) => `/sbin/${name}`);
    expect(real.length).toBeGreaterThan(10);
    const seen = await run(
      `for file in ${real.join(' ')} /proc/1 /sys/power /dev/mem; do [ -e $file ] && echo $file; done; true`,
    );
    expect(seen.stdout).toBe('/sbin/shutdown\n');
    machine.fault = 'lies';
    expect((await run('sudo /sbin/shutdown -p now', 'ups')).code).toBe(0);
    expect(machine.ranAsRoot).toEqual(['/sbin/shutdown -p now']);
  });

  it('has not the right to halt or to mount anything, nor sees another process', async () => {
    const { machine, run } = await started();
    const lines = processes().split('\n');
    const sshd = lines.find((line) => line.includes('sshd') && line.includes(`${machine.ssh.root.folder}/sshd`));
    const status = fs.readFileSync(`/proc/${sshd?.trim().split(' ')[0]}/status`, 'utf8');
    const rights = BigInt(`0x${/^CapBnd:\s*(\S+)/m.exec(status)?.[1]}`);
    // CAP_SYS_ADMIN is 21, CAP_SYS_BOOT 22; CAP_SYS_CHROOT, which sshd needs, 18.
    expect([18n, 21n, 22n].map((bit) => (rights >> bit) & 1n)).toEqual([1n, 0n, 0n]);
    expect((await run(`kill -0 ${process.pid}`)).code).toBe(1);
  });

  it('lets sudo run what its rules say, scripted and real, and nothing else', async () => {
    const { machine, run } = await started({ sudo: { rules: ['/sbin/shutdown -p now', 'id -u'] } });
    expect(await run('sudo -n id -u', 'ups')).toMatchObject({ stdout: '0\n', code: 0 });
    expect(await run('sudo -n -l -- shutdown -p now', 'ups')).toMatchObject({ stdout: '/sbin/shutdown -p now\n' });
    expect(await run('sudo -n shutdown -r now', 'ups')).toMatchObject({
      stderr: 'sudo: a password is required\n',
      code: 1,
    });
    expect(machine.calls).toEqual([]);
    expect((await run('shutdown -p now', 'ups')).stderr).toBe('not root\n');
    expect((await run('sudo -n shutdown -p now', 'ups')).code).toBe(0);
    expect(machine.state).toBe('dying');
  });

  it('dies its time after the command, and is on again', async () => {
    const { b, machine, run } = await started({ timeToDieMs: 4000 });
    await run('/sbin/shutdown -p now');
    await b.clock.advance(3999);
    expect(await lookAt(machine)).toBe('open');
    const ended = machine.waitFor('off', 1000);
    await b.clock.advance(1);
    await ended;
    expect(await lookAt(machine)).toBe('closed');
    await machine.powerOn();
    expect((await run('echo back')).stdout).toBe('back\n');
  });

  it('is woken by a magic packet, and stays off when its power is cut while it boots', async () => {
    const wake = await WakeListener.open();
    closing.push(() => wake.close());
    const { b, machine, run } = await started({ wake, mac, bootMs: 1000 });
    const woken = async (): Promise<void> => {
      machine.powerCut();
      const booting = machine.waitFor('booting', 5000);
      await sendMagic(wake.port);
      await booting;
      await b.clock.advance(1000);
    };
    await woken();
    await machine.waitFor('on', 5000);
    expect((await run('echo back')).stdout).toBe('back\n');
    const { folder } = machine.ssh.root;
    const gone = () => expect.poll(processes).not.toContain(folder);
    for (const moment of ['at once', 'once its processes are there']) {
      await woken();
      if (moment !== 'at once') await expect.poll(processes, { interval: 1 }).toContain(folder);
      machine.powerCut();
      await gone();
      expect([moment, machine.state, await lookAt(machine)]).toEqual([moment, 'off', 'closed']);
    }
    expect(machine.wakeCount).toBe(3);
    await machine.powerOn();
    expect([machine.state, await lookAt(machine)]).toEqual(['on', 'open']);
  });

  it.each(['fin', 'rst', 'silence'] as const)('can be gone by %s after it took the command', async (fault) => {
    const { machine, run } = await started();
    await run('true');
    machine.fault = fault;
    const ended = run('/sbin/shutdown -p now', 'root', 300);
    if (fault === 'silence') expect((await faultOf(ended)).code).toBe('dead-peer');
    else expect(await ended).toMatchObject({ code: null, dropped: true });
    expect(machine.state).toBe('off');
    expect(await lookAt(machine)).toBe('closed');
  });

  it('takes a password, another not, and another key neither', async () => {
    const { run } = await started({}, byPassword('right'));
    expect((await run('echo in', 'ups')).stdout).toBe('in\n');
    const wrong = await started({}, byPassword('wrong'));
    expect((await faultOf(wrong.run('true'))).code).toBe('login-refused');
    const stranger = await started({ users: [{ name: 'root', publicKeys: [] }] });
    expect((await faultOf(stranger.run('true'))).code).toBe('login-refused');
  });

  it('leaves nothing behind', async () => {
    const { machine, run } = await started();
    const hanging = run('cat /dev/zero', 'root', 10_000);
    const { folder } = machine.ssh.root;
    await expect.poll(() => machine.sent.length).toBe(1);
    machine.close();
    await hanging;
    expect(fs.existsSync(folder)).toBe(false);
    await expect.poll(processes).not.toContain(folder);
    expect(fs.readFileSync('/proc/mounts', 'utf8')).not.toContain(folder);
  });
});
