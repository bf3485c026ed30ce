import { afterEach, describe, expect, it } from 'vitest';
import { HostLooks } from '../../electron/targets/checks/host-looks.ts';
import { KindChecks } from '../../electron/targets/checks/kind-checks.ts';
import { esxiVm } from '../fakes/esxi/shell.ts';
import { noPasswords } from '../fakes/no-ups.ts';
import { entered, esxi, last, linux, mac, nothingWasDone, off, shortly } from './rehearsal-checks-kit.ts';

afterEach(nothingWasDone);

describe('powering a Linux host off', () => {
  const asUps = { user: 'ups', sudo: true };

  it.each([
    ['root', {}, {}, 'ready', /\/usr\/bin\/systemctl is there/],
    ['root, by a command that is not there', { powerOffCommand: '/opt/off' }, {}, 'fails', /\/opt\/off is not there/],
    ['a user with the right', asUps, {}, 'ready', /sudo lets ups run \/usr\/bin\/systemctl poweroff/],
    ['a user without', asUps, { fault: 'no-sudo' }, 'fails', /sudo does not let ups run systemctl poweroff/],
    ['a user with another right', asUps, { sudo: ['/usr/bin/id'] }, 'fails', /does not let ups/],
    ['a user and no sudo', { user: 'ups' }, {}, 'cannot-check', /not root and sudo is not used/],
    ['a line for a shell', { ...asUps, powerOffCommand: 'sync; systemctl poweroff' }, {}, 'cannot-check', /plain/],
  ] as const)('as %s', async (_, inventory, more, verdict, detail) => {
    const { check } = await linux(more, inventory);
    const checks = await check(off);
    expect(shortly(checks)).toEqual([...entered, `privilege: ${verdict}`]);
    expect(last(checks).detail).toMatch(detail);
  });

  it('is not judged by a shell that does not know the question', async () => {
    const answer = { stdout: '', stderr: 'command: Command not found.\n', code: 1 };
    const { check } = await linux({ commands: { command: () => answer } });
    expect(shortly(await check(off))).toEqual([...entered, 'privilege: cannot-check']);
  });

  it('is not kept from it by what a start-up file prints', async () => {
    const answer = { stdout: 'Welcome!\n0\n', stderr: '', code: 0 };
    const { check } = await linux({ commands: { id: () => answer } });
    expect(shortly(await check(off))).toEqual([...entered, 'privilege: ready']);
  });

  it('says how the right is given', async () => {
    const { check } = await linux({ fault: 'no-sudo' }, asUps);
    expect(last(await check(off)).fault).toMatchObject({
      code: 'not-allowed',
      remedy: 'On the host, run visudo and add: ups ALL=(root) NOPASSWD: systemctl poweroff (with its absolute path)',
    });
  });
});

describe('the user’s own command', () => {
  it.each([
    ['hostname', 'ready'],
    ['no-such-thing --now', 'fails'],
    ['systemctl poweroff', 'ready'],
    ['sudo -n systemctl poweroff', 'ready'],
    ['sudo -n systemctl reboot', 'fails'],
    ['sudo -n -E systemctl poweroff', 'cannot-check'],
    ['A=1 hostname', 'cannot-check'],
    ['hostname && systemctl poweroff', 'cannot-check'],
  ])('%s', async (command, verdict) => {
    const { check } = await linux({}, { user: 'ups' });
    expect(shortly(await check({ kind: 'command', command }))).toEqual([...entered, `privilege: ${verdict}`]);
  });
});

