import { afterEach, describe, expect, it } from 'vitest';
import { isHarmless } from '../../electron/targets/checks/harmless.ts';
import type { Host } from '../../shared/inventory.ts';
import type { HostKind } from '../../shared/platforms.ts';
import type { Check } from '../../shared/rehearsal.ts';
import type { After } from '../fakes/after.ts';
import type { MachineKind } from '../fakes/machine/kinds.ts';
import { type MachineFault, ScriptedMachine } from '../fakes/machine/machine.ts';
import { newSshKey } from '../fakes/ssh-keys.ts';
import { type Bench, bench, byKey, clientKey, faultOf, inventoryHost } from './targets-kit.ts';

export interface PlatformCase {
  kind: HostKind;
  /** Tells several cases of one kind apart. */
  title?: string;
  /** A new one, on the clock of its test. */
  machine(after: After): MachineKind;
  /** What the inventory has to say of such a host. */
  host?: Record<string, unknown>;
  powerOff: {
    /** What is sent to power it off, by root. */
    sent: readonly string[];
    /** What then runs as root there, as in `/sbin/shutdown -p now`. */
    ran: string;
    /** By a user who is not root; absent: only root can. `rule` is what sudo allows, `remedy` in the text that asks for it. */
    bySudo?: { sent: readonly string[]; rule: string; remedy: string };
  };
  /** It prints `mac`, so that waking it can be rehearsed. */
  tellsMacs: boolean;
}

/** What visudo is to be told so that `ups` may run a command. */
export const byVisudo = (command: string): string => `visudo and add: ups ALL=(root) NOPASSWD: ${command} (`;

/** The MAC address that a case's machine is to print. */
export const mac = '02:00:00:00:00:07';

const closing: Array<() => unknown> = [];

/** What of a case makes a machine. */
export type UnderTest = Pick<PlatformCase, 'kind' | 'machine' | 'host'>;

interface Given {
  fault?: MachineFault;
  /** The rules of its sudo. */
  sudo?: readonly string[];
  publicKey?: string;
  /** A program that is not there. */
  without?: string;
  host?: Record<string, unknown>;
  /** Hosts of the inventory besides it. */
  others?: readonly Host[];
  /** The computer that Glidepath runs on. */
  own?: Host;
}

export async function up({ kind, machine: made, host: inventory }: UnderTest, given: Given = {}) {
  const b = bench(byKey, {
    hosts: (id) => given.others?.find((one) => one.id === id) ?? null,
    own: () => given.own ?? null,
  });
  const after: After = (ms, call) => b.clock.after(ms, call);
  const { sudoAt, programs, ...options } = made(after);
  const { publicKey = clientKey.publicKey, sudo = [] } = given;
  const machine = new ScriptedMachine({
    ...options,
    name: 'box',
    users: ['root', 'ups'].map((name) => ({ name, publicKeys: [publicKey] })),
    after,
    programs: Object.fromEntries(Object.entries(programs).filter(([path]) => path !== given.without)),
    sudo: { rules: sudo, ...(sudoAt !== undefined && { at: sudoAt }) },
  });
  closing.push(
    () => b.pool.close(),
    () => machine.close(),
  );
  await machine.powerOn();
  machine.fault = given.fault ?? 'none';
  const { address, port } = machine;
  const { fingerprint } = machine.ssh.root.hostKey;
  const host = inventoryHost(
    { address, port, fingerprint },
    { id: 'box', name: 'box', kind, ...inventory, ...given.host },
  );
  const step = (until: 'silent' | 'port-closed' = 'port-closed') =>
    b.step({ kind: 'power-off', target: 'box', until }, host);
  const check = (rehearsed: object = { kind: 'power-off' }): Promise<Check[]> => {
    const context = b.step({ target: 'box', ...rehearsed }, host);
    // The clock stands: what has its time by it is a sign-in, which takes a busy computer longer.
    return b.table[context.step.kind].check(context);
  };
  return { b, machine, host, step, check, sent: () => machine.sent.map(({ text }) => text) };
}

export type Up = Awaited<ReturnType<typeof up>>;

const act = (b: Bench, context: ReturnType<Up['step']>) => b.actions(context).act(context);

export const shortly = (checks: readonly Check[]): string[] => checks.map(({ what, verdict }) => `${what}: ${verdict}`);

export const entered = ['reach: ready', 'host-key: ready', 'login: ready'];

/** Nothing but looks has reached it, and nothing has happened to it. */
export function onlyLooked({ machine, sent }: Pick<Up, 'machine' | 'sent'>): void {
  expect(sent().filter((text) => !isHarmless(text))).toEqual([]);
  expect(machine.state).toBe('on');
}

