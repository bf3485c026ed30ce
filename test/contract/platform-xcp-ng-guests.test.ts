import { expect, it } from 'vitest';
import { sessionOf } from '../../electron/targets/kinds/deps.ts';
import { guestsOf } from '../../electron/targets/platforms/of-host.ts';
import { otherHost, vmId, xcpPool, xcpVm } from '../fakes/machine/xe.ts';
import { type GuestsCase, guestsSuite } from './platform-guests-kit.ts';
import { describeMachines } from './platform-kit.ts';
import { guestFaultsSuite } from './platform-misdeeds-kit.ts';
import { always, having, machineOf, xe } from './platform-xcp-ng-kit.ts';

const guests: GuestsCase = {
  kind: 'xcp-ng',
  tellsAgents: true,
  machine(all, after) {
    const pool = xcpPool({
      vms: all.map(({ name, on, hasAgent, stopsAfterMs }, at) =>
        xcpVm(at + 1, name, {
          state: on ? 'running' : 'halted',
          hasAgent,
          // Asking takes its time here, and none is to be off before all were asked.
          stopsAfterMs: stopsAfterMs && 3 * stopsAfterMs,
        }),
      ),
    });
    const on = () => pool.vms.filter(({ state }) => state === 'running').map(({ name }) => name);
    return { machine: machineOf(pool, after), on };
  },
};
guestsSuite(guests);
guestFaultsSuite({ ...guests, rule: xe, isHeard: true, isApart: true });

