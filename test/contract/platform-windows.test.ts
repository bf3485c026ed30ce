import { afterEach, describe, expect, it } from 'vitest';
import { newSshKey } from '../fakes/ssh-keys.ts';
import { WakeListener } from '../fakes/wake-listener.ts';
import type { WindowsState } from '../fakes/windows/state.ts';
import { faultOf } from './targets-kit.ts';
import { closing, entered, shortly, users, windows } from './windows-kit.ts';

afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

const off = { kind: 'power-off', until: 'port-closed' };
const usual = 'shutdown /s /t 5 /f /c "Glidepath: power failure"';
const mac = '02:00:00:00:00:07';
const noise = 'Gr\u00fc\u00dfe!\r\n';

describe.each<[string, Partial<WindowsState>]>([
  ['cmd.exe', { shell: 'cmd' }],
  ['PowerShell', { shell: 'powershell' }],
  ['a shell with start-up files that print', { shell: 'powershell', noise }],
])('a Windows host with %s', (_shell, shell) => {
  it('goes down and is proven off', async () => {
    const w = await windows('windows', shell);
    const step = w.step(off);
    expect(await w.b.actions(step).probe(step)).toEqual({
      state: 'not-done',
      seen: `its SSH port ${w.host.port} still answers`,
    });
    expect(await w.act(step)).toEqual({});
    expect(w.sent()).toEqual([usual]);
    const { last, tookMs } = await w.b.prove(step, 60_000);
    expect(last).toEqual({ state: 'done', proof: 'port closed after it ended our session, 2 looks' });
    expect(tookMs).toBeGreaterThanOrEqual(15_000);
    expect(tookMs).toBeLessThan(18_000);
    expect(w.fake.state).toBe('off');
  });

  it.each(['fin', 'rst'] as const)('that dies by %s once it took the command is proven off', async (death) => {
    const w = await windows('windows', shell, { fake: { death } });
    const step = w.step(off);
    await w.act(step);
    const { last } = await w.b.prove(step, 60_000);
    expect(last).toEqual({ state: 'done', proof: 'port closed after it ended our session, 2 looks' });
  });

  it('that dies in silence once it took the command is proven off by it', async () => {
    const w = await windows('windows', shell, { fake: { death: 'silence' } });
    const step = w.step({ ...off, until: 'silent' });
    await w.act(step);
    await w.b.clock.advance(16_000);
    expect(w.fake.state).toBe('off');
    // What drops packets on loopback there is not.
    w.b.looks = ['silent'];
    expect((await w.b.prove(step, 60_000)).last).toEqual({ state: 'done', proof: 'no answer for 20 s, 21 looks' });
  });

  it('that refuses is told with the exit code that shutdown had', async () => {
    const w = await windows('windows', { ...shell, fault: 'refuses' });
    const fault = await faultOf(w.act(w.step(off)));
    expect([fault.code, fault.what]).toEqual(['command-failed', expect.stringContaining('exit code 1203')]);
    expect(w.fake.state).toBe('on');
  });

  it('that lets the user not: not allowed, with what to do', async () => {
    const w = await windows('windows', shell, { host: { user: 'ups' } });
    const fault = await faultOf(w.act(w.step(off)));
    expect(fault).toMatchObject({ code: 'not-allowed', what: 'ups may not shut it down' });
    expect(fault.remedy).toContain('Administrators');
    expect(w.fake.state).toBe('on');
  });

  it('with a shutdown scheduled for later goes down now', async () => {
    const w = await windows('windows', { ...shell, scheduled: true });
    const step = w.step(off);
    await w.act(step);
    expect([w.fake.state, w.fake.windows.scheduled, w.b.told]).toEqual(['dying', false, []]);
    expect((await w.b.prove(step, 60_000)).last.state).toBe('done');
  });

  it('that is going down already has taken it, and only its silence proves it', async () => {
    const w = await windows('windows', { ...shell, fault: 'in-progress' });
    const step = w.step(off);
    await w.act(step);
    expect(w.b.told).toEqual(['hv says that it is going down already (1115)']);
    expect((await w.b.prove(step, 30_000)).last).toEqual({
      state: 'not-done',
      seen: `its SSH port ${w.host.port} still answers`,
    });
    w.fake.ssh.powerOff('fin');
    expect((await w.b.prove(step, 30_000)).last.state).toBe('done');
  });

  it('that was told twice is told that it goes', async () => {
    const w = await windows('windows', shell);
    await w.act(w.step(off));
    const again = w.step(off);
    await w.act(again);
    expect(w.b.told).toEqual(['hv says that it is going down already (1115)']);
    expect((await w.b.prove(again, 60_000)).last.state).toBe('done');
  });

  it('is ready in a rehearsal that only looks', async () => {
    const w = await windows('windows', shell);
    const checks = await w.check(off);
    expect(shortly(checks)).toEqual([...entered, 'privilege: ready']);
    expect(checks.at(-1)?.detail).toBe('Administrator has SeRemoteShutdownPrivilege');
    expect([w.done(), w.fake.state]).toEqual([[], 'on']);
    expect(w.sent()).toEqual(['whoami', 'whoami /priv /fo csv /nh']);
  });

  it('tells its MAC addresses', async () => {
    const right = await windows('windows', shell, { host: { macs: [mac] } });
    expect((await right.check({ kind: 'wake' })).at(-1)?.detail).toBe(`${mac}: the host has it`);
    const wrong = await windows('windows', shell, { host: { macs: ['02:00:00:00:00:08'] } });
    expect((await wrong.check({ kind: 'wake' })).at(-1)).toMatchObject({
      verdict: 'fails',
      detail: `02:00:00:00:00:08 is none of its MAC addresses, which are ${mac}`,
    });
  });
});