/** Tests in which each opens machines. */
export function describeMachines(title: string, tests: () => void): void {
  // Real processes take a busy computer longer than the usual 5 s.
  describe.skipIf(process.getuid?.() !== 0)(title, { timeout: 30_000 }, () => {
    afterEach(async () => {
      for (const close of closing.splice(0)) await close();
    });
    tests();
  });
}

/** What is true of every platform that is spoken to over SSH. Needs root. */
export function platformSuite(one: PlatformCase): void {
  describeMachines(one.title ?? one.kind, () => {
    powerOffSuite(one);
    rehearsalSuite(one);
  });
}

function powerOffSuite(one: PlatformCase): void {
  const { powerOff } = one;
  const { bySudo } = powerOff;
  const asUps = { user: 'ups', sudo: true };

  it('goes down, by its own command, and is proven off', async () => {
    const { b, machine, step, sent } = await up(one);
    const context = step();
    expect((await b.actions(context).probe(context)).state).toBe('not-done');
    await act(b, context);
    expect(sent()).toEqual(powerOff.sent);
    expect(machine.ranAsRoot.at(-1)).toBe(powerOff.ran);
    expect(machine.state).toBe('dying');
    const { last, tookMs } = await b.prove(context, 60_000);
    expect(last).toEqual({ state: 'done', proof: 'port closed after it ended our session, 2 looks' });
    expect(tookMs).toBeGreaterThanOrEqual(9000);
    expect(machine.state).toBe('off');
  });

  if (bySudo)
    it('goes down by a user whom sudo lets', async () => {
      const { b, machine, step, sent } = await up(one, { sudo: [bySudo.rule], host: asUps });
      await act(b, step());
      expect(sent()).toEqual(bySudo.sent);
      expect(machine.ranAsRoot).toEqual([powerOff.ran]);
      expect(machine.state).toBe('dying');
    });

  it('that is off already is found to be off', async () => {
    const { b, machine, step, sent } = await up(one);
    machine.powerCut();
    const context = step();
    expect(await b.actions(context).probe(context)).toEqual({ state: 'not-done', seen: 'port closed yet' });
    expect((await faultOf(act(b, context))).code).toBe('unreachable');
    expect((await b.prove(context, 10_000)).last.state).toBe('done');
    expect(sent()).toEqual([]);
  });

  it('that refuses is told with its exit code, and is never proven off', async () => {
    const { b, machine, step } = await up(one, { fault: 'refuses' });
    const context = step();
    const fault = await faultOf(act(b, context));
    expect([fault.code, fault.what]).toEqual(['command-failed', expect.stringMatching(/exit code [1-9]/)]);
    expect((await b.prove(context, 20_000)).last.state).toBe('not-done');
    expect(machine.state).toBe('on');
  });

  it('that hangs holds the step up to its limit, and is never proven off', async () => {
    const { b, machine, step } = await up(one, { fault: 'hangs' });
    const context = step();
    const acting = faultOf(act(b, context));
    await expect.poll(() => machine.ranAsRoot.at(-1)).toBe(powerOff.ran);
    context.abort();
    expect((await acting).code).toBe('limit-reached');
    expect((await b.prove(step(), 20_000)).last.state).toBe('not-done');
  });

  it.each(['fin', 'rst'] as const)('that is gone by %s once it took the command has taken it', async (fault) => {
    const { b, machine, step } = await up(one, { fault });
    const context = step();
    await act(b, context);
    expect(machine.ranAsRoot.at(-1)).toBe(powerOff.ran);
    expect((await b.prove(context, 10_000)).last.state).toBe('done');
  });

  it('that falls silent once it took the command is proven off by its silence', async () => {
    const { b, machine, step } = await up(one, { fault: 'silence' });
    const context = step('silent');
    const acting = faultOf(act(b, context));
    await expect.poll(() => machine.state).toBe('off');
    context.abort();
    expect((await acting).code).toBe('limit-reached');
    // Nothing drops packets on loopback. The session that nobody ended stands until it has rested for a minute.
    b.looks = ['silent'];
    expect((await b.prove(step('silent'), 120_000)).last).toEqual({
      state: 'done',
      proof: 'no answer for 20 s, 21 looks',
    });
  });

  it('that lies is never proven off', async () => {
    const { b, machine, step } = await up(one, { fault: 'lies' });
    const context = step();
    await act(b, context);
    expect((await b.prove(context, 30_000)).last.state).toBe('not-done');
    expect(machine.state).toBe('on');
  });

  if (bySudo)
    it('without a rule for sudo: not allowed, with the rule to add', async () => {
      const { b, machine, step } = await up(one, { host: asUps });
      const fault = await faultOf(act(b, step()));
      expect(fault).toMatchObject({ code: 'not-allowed', remedy: expect.stringContaining(bySudo.remedy) });
      expect([machine.ranAsRoot, machine.state]).toEqual([[], 'on']);
    });

  it('by a user without the right: what it says', async () => {
    const { b, machine, step } = await up(one, { host: { user: 'ups' } });
    expect((await faultOf(act(b, step()))).code).toBe('command-failed');
    expect([machine.ranAsRoot, machine.state]).toEqual([[], 'on']);
  });

  it('that knows another key than ours lets nobody in', async () => {
    const { b, machine, step, sent } = await up(one, { publicKey: newSshKey().publicKey });
    expect((await faultOf(act(b, step()))).code).toBe('login-refused');
    expect([sent(), machine.state]).toEqual([[], 'on']);
  });

  it('with another host key than the confirmed one gets nothing', async () => {
    const { b, step, sent } = await changed(one);
    expect((await faultOf(act(b, step()))).code).toBe('host-key-changed');
    expect(sent()).toEqual([]);
  });
}

