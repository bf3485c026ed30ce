import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterEach, describe, expect, it } from 'vitest';
import { stepTable } from '../../electron/targets/kinds/table.ts';
import { OffTracker } from '../../electron/targets/off-proof.ts';
import { type Look, lookAt } from '../../electron/targets/reach.ts';
import type { Host } from '../../shared/inventory.ts';
import { LinuxHost, type LinuxHostOptions } from '../fakes/linux-host.ts';
import { type Bench, bench, byKey, clientKey, faultOf, hostOf } from './targets-kit.ts';

const closing: Array<() => unknown> = [];

afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

async function rack(more: Partial<LinuxHostOptions> = {}, inventory: Record<string, unknown> = {}) {
  const b = bench(byKey);
  const users = ['root', 'ups'].map((name) => ({ name, publicKeys: [clientKey.publicKey] }));
  const fake = new LinuxHost({
    name: 'web',
    users,
    after: (ms, call) => b.clock.after(ms, call),
    sudo: ['/usr/bin/systemctl poweroff'],
    ...more,
  });
  await fake.powerOn();
  closing.push(
    () => b.pool.close(),
    () => fake.close(),
  );
  const host = hostOf(fake.ssh, inventory);
  return { b, fake, host, commands: () => fake.ssh.log.map(({ text }) => text) };
}

const powerOff = (b: Bench, host: Host, until: 'silent' | 'port-closed' = 'port-closed') =>
  b.step({ kind: 'power-off', target: 'web', until }, host);

const asUps = { user: 'ups', sudo: true };

describe('the evidence', () => {
  const box = { kind: 'linux', port: 22 } as const;

  it.each([
    [box, 'its SSH port 22'],
    [{ kind: 'esxi', port: 2222 }, 'its SSH port 2222'],
    [{ kind: 'esxi-api', port: 443 }, 'its HTTPS port 443'],
  ] as const)('names what is really looked at: %o', (host, port) => {
    const tracker = new OffTracker('silent', host);
    expect(tracker.add('open', 0, 0).text).toBe(`${port} still answers`);
    expect(tracker.add('closed', 0, 0).text).toBe(`${port} is closed, the host still answers`);
  });

  const proofs = (until: 'silent' | 'port-closed', looks: Look[], everyMs: number): (boolean | null)[] => {
    const tracker = new OffTracker(until, box);
    return looks.map((look, at) => tracker.add(look, at * everyMs, at * everyMs).proven);
  };

  it.each<[string, boolean[]]>([
    ['silent silent silent silent silent', [false, false, false, false, true]],
    ['silent silent closed silent silent', [false, false, false, false, false]],
    ['silent silent open silent silent', [false, false, false, false, false]],
    ['silent silent blind silent silent', [false, false, false, false, false]],
    ['closed closed closed closed closed', [false, false, false, false, false]],
  ])('until silent, every 5 s: %s', (looks, proven) => {
    expect(proofs('silent', looks.split(' ') as Look[], 5000)).toEqual(proven);
  });

  it.each<[string, boolean[]]>([
    ['closed closed closed', [false, false, true]],
    ['closed silent closed', [false, false, true]],
    ['closed open closed closed', [false, false, false, false]],
  ])('until the port is closed, every second: %s', (looks, proven) => {
    expect(proofs('port-closed', looks.split(' ') as Look[], 1000)).toEqual(proven);
  });

  it.each<[string, number[], boolean[]]>([
    ['closed closed', [0, 100], [false, true]],
    ['closed closed', [0, 90], [false, false]],
    ['closed open closed closed', [0, 100, 200, 300], [false, false, false, true]],
    ['open open open', [0, 100, 200], [false, false, false]],
  ])('until the port is closed, when the host ended the session: %s at %s ms', (looks, at, proven) => {
    const tracker = new OffTracker('port-closed', box);
    const all = looks.split(' ') as Look[];
    expect(all.map((look, turn) => tracker.add(look, at[turn] ?? 0, at[turn] ?? 0, true).proven)).toEqual(proven);
  });

  it('takes two looks even when the host ended the session and one takes long', () => {
    expect(new OffTracker('port-closed', box).add('closed', 0, 500, true).proven).toBe(false);
  });

  it('until silent, when the host ended the session: no sooner', () => {
    const tracker = new OffTracker('silent', box);
    const proven = Array.from({ length: 22 }, (_, second) => tracker.add('silent', second * 1000, second * 1000, true));
    expect(proven.findIndex((evidence) => evidence.proven)).toBe(20);
  });

  it('takes four looks however long they take, and time however many they are', () => {
    expect(proofs('silent', ['silent', 'silent', 'silent', 'silent'], 20_000)).toEqual([false, false, false, true]);
    expect(proofs('silent', Array(20).fill('silent'), 1000).indexOf(true)).toBe(-1);
    expect(proofs('silent', Array(22).fill('silent'), 1000).indexOf(true)).toBe(20);
  });

  it('does not join looks of different hours', () => {
    expect(proofs('silent', Array(6).fill('silent'), 61_000)).not.toContain(true);
  });
});

