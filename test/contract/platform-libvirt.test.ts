import { afterAll, beforeAll, expect, it } from 'vitest';
import { sessionOf } from '../../electron/targets/kinds/deps.ts';
import { guestsOf } from '../../electron/targets/platforms/of-host.ts';
import type { After } from '../fakes/after.ts';
import type { MachineKind } from '../fakes/machine/kinds.ts';
import { type TestDomain, TestLibvirt } from '../fakes/machine/libvirt.ts';
import { linuxMachine } from '../fakes/machine/linux.ts';
import { result } from '../fakes/posix-shell.ts';
import { type GuestsCase, guestsSuite } from './platform-guests-kit.ts';
import { byVisudo, describeMachines, entered, mac, onlyLooked, platformSuite, shortly, up } from './platform-kit.ts';
import { guestFaultsSuite } from './platform-misdeeds-kit.ts';
import { faultOf } from './targets-kit.ts';

let libvirt: TestLibvirt;
beforeAll(async () => {
  if (process.getuid?.() === 0) libvirt = await TestLibvirt.start();
});
afterAll(() => libvirt?.close());

const off = '/usr/bin/systemctl poweroff';

const linux = linuxMachine(mac);

/** A real virsh that speaks with a real libvirtd, behind a real OpenSSH server and a real shell. */
function kvm(domains: readonly TestDomain[], after: After): MachineKind {
  libvirt.define(domains);
  return { ...linux, programs: { ...linux.programs, '/usr/bin/virsh': libvirt.virsh(after) } };
}

const guests: GuestsCase = {
  kind: 'libvirt',
  tellsAgents: false,
  machine: (all, after) => ({ machine: kvm(all, after), on: () => libvirt.running }),
};
guestsSuite(guests);
guestFaultsSuite({ ...guests, rule: '/usr/bin/virsh', isHeard: true });

const active = '/usr/bin/virsh -c qemu:///system list --uuid --name';
platformSuite({
  kind: 'libvirt',
  machine: (after) => kvm([], after),
  powerOff: {
    sent: [active, 'systemctl poweroff'],
    ran: off,
  },
  tellsMacs: true,
});

const dc: TestDomain = { name: 'dc', on: true, hasAgent: true, stopsAfterMs: 15_000 };

