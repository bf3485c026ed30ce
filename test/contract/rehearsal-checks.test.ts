import { afterEach, describe, expect, it } from 'vitest';
import { HostLooks } from '../../electron/targets/checks/host-looks.ts';
import { KindChecks } from '../../electron/targets/checks/kind-checks.ts';
import { SshPool } from '../../electron/targets/ssh/pool.ts';
import { FaultError } from '../../shared/fault.ts';
import type { Host } from '../../shared/inventory.ts';
import { stepSchema } from '../../shared/sequence.ts';
import { noPasswords } from '../fakes/no-ups.ts';
import { closing, entered, esxi, last, linux, mac, nothingWasDone, off, shortly } from './rehearsal-checks-kit.ts';
import { bench, byPassword, hostOf, peer } from './targets-kit.ts';

afterEach(nothingWasDone);

describe('a host that is to be reached', () => {
  it('is ready, with what it took to sign in', async () => {
    const { check } = await linux();
    const checks = await check(off);
    expect(shortly(checks)).toEqual([...entered, 'privilege: ready']);
    expect(checks.map(({ ms }) => typeof ms)).toEqual(['number', 'object', 'number', 'number']);
    expect(checks.every(({ fault }) => fault === null)).toBe(true);
  });

  it('that is off is not reached', async () => {
    const { check, fake } = await linux();
    fake.powerCut();
    expect(await check(off)).toMatchObject([{ what: 'reach', verdict: 'fails', fault: { code: 'unreachable' } }]);
  });

  it('with a key that nobody confirmed gets nothing', async () => {
    const { check, fake } = await linux({}, { hostKeys: [] });
    expect(shortly(await check(off))).toEqual(['reach: ready', 'host-key: fails']);
    expect(fake.ssh.auths).toEqual([]);
  });

  it('with another key gets no credential', async () => {
    const { check, fake } = await linux(
      {},
      {
        hostKeys: [{ type: 'ssh-ed25519', fingerprint: `SHA256:${'A'.repeat(43)}` }],
      },
    );
    const checks = await check(off);
    expect(shortly(checks)).toEqual(['reach: ready', 'host-key: fails']);
    expect(last(checks).fault?.code).toBe('host-key-changed');
    expect(fake.ssh.auths).toEqual([]);
  });

  it('that does not know our key is told by its login', async () => {
    const { check } = await linux({ users: [{ name: 'root', publicKeys: [] }], methods: ['publickey'] });
    const checks = await check(off);
    expect(shortly(checks)).toEqual(['reach: ready', 'host-key: ready', 'login: fails']);
    expect(last(checks).fault?.code).toBe('login-refused');
  });

  it('that lets in and was let in before is signed in to again', async () => {
    const { check, fake } = await linux();
    await check(off);
    fake.ssh.fault = 'denied';
    expect(shortly(await check(off))).toEqual(['reach: ready', 'host-key: ready', 'login: fails']);
  });

  it('that takes the connection and says nothing has 12 s', async () => {
    const { b, check, fake } = await linux();
    fake.ssh.fault = 'mute';
    const began = b.clock.monotonic();
    const checks = await check(off);
    expect(shortly(checks)).toEqual(['reach: ready', 'login: fails']);
    expect(b.clock.monotonic() - began).toBeLessThanOrEqual(15_000);
  });

  it('without a kept credential gets nothing', async () => {
    const { fake, context } = await linux();
    const b = bench();
    const none = new FaultError({ code: 'no-credential', what: 'none is kept', where: 'web', remedy: 'Enter it.' });
    const shell = new SshPool({ for: () => Promise.reject(none) }, b.clock);
    const checks = new KindChecks(new HostLooks({ ...b.deps, shell }), async () => [], noPasswords);
    expect(await b.meanwhile(checks.powerOff(context(off)))).toMatchObject([
      { what: 'reach', verdict: 'ready' },
      { what: 'login', verdict: 'fails', fault: none.fault },
    ]);
    expect(fake.ssh.auths).toEqual([]);
  });

  it('that lets in and runs nothing is told by its login', async () => {
    const answer = { stdout: 'This account is currently not available.\n', stderr: '', code: 1 };
    const fake = await peer(async () => answer);
    closing.push(() => fake.close());
    const b = bench();
    const host = hostOf(fake);
    const step = stepSchema.parse({ id: 'off', target: 'web', ...off });
    const checks = await b.meanwhile(b.table['power-off'].check({ step, host, signal: new AbortController().signal }));
    expect(shortly(checks)).toEqual(['reach: ready', 'host-key: ready', 'login: fails']);
    expect(last(checks).detail).toBe(
      'it lets root in and runs no command for it: This account is currently not available.',
    );
    b.pool.close();
  });

  it('is one of the step’s kind, or the step reaches nothing', async () => {
    const { check } = await linux();
    expect(await check({ kind: 'enter-maintenance' })).toMatchObject([
      { what: 'reach', verdict: 'fails', fault: { code: 'reference-missing' } },
    ]);
  });
});