/** It was installed anew. */
export async function changed(one: UnderTest): Promise<Up> {
  const made = await up(one);
  made.machine.powerCut();
  made.machine.ssh.root.renewHostKey();
  await made.machine.powerOn();
  return made;
}

/** What its rehearsal says of its guests, if it has some, is for the tests of the platform itself. */
const withoutGuests = async ({ check }: Up): Promise<Check[]> =>
  (await check()).filter(({ what }) => what !== 'guests');

function rehearsalSuite(one: PlatformCase): void {
  const { ran, bySudo } = one.powerOff;
  const asUps = { user: 'ups', sudo: true };

  it('is ready in a rehearsal that only looks', async () => {
    const made = await up(one);
    expect(shortly(await withoutGuests(made))).toEqual([...entered, 'privilege: ready']);
    onlyLooked(made);
  });

  if (bySudo)
    it('is ready in a rehearsal by a user whom sudo lets', async () => {
      const made = await up(one, { sudo: [bySudo.rule], host: asUps });
      expect(shortly(await withoutGuests(made))).toEqual([...entered, 'privilege: ready']);
      onlyLooked(made);
    });

  if (bySudo)
    it('without a rule for sudo fails in a rehearsal, with the rule to add', async () => {
      const made = await up(one, { host: asUps });
      const checks = await withoutGuests(made);
      expect(shortly(checks)).toEqual([...entered, 'privilege: fails']);
      const fault = checks.at(-1)?.fault;
      expect(fault).toMatchObject({ code: 'not-allowed', remedy: expect.stringContaining(bySudo.remedy) });
      onlyLooked(made);
    });

  it('without the program fails in a rehearsal', async () => {
    const made = await up(one, { without: ran.split(' ')[0] ?? '' });
    const checks = await withoutGuests(made);
    expect(shortly(checks)).toEqual([...entered, 'privilege: fails']);
    expect(checks.at(-1)?.fault?.code).toBe('command-failed');
    onlyLooked(made);
  });

  it('by a user who is not root cannot be told in a rehearsal', async () => {
    const made = await up(one, { host: { user: 'ups' } });
    expect(shortly(await withoutGuests(made))).toEqual([...entered, 'privilege: cannot-check']);
    onlyLooked(made);
  });

  it('that is off, has another key, or knows another of ours is told so', async () => {
    const off = await up(one);
    off.machine.powerCut();
    expect(shortly(await off.check())).toEqual(['reach: fails']);
    expect(shortly(await (await changed(one)).check())).toEqual(['reach: ready', 'host-key: fails']);
    const strange = await up(one, { publicKey: newSshKey().publicKey });
    expect(shortly(await strange.check())).toEqual(['reach: ready', 'host-key: ready', 'login: fails']);
  });

  if (one.tellsMacs)
    it('tells its MAC addresses', async () => {
      const right = await up(one, { host: { macs: [mac] } });
      expect(shortly(await right.check({ kind: 'wake' }))).toEqual(['reach: ready', 'mac: ready']);
      onlyLooked(right);
      const wrong = await up(one, { host: { macs: ['02:00:00:00:00:08'] } });
      const checks = await wrong.check({ kind: 'wake' });
      expect(checks.at(-1)).toMatchObject({ verdict: 'fails', fault: { code: 'no-mac' } });
      expect(checks.at(-1)?.detail).toContain(mac);
    });
}