describeMachines('a libvirt host', () => {
  const asUps = { user: 'ups', sudo: true };
  const having = (domains: readonly TestDomain[]) =>
    ({ kind: 'libvirt', machine: (after: After) => kvm(domains, after) }) as const;

  it('is not powered off under a domain that is active', async () => {
    const { b, machine, step, sent, check } = await up(having([dc, { ...dc, name: 'old', on: false }]));
    const context = step();
    const fault = await faultOf(b.actions(context).act(context));
    expect(fault).toMatchObject({ code: 'refused', what: expect.stringContaining('1 guest on: dc') });
    expect([sent(), machine.state]).toEqual([[active], 'on']);
    expect((await check()).at(-1)).toMatchObject({ what: 'guests', verdict: 'ready', detail: '1 guest on: dc' });
  });

  it('is not powered off under a domain that is paused, which is told to be on', async () => {
    const { b, host, machine, step } = await up(having([dc]));
    expect((await libvirt.ask(['suspend', 'dc'])).code).toBe(0);
    const context = step();
    expect((await faultOf(b.actions(context).act(context))).code).toBe('refused');
    const guests = b.step({ kind: 'shut-down-guests', target: 'box' }, host);
    expect(await b.actions(guests).probe(guests)).toMatchObject({ state: 'not-done', seen: '1 guest on: dc' });
    expect(machine.state).toBe('on');
  });

  it('takes a domain for shut down that was off before it was asked', async () => {
    const { b, host } = await up(having([dc]));
    const [id = ''] = (await libvirt.ask(['list', '--uuid'])).stdout.split('\n');
    expect((await libvirt.ask(['destroy', 'dc'])).code).toBe(0);
    const { shutDown, start } = guestsOf(host);
    const session = sessionOf(b.deps, b.step({ kind: 'shut-down-guests', target: 'box' }, host));
    const guest = { id, name: 'dc', on: true };
    expect(await shutDown(session, guest)).toBe(null);
    expect([await start(session, guest), await start(session, guest)]).toEqual([null, null]);
    expect(libvirt.running).toEqual(['dc']);
    const none = { ...guest, id: '00000000-0000-4000-8000-000000000000' };
    expect(await start(session, none)).toContain('exit code 1');
    await expect(start(session, { ...guest, id: 'dc; reboot' })).rejects.toThrow('not a UUID');
  });

  it('goes down with a domain that is saved to disk', async () => {
    const made = await up(having([dc]));
    expect((await libvirt.ask(['managedsave', 'dc'])).code).toBe(0);
    const context = made.step();
    await made.b.actions(context).act(context);
    expect(made.machine.state).toBe('dying');
  });

  it('goes down by a user whom sudo lets', async () => {
    const rules = { sudo: ['/usr/bin/virsh', off], host: asUps };
    const made = await up(having([]), rules);
    expect(shortly(await made.check())).toEqual([...entered, 'privilege: ready', 'guests: ready']);
    onlyLooked(made);
    const context = made.step();
    await made.b.actions(context).act(context);
    expect(made.sent().slice(-2)).toEqual([`sudo -n ${active}`, 'sudo -n systemctl poweroff']);
    expect(made.machine.state).toBe('dying');
  });

  it.each([
    ['virsh', [off], '/usr/bin/virsh'],
    ['systemctl', ['/usr/bin/virsh'], 'systemctl poweroff'],
  ])('is not powered off without the rule for %s', async (_name, rules, missing) => {
    const { b, machine, step, check } = await up(having([]), { sudo: rules, host: asUps });
    const context = step();
    const fault = await faultOf(b.actions(context).act(context));
    expect(fault).toMatchObject({ code: 'not-allowed', remedy: expect.stringContaining(byVisudo(missing)) });
    const failing = (await check()).filter(({ verdict }) => verdict === 'fails');
    expect(failing.map(({ fault: why }) => why?.remedy)).toEqual([fault.remedy]);
    expect(machine.state).toBe('on');
  });

  it.each([
    ['shut down', { kind: 'shut-down-guests' }, ['shutdown']],
    ['cut', { kind: 'shut-down-guests', force: true }, ['shutdown', 'destroy']],
    ['started', { kind: 'start-guests' }, ['start']],
  ])('whose domains sudo lets be seen and not be %s fails in a rehearsal', async (_how, rehearsed, verbs) => {
    const virsh = '/usr/bin/virsh -c qemu:///system';
    const looks = ['list --all --uuid --name', 'list --uuid --name'].map((words) => `${virsh} ${words}`);
    const acts = verbs.map((verb) => `${virsh} ${verb} 00000000-0000-4000-8000-000000000000`);
    const privilege = async (rules: readonly string[]) => {
      const { check } = await up(having([]), { sudo: ['/usr/bin/virsh ""', ...looks, ...rules], host: asUps });
      return (await check(rehearsed)).find(({ what }) => what === 'privilege');
    };
    expect(await privilege(acts.slice(0, -1))).toMatchObject({
      verdict: 'fails',
      fault: { code: 'not-allowed', remedy: expect.stringContaining(byVisudo('/usr/bin/virsh')) },
    });
    expect(await privilege(acts)).toMatchObject({ verdict: 'ready' });
  });

  it('that does not tell what runs is not powered off', async () => {
    const { b, machine, step, sent } = await up(having([]), { without: '/usr/bin/virsh' });
    const context = step();
    const fault = await faultOf(b.actions(context).act(context));
    expect(fault).toMatchObject({ code: 'command-failed', what: expect.stringContaining('guests may run') });
    expect([sent(), machine.state]).toEqual([[active], 'on']);
  });

  it('with a list that is no list is not powered off, and proves nothing', async () => {
    const kind = (after: After): MachineKind => ({
      ...kvm([], after),
      programs: { ...kvm([], after).programs, '/usr/bin/virsh': () => result('oops: 3 domains\n') },
    });
    const { b, host, machine, step } = await up({ kind: 'libvirt', machine: kind });
    const context = step();
    expect((await faultOf(b.actions(context).act(context))).code).toBe('unexpected-answer');
    const guests = b.step({ kind: 'shut-down-guests', target: 'box' }, host);
    expect((await b.actions(guests).probe(guests)).state).toBe('unknown');
    expect(machine.state).toBe('on');
  });

  it('is not held up by a name that is a trap', async () => {
    const name = `a${' '.repeat(400_000)}b`;
    const kind = (after: After): MachineKind => ({
      ...kvm([], after),
      programs: { '/usr/bin/virsh': () => result(`00000000-0000-4000-8000-000000000001 ${name}\n`) },
    });
    const { b, step } = await up({ kind: 'libvirt', machine: kind });
    const began = performance.now();
    expect((await faultOf(b.actions(step()).act(step()))).code).toBe('refused');
    expect(performance.now() - began).toBeLessThan(10_000);
  });

  it('tells of the agent where it can', async () => {
    const { check } = await up(having([dc, { ...dc, name: 'web', hasAgent: false }]));
    const [only] = (await check({ kind: 'shut-down-guests', guests: { only: ['dc'] } })).slice(-1);
    expect(only).toMatchObject({ what: 'tools', verdict: 'ready' });
    const [both] = (await check({ kind: 'shut-down-guests' })).slice(-1);
    expect(both).toMatchObject({ verdict: 'cannot-check', detail: expect.stringContaining('web') });
  });
});
