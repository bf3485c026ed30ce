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

it('a host that takes no second command at once is asked over a second connection; the first goes on', async () => {
  fake.mostSessions = 1;
  let end: (done: Result) => void = () => undefined;
  answer = () => new Promise((resolve) => (end = resolve));
  const first = run('first');
  await sent();
  answer = async () => result('second');
  expect((await run('second')).stdout).toBe('second');
  end(result('first'));
  expect(await first).toMatchObject({ stdout: 'first', dropped: false });
  expect(fake.auths).toHaveLength(2);
  b.pool.close();
  expect(b.clock.pending).toBe(0);
});

describe('forgetting a connection', () => {
  it('makes the next one sign in anew', async () => {
    await run();
    b.pool.forget(host);
    await run();
    expect(fake.auths).toHaveLength(2);
  });

  it('cuts off no command, and takes away nothing that is kept warm', async () => {
    let end: (done: Result) => void = () => undefined;
    answer = () => new Promise((resolve) => (end = resolve));
    const running = run('a command of a run');
    await sent();
    b.pool.forget(host);
    end(result('done'));
    expect(await running).toMatchObject({ stdout: 'done', dropped: false });
    await b.pool.warm(host, never);
    b.pool.forget(host);
    expect([b.pool.stands(host), fake.auths.length]).toEqual([true, 1]);
  });
});

describe('a connection that is warmed', () => {
  let lost: string[];

  beforeEach(() => {
    lost = [];
    b.pool.onLost((hostId) => lost.push(hostId));
  });

  it('is signed in before it is needed, and stays open while nobody uses it', async () => {
    await b.pool.warm(host, never);
    expect([fake.auths.length, fake.log.length, b.pool.stands(host)]).toEqual([1, 0, true]);
    await run();
    await b.clock.advance(3_600_000);
    await run();
    expect([fake.auths.length, lost]).toEqual([1, []]);
  });

  it('is closed a minute after it was released, and that is no loss', async () => {
    await b.pool.warm(host, never);
    b.pool.release();
    await b.clock.advance(59_000);
    expect(b.pool.stands(host)).toBe(true);
    await b.clock.advance(1000);
    await expect.poll(() => b.pool.stands(host)).toBe(false);
    expect([lost, b.clock.pending]).toEqual([[], 0]);
  });

  it.each<Death>(['fin', 'rst'])('tells when it is lost (%s), and can be warmed again', async (death) => {
    await b.pool.warm(host, never);
    fake.powerOff(death);
    await expect.poll(() => lost).toEqual(['web']);
    expect((await faultOf(b.pool.warm(host, never))).code).toBe('unreachable');
    await fake.powerOn();
    await b.pool.warm(host, never);
    expect([fake.auths.length, lost]).toEqual([2, ['web']]);
  });

  it('lets a wrong password be tried once, however often it is warmed', async () => {
    const other = bench(byPassword('wrong'));
    for (let time = 0; time < 3; time += 1) {
      expect((await faultOf(other.pool.warm(host, never))).code).toBe('login-refused');
    }
    expect((await faultOf(other.pool.run(host, 'x', { limitMs: 1000, signal: never }))).code).toBe('login-refused');
    expect(fake.auths).toHaveLength(1);
  });

  it('is not made to a host that shows another key', async () => {
    const other = { ...host, hostKeys: [{ type: 'ssh-ed25519', fingerprint: `SHA256:${'A'.repeat(43)}` }] };
    expect((await faultOf(b.pool.warm(other, never))).code).toBe('host-key-changed');
    expect(fake.auths).toEqual([]);
  });

  it('is let go when the host is edited', async () => {
    await b.pool.warm(host, never);
    await b.pool.warm({ ...host, name: 'edited' }, never);
    await b.clock.advance(60_000);
    await expect.poll(() => b.pool.stands(host)).toBe(false);
    expect([b.pool.stands({ ...host, name: 'edited' }), lost]).toEqual([true, []]);
  });

  it('is given up while it is made, without a loss', async () => {
    fake.fault = 'mute';
    const abort = new AbortController();
    const warming = faultOf(b.pool.warm(host, abort.signal));
    abort.abort();
    expect((await warming).code).toBe('unreachable');
    expect([lost, b.clock.pending]).toEqual([[], 0]);
  });

  it('is given up for itself only: a command that waits for it goes on', async () => {
    const abort = new AbortController();
    const warming = b.pool.warm(host, abort.signal);
    const running = run();
    abort.abort();
    expect((await running).code).toBe(3);
    await warming;
  });
});

describe('how a connection ends', () => {
  it.each<Death>(['fin', 'rst'])('%s: by the host', async (death) => {
    await run();
    await b.clock.advance(5000);
    let told = 0;
    const stop = b.pool.onEndedByHost(host, () => (told += 1));
    fake.powerOff(death);
    await expect.poll(() => told).toBe(1);
    expect([b.pool.endedByHost(host), b.pool.stands(host)]).toEqual([{ count: 1, at: 5000 }, false]);
    stop();
  });

  it.each<[string, () => unknown]>([
    ['an idle connection that we close', () => b.clock.advance(60_000)],
    ['one that we drop', () => b.pool.forget(host)],
    ['a command without an end, for which we destroy it', () => faultOf(run('x', 50))],
  ])('%s: not by the host', async (_, end) => {
    await run();
    answer = hang;
    await end();
    await expect.poll(() => b.pool.stands(host)).toBe(false);
    expect(b.pool.endedByHost(host).count).toBe(0);
  });

  it('one that was left takes no command, is no loss, and still tells of its end', async () => {
    const lost: string[] = [];
    b.pool.onLost((hostId) => lost.push(hostId));
    await b.pool.warm(host, never);
    b.pool.leave(host);
    expect(b.pool.stands(host)).toBe(true);
    await run();
    expect(fake.auths).toHaveLength(2);
    await b.clock.advance(14 * 60_000);
    fake.powerOff('fin');
    await expect.poll(() => b.pool.endedByHost(host).count).toBe(1);
    expect([lost, b.clock.pending]).toEqual([[], 0]);
  });

  it('one that was left is closed after a quarter of an hour', async () => {
    await run();
    b.pool.leave(host);
    await b.clock.advance(15 * 60_000);
    await expect.poll(() => b.pool.stands(host)).toBe(false);
    expect([b.pool.endedByHost(host).count, b.clock.pending]).toEqual([0, 0]);
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

  it('a command without an end cuts no other that goes on over the same connection', async () => {
    let finish = (): void => undefined;
    answer = (command) =>
      command === 'slow'
        ? new Promise((resolve) => {
            finish = () => resolve(result('whole'));
          })
        : hang();
    const slow = run('slow');
    await sent();
    expect((await faultOf(run('hung', 200))).code).toBe('dead-peer');
    finish();
    expect(await slow).toMatchObject({ stdout: 'whole', dropped: false });
    // What comes next does not trust that connection any more.
    answer = async () => result('next');
    expect((await run()).stdout).toBe('next');
    expect(fake.auths).toHaveLength(2);
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