describe('a Windows host', () => {
  it('that is off already cannot be acted on, and is found by looking on', async () => {
    const w = await windows('windows');
    w.fake.powerCut();
    const step = w.step(off);
    expect((await faultOf(w.act(step))).code).toBe('unreachable');
    expect((await w.b.prove(step, 10_000)).last.state).toBe('done');
    expect(w.sent()).toEqual([]);
  });

  it('that hangs holds the step up to its limit, and is never proven off', async () => {
    const w = await windows('windows', { fault: 'hang' });
    const step = w.step(off);
    const acting = faultOf(w.act(step));
    await expect.poll(() => w.sent()).toEqual([usual]);
    step.abort();
    expect((await acting).code).toBe('limit-reached');
    expect((await w.b.prove(w.step(off), 20_000)).last.state).toBe('not-done');
  });

  it('that lies is never proven off', async () => {
    const w = await windows('windows', { fault: 'stuck' });
    const step = w.step(off);
    await w.act(step);
    expect((await w.b.prove(step, 30_000)).last).toEqual({
      state: 'not-done',
      seen: `its SSH port ${w.host.port} still answers`,
    });
    expect(w.fake.state).toBe('on');
  });

  it.each(['fin', 'rst'] as const)('that dies by %s while it is asked a second time has taken it', async (death) => {
    const w = await windows('windows', { fault: 'refuses', powershell: 'dies' }, { fake: { death } });
    const step = w.step(off);
    await w.act(step);
    expect((await w.b.prove(step, 10_000)).last.state).toBe('done');
  });

  it('without PowerShell has cmd.exe, which hands the exit code on', async () => {
    const refusing = await windows('windows', { fault: 'refuses', powershell: 'blocked' });
    const fault = await faultOf(refusing.act(refusing.step(off)));
    expect([fault.code, fault.what]).toEqual(['command-failed', expect.stringContaining('exit code 1203')]);
    const denying = await windows('windows', { powershell: 'blocked' }, { host: { user: 'ups' } });
    expect((await faultOf(denying.act(denying.step(off)))).code).toBe('not-allowed');
    const scheduled = await windows('windows', { scheduled: true, powershell: 'blocked' });
    await scheduled.act(scheduled.step(off));
    expect(scheduled.b.told).toEqual(['hv says that it is going down already (1190)']);
  });

  it('with a command of its own is sent that and nothing else', async () => {
    const powerOffCommand = 'shutdown /p';
    const w = await windows('windows', {}, { host: { powerOffCommand } });
    const step = w.step(off);
    const fault = await faultOf(w.act(step));
    expect([fault.code, fault.what]).toEqual(['command-failed', expect.stringContaining('exit code 1: Syntax')]);
    expect(w.sent()).toEqual([powerOffCommand]);
    expect((await w.check(off)).at(-1)).toMatchObject({ what: 'privilege', verdict: 'cannot-check' });
    expect(w.b.actions(step).would(step.step, w.host)).toBe(powerOffCommand);
  });

  it('with another host key than the confirmed one gets nothing', async () => {
    const w = await windows('windows');
    const host = { ...w.host, hostKeys: [{ type: 'ssh-ed25519', fingerprint: newSshKey().fingerprint }] };
    const step = w.b.step({ target: 'hv', ...off }, host);
    expect((await faultOf(w.act(step))).code).toBe('host-key-changed');
    expect([w.sent(), w.fake.ssh.auths]).toEqual([[], []]);
  });

  it('that knows another key than ours lets nobody in', async () => {
    const strangers = users.map((name) => ({ name, publicKeys: [newSshKey().publicKey] }));
    const w = await windows('windows', {}, { fake: { users: strangers } });
    expect((await faultOf(w.act(w.step(off)))).code).toBe('login-refused');
    expect(shortly(await w.check(off))).toEqual(['reach: ready', 'host-key: ready', 'login: fails']);
    expect(w.sent()).toEqual([]);
  });

  it('that resets its connections after the answer was here is asked on', async () => {
    // As OpenSSH's server on Windows may: https://github.com/mscdex/ssh2/issues/902
    const w = await windows('windows', { fault: 'stuck' });
    await w.act(w.step(off));
    w.fake.ssh.powerOff('rst');
    await w.fake.ssh.powerOn();
    await expect.poll(() => w.b.pool.endedByHost(w.host).count).toBe(1);
    expect(shortly(await w.check(off))).toEqual([...entered, 'privilege: ready']);
  });

  it.each<[string, string, string[]]>([
    ['none of the two', 'fails', ['SeUndockPrivilege']],
    ['the local right alone', 'cannot-check', ['SeShutdownPrivilege']],
    ['the remote right', 'ready', ['SeRemoteShutdownPrivilege']],
  ])('by a user with %s %s in a rehearsal', async (_rights, verdict, privileges) => {
    const w = await windows('windows', { privileges: { ups: privileges } }, { host: { user: 'ups' } });
    const checks = await w.check(off);
    expect(shortly(checks)).toEqual([...entered, `privilege: ${verdict}`]);
    expect(checks.at(-1)?.fault?.code).toBe(verdict === 'fails' ? 'not-allowed' : undefined);
    expect([w.done(), w.fake.state]).toEqual([[], 'on']);
  });

  it('is woken, and is back when SSH answers', async () => {
    const listener = await WakeListener.open();
    closing.push(() => listener.close());
    const w = await windows('windows', {}, { host: { macs: [mac] }, fake: { mac, wake: listener } });
    const step = w.step(off);
    await w.act(step);
    await w.b.prove(step, 60_000);
    w.b.deps.wakeTo = [{ address: '127.255.255.255', port: listener.port }];
    const wake = w.step({ kind: 'wake' });
    await w.act(wake);
    expect((await w.b.prove(wake, 60_000)).last).toEqual({ state: 'done', proof: `answers on port ${w.fake.port}` });
  });
});