describe('an ESXi host', () => {
  const three = [esxiVm(1, 'dc'), esxiVm(2, 'db', { tools: 'notRunning' }), esxiVm(3, 'old', { power: 'off' })];

  it('is ready for all of its steps, and untouched', async () => {
    const { check, fake } = await esxi({ vms: [esxiVm(1, 'dc'), esxiVm(3, 'old', { power: 'off' })] }, { macs: [mac] });
    const maintenance = [...entered, 'privilege: ready'];
    expect(shortly(await check({ kind: 'enter-maintenance' }))).toEqual(maintenance);
    expect(shortly(await check({ kind: 'exit-maintenance' }))).toEqual(maintenance);
    expect(shortly(await check(off))).toEqual([...entered, 'privilege: ready', 'guests: ready']);
    expect(shortly(await check({ kind: 'start-guests' }))).toEqual([...entered, 'privilege: ready', 'guests: ready']);
    expect(shortly(await check({ kind: 'wake' }))).toEqual(['reach: ready', 'mac: ready']);
    expect(last(await check({ kind: 'enter-maintenance' })).detail).toBe('signed in as root; maintenance mode is off');
    const guests = await check({ kind: 'shut-down-guests' });
    expect(shortly(guests)).toEqual([...entered, 'privilege: ready', 'guests: ready', 'tools: ready']);
    expect(guests.find(({ what }) => what === 'guests')?.detail).toBe('1 guest on: dc');
    expect(fake.esxi.state).toMatchObject({ maintenance: 'off', vms: [{ power: 'on' }, { power: 'off' }] });
  });

  it('names the guests without Tools', async () => {
    const { check } = await esxi({ vms: three });
    const checks = await check({ kind: 'shut-down-guests' });
    expect(last(checks)).toMatchObject({ what: 'tools', verdict: 'fails', fault: { code: 'command-failed' } });
    expect(last(checks).detail).toBe('VMware Tools does not run in db: it cannot be asked to shut down');
    const forcing = await check({ kind: 'shut-down-guests', force: true });
    expect(last(forcing)).toMatchObject({ what: 'tools', verdict: 'cannot-check', fault: null });
    expect(last(forcing).detail).toMatch(/powered off hard: db$/);
    const others = await check({ kind: 'shut-down-guests', guests: { except: ['db'] } });
    expect(last(others)).toMatchObject({ what: 'tools', verdict: 'ready', detail: 'VMware Tools runs in 1 guest' });
  });

  it('tells of names that no guest has, unless other hosts have them', async () => {
    const { check } = await esxi({ vms: three });
    const step = { kind: 'shut-down-guests', guests: { only: ['dc', 'dd'] } };
    expect(last(await check(step))).toMatchObject({
      what: 'guests',
      verdict: 'fails',
      fault: { what: 'no guest of it has the name dd' },
    });
    const several = await check({ ...step, id: 'down.esxi' });
    expect(several.find(({ what }) => what === 'guests')).toMatchObject({
      verdict: 'ready',
      detail: '1 guest on: dc; not on this host: dd',
    });
  });

  it('whose management service does not answer fails at once, and is not waited for', async () => {
    const { b, check } = await esxi({ hostd: 'down', vms: three });
    const began = b.clock.monotonic();
    expect(shortly(await check({ kind: 'shut-down-guests' }))).toEqual([
      ...entered,
      'privilege: ready',
      'guests: fails',
    ]);
    expect(shortly(await check({ kind: 'enter-maintenance' }))).toContain('privilege: fails');
    expect(b.clock.monotonic() - began).toBeLessThan(5000);
  });

  it.each([
    [{ ops: 'Admin' }, 'ready'],
    [{ ops: 'ReadOnly' }, 'fails'],
    [{}, 'cannot-check'],
  ])('with the roles %j', async (roles, verdict) => {
    const { check } = await esxi({ roles }, { user: 'ops' }, ['ops']);
    expect(shortly(await check({ kind: 'exit-maintenance' }))[3]).toBe(`privilege: ${verdict}`);
  });
});

describe('the MAC to wake a host by', () => {
  const wake = { kind: 'wake' };

  it.each([
    ['right', [mac], 'ready'],
    ['one of two', ['02:00:00:00:00:99', mac], 'ready'],
    ['wrong', ['02:00:00:00:00:99'], 'fails'],
    ['none', [], 'fails'],
  ])('is %s', async (_, macs, verdict) => {
    const { check } = await linux({}, { macs });
    const checks = await check(wake);
    expect(shortly(checks)).toEqual(['reach: ready', `mac: ${verdict}`]);
    if (verdict === 'fails') expect(last(checks).fault?.code).toBe('no-mac');
  });

  it.each([
    ['as the network knows it', [mac], 'ready'],
    ['other than the network knows it', ['02:00:00:00:00:99'], 'cannot-check'],
    ['and the network does not know', [], 'cannot-check'],
  ])('of a host that lets nobody in, %s', async (_, seen, verdict) => {
    const { b, fake, context } = await linux({}, { macs: [mac] });
    fake.ssh.fault = 'denied';
    const checks = new KindChecks(new HostLooks(b.deps), async () => seen, noPasswords);
    const [reach, found] = await b.meanwhile(checks.wake(context(wake)));
    expect([reach?.verdict, found?.verdict]).toEqual(['ready', verdict]);
  });
});