describe('a look at a real port', () => {
  it('sees open and closed', async () => {
    const { fake, host } = await rack();
    expect(await lookAt(host)).toBe('open');
    fake.powerCut();
    expect(await lookAt(host)).toBe('closed');
  });

  it('sees a host that answers nothing', async () => {
    const { port, child } = await deafServer();
    closing.push(() => child.kill('SIGKILL'));
    // The queue of a server that never accepts fills up; from then on the kernel answers nothing.
    const looks: Look[] = [];
    while (looks.at(-1) !== 'silent' && looks.length < 10) looks.push(await lookAt({ address: '127.0.0.1', port }));
    expect(looks.at(-1)).toBe('silent');
  });

  it('does not take an unknown name, or a network without a route, for an answer', async () => {
    expect(await lookAt({ address: 'no-such-host.invalid', port: 22 })).toBe('blind');
    expect(await lookAt({ address: '0.0.0.1', port: 22 })).not.toBe('closed');
  });
});

async function deafServer(): Promise<{ port: number; child: ChildProcess }> {
  const code = `require('node:net').createServer().listen({ port: 0, host: '127.0.0.1', backlog: 1 }, function () {
    require('node:fs').writeSync(1, this.address().port + '\\n');
    for (;;) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
  })`;
  const child = spawn(process.execPath, ['-e', code], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [line] = await once(child.stdout as NodeJS.ReadableStream, 'data');
  return { port: Number(String(line)), child };
}

describe('a Linux host', () => {
  it('goes down and is proven off', async () => {
    const { b, fake, host, commands } = await rack();
    const step = powerOff(b, host);
    expect(await b.actions(step).probe(step)).toEqual({
      state: 'not-done',
      seen: `its SSH port ${host.port} still answers`,
    });
    expect(await b.actions(step).act(step)).toEqual({});
    const { last, tookMs } = await b.prove(step, 60_000);
    expect(last).toEqual({ state: 'done', proof: 'port closed after it ended our session, 2 looks' });
    expect(tookMs).toBeGreaterThanOrEqual(10_000);
    expect(tookMs).toBeLessThan(13_000);
    expect([fake.state, commands()]).toEqual(['off', ['systemctl poweroff']]);
  });

  it.each(['fin', 'rst'] as const)(
    'counts a connection that drops by %s after the command as accepted',
    async (death) => {
      const { b, fake, host } = await rack({ fault: 'hang' });
      const step = powerOff(b, host);
      const acting = b.actions(step).act(step);
      await expect.poll(() => fake.ssh.log.length).toBe(1);
      fake.ssh.powerOff(death);
      await acting;
      expect((await b.prove(step, 10_000)).last.state).toBe('done');
    },
  );

  describe('whose connection is warm', () => {
    /** Counts the looks; each sees the port as `see` says. */
    const watched = (b: Bench, see: Look) => {
      const looks: number[] = [];
      const look = async (): Promise<Look> => {
        looks.push(b.clock.monotonic());
        return see;
      };
      b.table = stepTable({ ...b.deps, look });
      return looks;
    };

    it('gets the act as the first that is said to it, and no look before', async () => {
      const { b, fake, host, commands } = await rack();
      await b.pool.warm(host, new AbortController().signal);
      const looks = watched(b, 'open');
      const step = powerOff(b, host);
      expect(await b.actions(step).probe(step)).toEqual({ state: 'not-done', seen: 'our session with it stands' });
      await b.actions(step).act(step);
      await b.actions(step).probe(step);
      expect([commands(), fake.ssh.auths.length, looks]).toEqual([['systemctl poweroff'], 1, []]);
      await b.clock.advance(1000);
      await b.actions(step).probe(step);
      expect(looks).toEqual([1000]);
    });

    it('hints at a look when it ends, and only then', async () => {
      const { b, fake, host } = await rack({ timeToDieMs: 7000 });
      await b.pool.warm(host, new AbortController().signal);
      const hints: number[] = [];
      const step = powerOff(b, host);
      const stop = b.actions(step).onHint?.(step, () => hints.push(b.clock.monotonic()));
      await b.actions(step).act(step);
      await b.clock.advance(7000);
      await expect.poll(() => hints).toEqual([7000]);
      await b.clock.advance(60_000);
      expect([hints, fake.state]).toEqual([[7000, 7100, 7300], 'off']);
      stop?.();
      expect(b.clock.pending).toBe(0);
    });

    it('is proven down 100 ms after it ended the session and closed its port', async () => {
      const { b, host } = await rack({ timeToDieMs: 7000 });
      await b.pool.warm(host, new AbortController().signal);
      const step = powerOff(b, host);
      await b.actions(step).act(step);
      await b.clock.advance(7000);
      await expect.poll(() => b.pool.stands(host)).toBe(false);
      const probing = b.actions(step).probe(step);
      const real = new Promise((resolve) => setTimeout(resolve, 50));
      await real.then(() => b.clock.advance(99));
      expect(await Promise.race([probing, Promise.resolve('looks on')])).toBe('looks on');
      await b.clock.advance(1);
      expect((await probing).state).toBe('done');
    });

    it('has only ended its session, and answers: not proven, and looked at once a second', async () => {
      const { b, fake, host } = await rack({ fault: 'stuck' });
      const step = powerOff(b, host);
      await b.actions(step).act(step);
      fake.ssh.powerOff('fin');
      await expect.poll(() => b.pool.endedByHost(host).count).toBe(1);
      const looks = watched(b, 'open');
      const again = powerOff(b, host);
      expect((await b.prove(again, 10_000)).last.state).toBe('not-done');
      expect(looks).toHaveLength(11);
    });

    it('has only closed its port, and keeps the session: takes the full 2 s', async () => {
      const { b, host } = await rack({ fault: 'stuck' });
      const step = powerOff(b, host);
      await b.actions(step).act(step);
      b.looks = ['closed'];
      const { last, tookMs } = await b.prove(step, 10_000);
      expect(last).toEqual({ state: 'done', proof: 'port closed for 2 s, 3 looks' });
      expect(tookMs).toBe(3000);
    });

    it('refused the command, and then ended the session: takes the full 2 s', async () => {
      const { b, fake, host } = await rack({ fault: 'refuses' });
      const step = powerOff(b, host);
      expect((await faultOf(b.actions(step).act(step))).code).toBe('command-failed');
      fake.ssh.powerOff('fin');
      await expect.poll(() => b.pool.endedByHost(host).count).toBe(1);
      b.looks = ['closed'];
      expect((await b.prove(step, 10_000)).last).toEqual({ state: 'done', proof: 'port closed for 2 s, 3 looks' });
    });

    it('ended an earlier session, not the one that told it: takes the full 2 s', async () => {
      const { b, fake, host } = await rack({ fault: 'stuck' });
      await b.pool.warm(host, new AbortController().signal);
      fake.ssh.powerOff('fin');
      await fake.ssh.powerOn();
      const step = powerOff(b, host);
      await b.actions(step).act(step);
      expect(fake.ssh.auths).toHaveLength(2);
      b.looks = ['closed'];
      await b.clock.advance(1000);
      expect((await b.prove(step, 10_000)).last).toEqual({ state: 'done', proof: 'port closed for 2 s, 3 looks' });
    });

    it('went silent: its session is no proof either way, and the looks go on', async () => {
      const { b, fake, host } = await rack({ fault: 'stuck' });
      const step = powerOff(b, host, 'silent');
      await b.actions(step).act(step);
      fake.ssh.powerOff('silence');
      b.looks = ['silent'];
      const { last, tookMs } = await b.prove(step, 60_000);
      expect([last.state, tookMs]).toEqual(['done', 21_000]);
      expect(b.pool.endedByHost(host).count).toBe(0);
    });
  });

  it('that is off already cannot be acted on, and is found by looking on', async () => {
    const { b, fake, host } = await rack();
    fake.powerCut();
    const step = powerOff(b, host);
    expect(await b.actions(step).probe(step)).toEqual({ state: 'not-done', seen: 'port closed yet' });
    expect((await faultOf(b.actions(step).act(step))).code).toBe('unreachable');
    expect((await b.prove(step, 10_000)).last.state).toBe('done');
  });

  it('that is silent is off after 20 s, not after one look', async () => {
    const { b, host } = await rack();
    b.looks = ['silent'];
    const { last, tookMs } = await b.prove(powerOff(b, host, 'silent'), 60_000);
    expect([last, tookMs]).toEqual([{ state: 'done', proof: 'no answer for 20 s, 21 looks' }, 20_000]);
  });

  it('that comes back on the way starts the proof over', async () => {
    const { b, host } = await rack();
    b.looks = [...Array<Look>(15).fill('silent'), 'open', 'silent'];
    expect((await b.prove(powerOff(b, host, 'silent'), 60_000)).tookMs).toBe(36_000);
  });

  it('is not off because this computer has no network', async () => {
    const { b, host } = await rack();
    b.looks = ['blind'];
    const { last } = await b.prove(powerOff(b, host, 'silent'), 60_000);
    expect(last).toMatchObject({ state: 'unknown', fault: { code: 'unreachable' } });
  });

  it('that lies is never proven off', async () => {
    const { b, fake, host } = await rack({ fault: 'stuck' });
    const step = powerOff(b, host);
    await b.actions(step).act(step);
    expect((await b.prove(step, 30_000)).last).toEqual({
      state: 'not-done',
      seen: `its SSH port ${host.port} still answers`,
    });
    expect(fake.state).toBe('on');
  });

  it('uses sudo when told so, and does not double it', async () => {
    for (const powerOffCommand of ['systemctl poweroff', 'sudo -n systemctl poweroff']) {
      const { b, host, commands } = await rack({}, { ...asUps, powerOffCommand });
      const step = powerOff(b, host);
      await b.actions(step).act(step);
      expect(commands()).toEqual(['sudo -n systemctl poweroff']);
    }
  });

  it('that has no sudo rule: not allowed, with the rule to add', async () => {
    const { b, host, commands } = await rack({ fault: 'no-sudo' }, asUps);
    const step = powerOff(b, host);
    expect(await faultOf(b.actions(step).act(step))).toMatchObject({
      code: 'not-allowed',
      remedy: expect.stringContaining('ups ALL=(root) NOPASSWD: systemctl poweroff'),
    });
    expect(commands()).toEqual(['sudo -n systemctl poweroff', 'sudo -n -l systemctl poweroff']);
  });

  it('that may, and whose command fails: its exit code and what it said', async () => {
    const { b, host } = await rack({ fault: 'refuses' }, asUps);
    const step = powerOff(b, host);
    const fault = await faultOf(b.actions(step).act(step));
    expect(fault.code).toBe('command-failed');
    expect(fault.what).toMatch(/exit code 1: .*Access denied/s);
  });

  it('is never asked about a command that a shell would act on', async () => {
    const { b, host, commands } = await rack(
      { fault: 'no-sudo' },
      { ...asUps, powerOffCommand: 'systemctl poweroff; false' },
    );
    const step = powerOff(b, host);
    expect((await faultOf(b.actions(step).act(step))).code).toBe('command-failed');
    expect(commands()).toEqual(['sudo -n systemctl poweroff; false']);
  });

  it('that does not know the command: says that PATH is short', async () => {
    const { b, host } = await rack({}, { powerOffCommand: 'synoshutdown -s' });
    const step = powerOff(b, host);
    expect(await faultOf(b.actions(step).act(step))).toMatchObject({
      remedy: expect.stringContaining('absolute path'),
    });
  });
});