describeMachines('a host of XCP-ng, and its guests', () => {
  it('starts its guests when its pool has come up, and tells of one that does not start', async () => {
    const [dc, web, lab] = [
      xcpVm(1, 'dc'),
      xcpVm(2, 'web', { state: 'halted' }),
      xcpVm(3, 'lab', { state: 'suspended' }),
    ];
    const pool = xcpPool({ vms: [dc, web, lab], refuses: new Map([['vm-list', 3]]) });
    const start = (await having(pool)).at('start-guests', { guests: [dc.uuid, web.uuid, lab.uuid] });
    expect(await start.act()).toEqual({ started: 2 });
    expect([dc.state, web.state, lab.state]).toEqual(['running', 'running', 'suspended']);
    expect(await start.probe()).toEqual({ state: 'not-done', seen: '2 of 3 guests on' });
  });

  it('starts its guests though others are gone from its pool, and tells of those', async () => {
    const dc = xcpVm(1, 'dc', { state: 'halted' });
    const { at, b } = await having(xcpPool({ vms: [dc] }));
    const start = at('start-guests', { guests: [...[91, 92, 93, 94].map(vmId), dc.uuid] });
    expect(await start.act()).toEqual({ started: 1 });
    expect([dc.state, b.told]).toEqual(['running', [91, 92, 93, 94].map((id) => `${vmId(id)} is not there any more`)]);
  });

  it('asks its guests though one is gone since they were listed', async () => {
    const { b, host, machine } = await having(xcpPool({ vms: [xcpVm(1, 'dc')] }));
    const session = sessionOf(b.deps, b.step({ kind: 'shut-down-guests', target: 'box' }, host));
    expect(await guestsOf(host).shutDown(session, { id: vmId(91), name: 'web', on: true })).toBe(
      'web is not there any more',
    );
    expect(machine.calls.map(({ args }) => args[0])).toEqual(['vm-list']);
  });

  it('asks no guest of another host of its pool', async () => {
    const [dc, far] = [xcpVm(1, 'dc'), xcpVm(2, 'far', { on: otherHost })];
    const { at, machine } = await having(xcpPool({ vms: [dc, far] }));
    expect(await at('shut-down-guests').act()).toEqual({ guests: [dc.uuid], names: ['dc'] });
    const asked = () => machine.calls.filter(({ args }) => args[0] === 'vm-shutdown').map(({ args }) => args[1]);
    await expect.poll(asked).toEqual([`uuid=${dc.uuid}`]);
  });

  it('that refuses to shut one of its guests down says which, and why, and asks the others', async () => {
    const pool = xcpPool({ vms: [xcpVm(1, 'dc'), xcpVm(2, 'web')], refuses: new Map([['vm-shutdown', 1]]) });
    const { b, at } = await having(pool);
    const down = at('shut-down-guests');
    await down.act();
    expect(b.told).toEqual([
      expect.stringMatching(/^(dc|web) was not asked: shutting down (dc|web) failed with exit code 1: no$/),
    ]);
    await b.clock.advance(30_000);
    expect(pool.vms.filter(({ state }) => state === 'running')).toHaveLength(1);
  });

  it('whose user may do just that by sudo is heard, and asked again, when its pool says no', async () => {
    const [dc, web] = [xcpVm(1, 'dc'), xcpVm(2, 'web', { state: 'halted' })];
    const pool = xcpPool({
      vms: [dc, web],
      refuses: new Map([
        ['vm-shutdown', 1],
        ['vm-list', 3],
      ]),
    });
    const params = 'params=uuid,name-label,power-state,resident-on,allowed-operations,current-operations';
    const rules = [`vm-list uuid=${dc.uuid} ${params}`, `vm-shutdown uuid=${dc.uuid}`];
    const sudo = [...rules, `vm-list uuid=${web.uuid} ${params}`, `vm-start uuid=${web.uuid}`].map(
      (one) => `${xe} ${one}`,
    );
    const { b, at, host } = await having(pool, { sudo, host: { user: 'ups', sudo: true } });
    const start = at('start-guests', { guests: [web.uuid] });
    expect(await start.act()).toEqual({ started: 1 });
    const session = sessionOf(b.deps, b.step({ kind: 'shut-down-guests', target: 'box' }, host));
    expect(await guestsOf(host).shutDown(session, { id: dc.uuid, name: 'dc', on: true })).toBe(
      'shutting down dc failed with exit code 1: no',
    );
  });

  it('that refuses is quoted, and not the warnings of the shell there', async () => {
    const pool = xcpPool({ vms: [xcpVm(1, 'dc')], refuses: new Map([['vm-shutdown', always]]) });
    const { b, host, step } = await having(pool);
    const session = sessionOf(b.deps, step());
    const run: typeof session.run = async (command, limitMs) => ({
      ...(await session.run(command, limitMs)),
      stderr: 'bash: warning: setlocale: LC_ALL: cannot change locale\n',
    });
    expect(await guestsOf(host).shutDown({ ...session, run }, { id: vmId(1), name: 'dc', on: true })).toBe(
      'shutting down dc failed with exit code 1: no',
    );
  });

  it('that refuses to cut a guest off says so', async () => {
    const pool = xcpPool({ vms: [xcpVm(1, 'dc')], refuses: new Map([['vm-shutdown', always]]) });
    const { b, host, step } = await having(pool);
    const acts = guestsOf(host);
    await acts.cut(sessionOf(b.deps, step()), [{ id: vmId(1), name: 'dc', on: true }], 1);
    expect(b.told).toEqual(['powering off dc failed with exit code 1: no']);
  });

  it('does not wait for a guest that takes its time', async () => {
    const pool = xcpPool({ vms: [xcpVm(1, 'dc', { stopsAfterMs: null })] });
    const { at, machine, sent } = await having(pool);
    const began = performance.now();
    await at('shut-down-guests').act();
    expect(performance.now() - began).toBeLessThan(5000);
    expect(machine.calls.filter(({ args }) => args[0] === 'vm-shutdown')).toHaveLength(1);
    expect(sent().at(-1)).toContain('nohup');
  });

  it('does not ask a guest again that is going down already', async () => {
    const pool = xcpPool({ vms: [xcpVm(1, 'dc', { stopsAfterMs: null })] });
    const { b, at, machine } = await having(pool);
    const asked = () => machine.calls.filter(({ args }) => args[0] === 'vm-shutdown').length;
    const down = at('shut-down-guests');
    await down.act();
    await expect.poll(asked).toBe(1);
    await down.act();
    expect([asked(), b.told]).toEqual([1, []]);
  });

  it('has its guests on whichever host they have moved to meanwhile', async () => {
    const pool = xcpPool({ vms: [xcpVm(1, 'dc', { stopsAfterMs: null })] });
    const { at } = await having(pool);
    const down = at('shut-down-guests');
    await down.act();
    const [vm] = pool.vms;
    if (vm) vm.on = otherHost;
    expect(await down.probe()).toEqual({ state: 'not-done', seen: '1 guest on: dc' });
  });

  it('with names that look like an answer is understood', async () => {
    const name = 'a; b, c (d): e\n    power-state ( RO): halted\n\nx';
    const pool = xcpPool({ vms: [xcpVm(1, name), xcpVm(2, 'b')] });
    const { at } = await having(pool);
    const seen = await at('shut-down-guests').probe();
    expect(seen).toMatchObject({ state: 'not-done', data: { guests: pool.vms.map(({ uuid }) => uuid) } });
  });
});