describe('several steps on one host in one rehearsal', () => {
  it('share one connection, and ask the same thing once', async () => {
    const { b, fake, context } = await linux();
    const { signal } = new AbortController();
    const all = [off, { kind: 'command', command: 'systemctl status' }, { kind: 'wake' }].map((step) =>
      context(step, signal),
    );
    await b.meanwhile(Promise.all(all.map((one) => b.table[one.step.kind].check(one))));
    expect(fake.ssh.auths.length).toBe(1);
    const sent = fake.ssh.log.map(({ text }) => text);
    expect(new Set(sent).size).toBe(sent.length);
  });

  it('try a password once', async () => {
    const { fake, context } = await esxi();
    const wrong = bench(byPassword('wrong'));
    const { signal } = new AbortController();
    for (const kind of ['shut-down-guests', 'enter-maintenance', 'power-off', 'wake', 'exit-maintenance']) {
      const one = context({ kind }, signal);
      await wrong.meanwhile(wrong.table[one.step.kind].check(one));
    }
    wrong.pool.close();
    expect(fake.ssh.auths.map(({ accepted }) => accepted)).toEqual([false]);
  });
});

describe('what has no host', () => {
  it.each([
    { kind: 'wait', seconds: 90 },
    { kind: 'notify', message: 'Going down' },
  ])('is ready: %j', async (step) => {
    const b = bench();
    const parsed = stepSchema.parse({ id: 'the-step', ...step });
    const checks = await b.table[parsed.kind].check({ step: parsed, host: null, signal: new AbortController().signal });
    expect(shortly(checks)).toEqual(['time: ready']);
    expect(b.notices).toEqual([]);
  });
});

it('says what each kind would do', async () => {
  const { b, host } = await linux({}, { sudo: true, macs: [mac] });
  const esxiHost = { ...host, kind: 'esxi' } as Host;
  const would = (step: object, on = host) => {
    const parsed = stepSchema.parse({ id: 'the-step', target: 'web', ...step });
    return b.table[parsed.kind].would(parsed, on);
  };
  expect(would(off)).toBe('sudo -n systemctl poweroff');
  expect(would({ kind: 'wake' })).toBe(`send magic packets for ${mac}`);
  expect(would({ kind: 'command', command: 'docker stop all' })).toBe('docker stop all');
  const enter = 'esxcli system maintenanceMode set -e true -t 60';
  expect(would({ kind: 'enter-maintenance' }, esxiHost)).toBe(`${enter}; of a vSAN member: ${enter} -m noAction`);
  expect(would({ kind: 'exit-maintenance' }, esxiHost)).toBe('esxcli system maintenanceMode set -e false -t 60');
  expect(would({ kind: 'shut-down-guests', force: true, guests: { only: ['dc'] } }, esxiHost)).toBe(
    'vim-cmd vmsvc/power.shutdown for every guest that is on (dc), then power.off for those that have not stopped',
  );
  expect(would(off, esxiHost)).toMatch(/^esxcli system shutdown poweroff -d 10/);
});

it('never sends what is no look, whoever asks', async () => {
  const { b, fake, host, context } = await linux();
  const looks = new HostLooks(b.deps);
  await expect(looks.ask(context(off), host, 'systemctl poweroff')).rejects.toThrow('no command for looking only');
  expect(fake.ssh.log).toEqual([]);
});

it('signs in to nothing any more once it was broken off', async () => {
  const { b, fake, host, context } = await linux();
  const abort = new AbortController();
  const looks = new HostLooks({
    ...b.deps,
    look: async () => {
      abort.abort('A run goes on.');
      return 'open';
    },
  });
  await b.pool.run(host, 'true', { limitMs: 5000, signal: new AbortController().signal });
  expect((await looks.enter(context(off, abort.signal), host)).map(({ what }) => what)).toEqual(['reach']);
  expect([fake.ssh.auths.length, b.pool.stands(host)]).toEqual([1, true]);
});

it('asks a host that stopped answering nothing more', async () => {
  const { b, context } = await linux();
  const sent: string[] = [];
  const gone = new FaultError({ code: 'dead-peer', what: 'no answer', where: 'web', remedy: 'Look.' });
  const shell = Object.assign(Object.create(b.pool) as SshPool, {
    run: async (_: Host, command: string) => {
      sent.push(command);
      if (command !== 'true') throw gone;
      return { stdout: '', stderr: '', code: 0, dropped: false, truncated: false };
    },
    forget: () => undefined,
  });
  const checks = new KindChecks(new HostLooks({ ...b.deps, shell }), async () => [], noPasswords);
  const { signal } = new AbortController();
  expect(last(await checks.powerOff(context(off, signal)))).toMatchObject({ verdict: 'fails', fault: gone.fault });
  expect(last(await checks.command(context({ kind: 'command', command: 'hostname' }, signal))).verdict).toBe('fails');
  expect(sent).toEqual(['true', "command -v 'systemctl'"]);
});
