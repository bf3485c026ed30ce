import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SshPool } from '../../electron/targets/ssh/pool.ts';
import type { Host } from '../../shared/inventory.ts';
import { type Result, result } from '../fakes/posix-shell.ts';
import type { Death, SshHost } from '../fakes/ssh-host.ts';
import { type Bench, bench, byPassword, faultOf, hostOf, peer } from './targets-kit.ts';

let b: Bench;
let fake: SshHost;
let host: Host;
let answer: (command: string) => Promise<Result>;

beforeEach(async () => {
  b = bench();
  answer = async () => result('out\n', 3, 'err\n');
  fake = await peer((command) => answer(command));
  host = hostOf(fake);
});

afterEach(() => {
  b.pool.close();
  fake.close();
});

const never = new AbortController().signal;
const run = (command = 'x', limitMs = 10_000, signal = never) => b.pool.run(host, command, { limitMs, signal });
const hang = () => new Promise<never>(() => undefined);
const sent = () => expect.poll(() => fake.log.length).toBeGreaterThan(0);

it('gives stdout, stderr and the exit code', async () => {
  expect(await run('do it')).toEqual({ stdout: 'out\n', stderr: 'err\n', code: 3, dropped: false, truncated: false });
  expect(fake.log.map(({ text }) => text)).toEqual(['do it']);
});

it('keeps 1 MiB of an output without end, and reads the rest away', async () => {
  answer = async () => result('x'.repeat(3 * 1024 * 1024));
  const { stdout, truncated, code } = await run();
  expect([stdout.length, truncated, code]).toEqual([1024 * 1024, true, 0]);
});

it('keeps characters whole that arrive in pieces', async () => {
  answer = async () => result('ü€😀'.repeat(40_000));
  expect((await run()).stdout).toBe('ü€😀'.repeat(40_000));
});

describe('one connection per host', () => {
  it('is used by many commands, also at the same time', async () => {
    await Promise.all([run(), run(), run(), run()]);
    await run();
    expect([fake.auths.length, fake.log.length]).toEqual([1, 5]);
  });

  it('is closed after a minute without use, not before, and made again', async () => {
    await run();
    await b.clock.advance(59_000);
    await run();
    await b.clock.advance(59_000);
    await run();
    expect(fake.auths).toHaveLength(1);
    await b.clock.advance(60_000);
    await run();
    expect(fake.auths).toHaveLength(2);
  });

  it('is made again when the host was away meanwhile', async () => {
    await run();
    fake.powerOff('fin');
    await fake.powerOn();
    await expect.poll(() => run().then((done) => done.code)).toBe(3);
    expect(fake.auths).toHaveLength(2);
  });

  it('is not used for a host that was edited', async () => {
    await run();
    await b.pool.run({ ...host, hostKeys: [] }, 'x', { limitMs: 1000, signal: never }).catch(() => undefined);
    expect([fake.auths.length, fake.log.length]).toEqual([1, 1]);
    expect((await faultOf(b.pool.run({ ...host, hostKeys: [] }, 'x', { limitMs: 1000, signal: never }))).code).toBe(
      'host-key-unknown',
    );
  });

  it('leaves no timer behind when it is closed', async () => {
    await run();
    b.pool.close();
    expect(b.clock.pending).toBe(0);
  });
});

describe('a password that was refused', () => {
  const attempt = (other: Bench) => faultOf(other.pool.run(host, 'x', { limitMs: 1000, signal: never }));

  it('is not tried again, neither at the same time nor later, by whatever step', async () => {
    const other = bench(byPassword('wrong'));
    const faults = await Promise.all([1, 2, 3].map(() => attempt(other)));
    faults.push(await attempt(other), await attempt(other));
    const step = other.step({ kind: 'power-off', target: 'web' }, host);
    faults.push(await faultOf(other.actions(step).act(step)));
    expect(faults.map(({ code }) => code)).toEqual(Array(6).fill('login-refused'));
    expect(fake.auths).toHaveLength(1);
  });

  it('may be tried again after a quarter of an hour, however often it was asked for meanwhile', async () => {
    const other = bench(byPassword('wrong'));
    for (let minute = 0; minute < 15; minute += 1) {
      await attempt(other);
      await other.clock.advance(60_000);
    }
    expect(fake.auths).toHaveLength(1);
    await attempt(other);
    expect(fake.auths).toHaveLength(2);
  });

  it('does not stand in the way of another one', async () => {
    let password = 'wrong';
    const pool = new SshPool({ for: async () => byPassword(password) }, b.clock);
    expect((await faultOf(pool.run(host, 'x', { limitMs: 1000, signal: never }))).code).toBe('login-refused');
    password = 'right';
    expect((await pool.run(host, 'x', { limitMs: 1000, signal: never })).code).toBe(3);
    pool.close();
  });
});

describe('a host that dies while a command runs', () => {
  it.each<Death>(['fin', 'rst'])('%s: the command counts as sent and dropped', async (death) => {
    answer = hang;
    let taken = 0;
    const running = b.pool.run(host, 'poweroff', { limitMs: 10_000, signal: never, onSent: () => (taken += 1) });
    await expect.poll(() => taken).toBe(1);
    fake.powerOff(death);
    expect(await running).toEqual({ stdout: '', stderr: '', code: null, dropped: true, truncated: false });
  });

  it('silence: the command has its own time, and the connection is destroyed', async () => {
    answer = hang;
    const running = faultOf(run('poweroff', 300));
    await sent();
    fake.powerOff('silence');
    expect(await running).toMatchObject({ code: 'dead-peer', what: 'the command has not ended within 0.3 s' });
    expect((await faultOf(run())).code).toBe('unreachable');
  });

  it('a connection that died in silence before the command: not sent, and told apart', async () => {
    await run();
    fake.powerOff('silence');
    let taken = 0;
    const fault = await faultOf(b.pool.run(host, 'x', { limitMs: 200, signal: never, onSent: () => (taken += 1) }));
    expect([fault.code, fake.log.length]).toEqual(['dead-peer', 1]);
    // Nobody can know: a request may have arrived.
    expect(taken).toBe(1);
  });
});

it('stops waiting when told so and keeps the connection', async () => {
  answer = hang;
  const abort = new AbortController();
  const running = faultOf(run('long', 10_000, abort.signal));
  await sent();
  abort.abort();
  expect((await running).code).toBe('limit-reached');
  answer = async () => result('again');
  expect((await run()).stdout).toBe('again');
  expect(fake.auths).toHaveLength(1);
});

it('sends nothing for a step that was over before the connection stood', async () => {
  let taken = 0;
  const abort = new AbortController();
  const running = faultOf(
    b.pool.run(host, 'late', { limitMs: 10_000, signal: abort.signal, onSent: () => (taken += 1) }),
  );
  abort.abort();
  expect((await running).code).toBe('limit-reached');
  expect([fake.auths.length, fake.log.length, taken]).toEqual([1, 0, 0]);
});
