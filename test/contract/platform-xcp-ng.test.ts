import { expect, it } from 'vitest';
import { sessionOf } from '../../electron/targets/kinds/deps.ts';
import { powerOffOf } from '../../electron/targets/platforms/of-host.ts';
import type { After } from '../fakes/after.ts';
import type { MachineKind } from '../fakes/machine/kinds.ts';
import { heartbeatSr, otherHost, thisHost, vmId, xcpMachine, xcpPool, xcpVm } from '../fakes/machine/xe.ts';
import { byVisudo, describeMachines, entered, onlyLooked, platformSuite, shortly, up } from './platform-kit.ts';
import { settingFaultsSuite } from './platform-misdeeds-kit.ts';
import { type SettingCase, settingSuite } from './platform-settings-kit.ts';
import { always, having, machineOf, xe } from './platform-xcp-ng-kit.ts';
import { faultOf } from './targets-kit.ts';

const inventory = 'cat /etc/xensource-inventory';
const vms = `${xe} vm-list is-control-domain=false params=uuid,name-label,power-state,resident-on,allowed-operations,current-operations`;
const disable = `${xe} host-disable uuid=${thisHost}`;
const shutDown = `${xe} host-shutdown uuid=${thisHost}`;
const enabled = `${xe} host-list uuid=${thisHost} params=uuid,enabled`;

platformSuite({
  kind: 'xcp-ng',
  machine: (after) => machineOf(xcpPool({ faultAt: 'host-shutdown' }), after),
  powerOff: { sent: [inventory, vms, inventory, enabled, inventory, disable, inventory, shutDown], ran: shutDown },
  tellsMacs: true,
});

const maintenance: SettingCase = {
  kind: 'xcp-ng',
  away: 'enter-maintenance',
  machine(on, after) {
    const pool = xcpPool({ hosts: [{ uuid: thisHost, enabled: !on }] });
    return {
      machine: machineOf(pool, after),
      isOn: () => pool.hosts[0]?.enabled === false,
      refuse: () => pool.refuses.set('host-disable', always),
    };
  },
};

const ha: SettingCase = {
  kind: 'xcp-ng',
  away: 'disable-ha',
  machine(on, after) {
    const pool = xcpPool({ ha: on, tolerates: 1, timeout: 120 });
    return {
      machine: machineOf(pool, after),
      isOn: () => pool.ha,
      refuse: () => pool.refuses.set('pool-ha-disable', always),
    };
  },
};

for (const one of [maintenance, ha]) {
  settingSuite(one);
  settingFaultsSuite({ ...one, rule: xe, isHeard: true });
}

describeMachines('a host of XCP-ng', () => {
  const asUps = { user: 'ups', sudo: true };

  it('is not powered off under a VM that runs, nor disabled', async () => {
    const pool = xcpPool({
      vms: [xcpVm(1, 'dc'), xcpVm(2, 'far', { on: otherHost }), xcpVm(3, 'nap', { state: 'paused' })],
    });
    const { off, machine, sent, check } = await having(pool);
    expect(await faultOf(off())).toMatchObject({
      code: 'refused',
      what: expect.stringContaining('2 guests on: dc, nap'),
    });
    expect([sent(), machine.state, pool.hosts[0]?.enabled]).toEqual([[inventory, vms], 'on', true]);
    expect((await check()).at(-1)).toMatchObject({ what: 'guests', detail: '2 guests on: dc, nap' });
  });

  it('goes down while VMs run on other hosts of its pool, and others are saved', async () => {
    const pool = xcpPool({ vms: [xcpVm(1, 'far', { on: otherHost }), xcpVm(2, 'lab', { state: 'suspended' })] });
    const { off, machine } = await having(pool);
    await off();
    expect(machine.state).toBe('dying');
    expect(pool.hosts.map((host) => host.enabled)).toEqual([false, true]);
  });

  it('that refuses to go down is enabled again', async () => {
    const pool = xcpPool({ refuses: new Map([['host-shutdown', always]]) });
    const { off, machine } = await having(pool);
    expect((await faultOf(off())).code).toBe('command-failed');
    expect([machine.state, pool.hosts[0]?.enabled]).toEqual(['on', true]);
  });

  it('that refuses to go down, and to be enabled again, is told of', async () => {
    const pool = xcpPool({
      refuses: new Map([
        ['host-shutdown', always],
        ['host-enable', always],
      ]),
    });
    const { b, off } = await having(pool);
    expect(await faultOf(off())).toMatchObject({ what: expect.stringContaining('host-shutdown') });
    expect(b.told).toEqual([expect.stringMatching(/^it is left disabled: /)]);
  });

  it('that lets sudo disable it and no more is enabled again', async () => {
    const rules = [vms, enabled, disable, `${xe} host-enable uuid=${thisHost}`];
    const pool = xcpPool();
    const { off, machine } = await having(pool, { sudo: rules, host: asUps });
    expect((await faultOf(off())).code).toBe('not-allowed');
    expect([machine.state, pool.hosts[0]?.enabled]).toEqual(['on', true]);
  });

  it.each([1, 2, 3, 4])('that is lost before it is told to go down has not been told (%i)', async (last) => {
    const { b, host, step, sent } = await having(xcpPool());
    const session = sessionOf(b.deps, step());
    let asked = 0;
    const run: typeof session.run = async (command, limitMs) => {
      if (command !== inventory) return session.run(command, limitMs);
      asked += 1;
      if (asked < last) return session.run(command, limitMs);
      return { stdout: '', stderr: '', code: null, dropped: true, truncated: false };
    };
    expect((await faultOf(powerOffOf(host).act({ ...session, run }))).code).toBe('dead-peer');
    expect(sent()).not.toContain(shutDown);
  });

  it('that refuses to go down in maintenance stays in it', async () => {
    const pool = xcpPool({
      hosts: [{ uuid: thisHost, enabled: false }],
      refuses: new Map([['host-shutdown', always]]),
    });
    const { off, sent } = await having(pool);
    expect((await faultOf(off())).code).toBe('command-failed');
    expect([pool.hosts[0]?.enabled, sent().includes(disable)]).toEqual([false, false]);
  });

  it('that is no master is rehearsed with the master that it needs to go down', async () => {
    const pool = xcpPool({ master: otherHost, vms: [xcpVm(1, 'dc')] });
    const alone = await having(pool);
    expect((await alone.check()).at(-1)).toMatchObject({
      what: 'guests',
      verdict: 'cannot-check',
      detail: expect.stringMatching(/^1 guest on: dc; .* the master of its pool/),
    });
    onlyLooked(alone);
    const managed = await having(pool, { host: { managedBy: 'xcp-1' } });
    expect((await managed.check()).at(-1)).toMatchObject({ verdict: 'ready', detail: '1 guest on: dc' });
  });

  it('goes down by a user whom sudo lets', async () => {
    const { off, machine, check, ...made } = await having(xcpPool(), { sudo: [xe], host: asUps });
    expect(shortly(await check())).toEqual([...entered, 'privilege: ready', 'guests: ready']);
    onlyLooked({ machine, ...made });
    await off();
    expect(machine.state).toBe('dying');
    expect(made.sent().at(-1)).toBe(`sudo -n ${shutDown}`);
  });

  it('without a rule for sudo is not powered off, with the rule to add', async () => {
    const { off, machine, check } = await having(xcpPool(), { host: asUps });
    const fault = { code: 'not-allowed', remedy: expect.stringContaining(byVisudo(xe)) };
    expect(await faultOf(off())).toMatchObject(fault);
    expect((await check()).find(({ what }) => what === 'privilege')).toMatchObject({ verdict: 'fails', fault });
    expect([machine.ranAsRoot, machine.state]).toEqual([[], 'on']);
  });

  const some = vmId(0);
  const ofVm = `${vms.replace('is-control-domain=false', `uuid=${some}`)}`;
  it.each([
    [
      { kind: 'power-off' },
      [`host-list uuid=${thisHost} params=uuid,enabled`, disable, `host-enable uuid=${thisHost}`, shutDown],
    ],
    [{ kind: 'enter-maintenance' }, [disable]],
    [{ kind: 'exit-maintenance' }, [`host-enable uuid=${thisHost}`]],
    [{ kind: 'disable-ha' }, [`vdi-list uuid=${some} params=uuid,sr-uuid`, 'pool-ha-disable']],
    [
      { kind: 'enable-ha' },
      [`pool-ha-enable heartbeat-sr-uuids=${some}`, `pool-param-set uuid=${some} ha-host-failures-to-tolerate=1`],
    ],
    [{ kind: 'shut-down-guests' }, [ofVm, `vm-shutdown uuid=${some}`]],
    [
      { kind: 'shut-down-guests', force: true },
      [ofVm, `vm-shutdown uuid=${some}`, `vm-shutdown uuid=${some} force=true`],
    ],
    [{ kind: 'start-guests' }, [ofVm, `vm-start uuid=${some}`]],
  ])('%o is rehearsed as it is done, by a user whom sudo lets', async (step, words) => {
    const acts = words.map((one) => (one.startsWith(xe) ? one : `${xe} ${one}`));
    const rehearsed = async (rules: readonly string[]) => {
      const made = await having(xcpPool(), { sudo: rules, host: asUps });
      const privilege = (await made.check(step)).find(({ what }) => what === 'privilege');
      onlyLooked(made);
      return { privilege, asked: made.sent().filter((text) => text.startsWith(`sudo -n ${xe}`)) };
    };
    // What a rehearsal really asks for, and xe without a word.
    const looks = (await rehearsed([xe])).asked.map((text) => text.replace('sudo -n ', ''));
    for (const missing of acts) {
      const rules = [`${xe} ""`, ...looks, ...acts.filter((one) => one !== missing)];
      expect((await rehearsed(rules)).privilege, missing).toMatchObject({
        verdict: 'fails',
        fault: { code: 'not-allowed', remedy: expect.stringContaining(byVisudo(xe)) },
      });
    }
    expect((await rehearsed([...looks, ...acts])).privilege).toMatchObject({ verdict: 'ready' });
  });

  it('gets HA back as it was when it was switched off last, though an earlier run had met it otherwise', async () => {
    const pool = xcpPool({ ha: false, tolerates: 0 });
    const { b, host } = await having(pool);
    const left = (at: number, tolerates: string) => ({
      step: b.step({ id: `off-${at}`, kind: 'disable-ha', target: 'box' }, host).step,
      data: { heartbeats: [], settings: [], tolerates },
    });
    const home = b.step({ kind: 'enable-ha', target: 'box' }, host, [left(1, '1'), left(2, '2')]);
    await b.meanwhile(b.actions(home).act(home));
    expect([pool.ha, pool.tolerates]).toEqual([true, 2]);
  });

  it('is powered off by the command of the user, if there is one', async () => {
    const own = { host: { powerOffCommand: shutDown } };
    const { off, sent, machine, check } = await having(xcpPool({ hosts: [{ uuid: thisHost, enabled: false }] }), own);
    expect((await check()).map(({ verdict }) => verdict)).not.toContain('fails');
    await off();
    expect([sent().at(-1), machine.state]).toEqual([shutDown, 'dying']);
  });

  it('that is none is told so', async () => {
    const { b, step, machine } = await up({
      kind: 'xcp-ng',
      machine: (after) => ({ ...xcpMachine(xcpPool(), after), files: { '/etc/xensource-inventory': "A='b'\n" } }),
    });
    const context = step();
    expect((await faultOf(b.actions(context).act(context))).code).toBe('unexpected-answer');
    expect(machine.state).toBe('on');
  });

  it('is in maintenance only when no VM is left on it', async () => {
    const pool = xcpPool({ hosts: [{ uuid: thisHost, enabled: false }], vms: [xcpVm(1, 'dc')] });
    const { at } = await having(pool);
    expect(await at('enter-maintenance').probe()).toMatchObject({
      state: 'not-done',
      seen: 'disabled, 1 guest on: dc',
    });
    const [vm] = pool.vms;
    if (vm) vm.on = otherHost;
    expect(await at('enter-maintenance').probe()).toEqual({ state: 'done', proof: 'disabled, no guest is on' });
  });

  it('that was disabled before the run, with VMs on it, stays disabled', async () => {
    const pool = xcpPool({ hosts: [{ uuid: thisHost, enabled: false }], vms: [xcpVm(1, 'dc')] });
    const { at, sent } = await having(pool);
    const enter = at('enter-maintenance');
    const before = await enter.probe();
    const left = { ...('data' in before ? before.data : {}), ...(await enter.act()) };
    const [vm] = pool.vms;
    if (vm) vm.state = 'halted';
    expect((await enter.probe()).state).toBe('done');
    const exit = at('exit-maintenance', left);
    expect(await exit.probe()).toEqual({ state: 'done', proof: 'disabled, no guest is on, as before this run' });
    await exit.act();
    expect([pool.hosts[0]?.enabled, sent().some((text) => text.includes('host-enable'))]).toEqual([false, false]);
  });

  it('that this run disabled, and whose VMs have not gone, is enabled again', async () => {
    const pool = xcpPool({ vms: [xcpVm(1, 'dc')] });
    const { at } = await having(pool);
    const enter = at('enter-maintenance');
    const before = await enter.probe();
    const left = { ...('data' in before ? before.data : {}), ...(await enter.act()) };
    expect((await enter.probe()).state).toBe('not-done');
    const exit = at('exit-maintenance', left);
    expect((await exit.probe()).state).toBe('not-done');
    await exit.act();
    expect([(await exit.probe()).state, pool.hosts[0]?.enabled]).toEqual(['done', true]);
  });

  it('leaves maintenance when its pool has come up', async () => {
    const pool = xcpPool({ hosts: [{ uuid: thisHost, enabled: false }], refuses: new Map([['host-enable', 3]]) });
    const { b, at } = await having(pool);
    const exit = at('exit-maintenance');
    await exit.act();
    expect(await exit.probe()).toEqual({ state: 'done', proof: 'enabled, no guest is on' });
    expect(b.told).toEqual(['the pool of box does not answer, asking again']);
  });

  it('of which an answer is not understood proves nothing', async () => {
    const broken = (after: After): MachineKind => ({
      ...xcpMachine(xcpPool(), after),
      programs: { [xe]: () => ({ stdout: 'uuid ( RO)           : 4711\n\n', stderr: '', code: 0 }) },
    });
    const { b, host, step, machine } = await up({ kind: 'xcp-ng', machine: broken });
    for (const kind of ['shut-down-guests', 'enter-maintenance', 'disable-ha']) {
      const context = b.step({ kind, target: 'box' }, host);
      expect((await b.actions(context).probe(context)).state).toBe('unknown');
    }
    expect((await faultOf(b.actions(step()).act(step()))).code).toBe('unexpected-answer');
    expect(machine.state).toBe('on');
  });

  it('has HA again as it was: its heartbeat, its settings and how many hosts may fail', async () => {
    const pool = xcpPool({ ha: true, tolerates: 2, timeout: 120 });
    const { at, sent } = await having(pool);
    const down = at('disable-ha');
    const kept = { heartbeats: [heartbeatSr], settings: ['timeout=120'], tolerates: '2' };
    expect(await down.probe()).toMatchObject({ state: 'not-done', data: kept });
    expect(await down.act()).toEqual(kept);
    expect([pool.ha, pool.tolerates]).toEqual([false, 0]);
    const back = at('enable-ha', kept);
    // Until every host is up the pool says no.
    pool.refuses.set('pool-ha-enable', 3);
    await back.act();
    expect(sent().filter((text) => text.includes('pool-ha-enable'))).toEqual(
      Array(4).fill(`${xe} pool-ha-enable heartbeat-sr-uuids=${heartbeatSr} ha-config:timeout=120`),
    );
    expect(pool).toMatchObject({ ha: true, tolerates: 2, timeout: 120, heartbeat: heartbeatSr });
    expect(await back.probe()).toEqual({ state: 'done', proof: 'HA is on in its pool' });
  });

  it('has nothing of a journal in its commands that no pool has said', async () => {
    const kept = { heartbeats: [heartbeatSr], settings: ['timeout=120', 'a=b; reboot', '$(reboot)=1'], tolerates: '1' };
    const { at, sent } = await having(xcpPool());
    await at('enable-ha', kept).act();
    expect(sent().filter((text) => text.includes('pool-ha-enable'))).toEqual([
      `${xe} pool-ha-enable heartbeat-sr-uuids=${heartbeatSr} ha-config:timeout=120`,
    ]);
  });

  it('has HA without its number of failures not yet again', async () => {
    const kept = { heartbeats: [], settings: [], tolerates: '1' };
    const { at } = await having(xcpPool({ ha: true, tolerates: 0 }));
    expect((await at('enable-ha', kept).probe()).state).toBe('not-done');
  });

  it('has HA left alone on the way back where this run did not switch it off', async () => {
    const pool = xcpPool();
    const { at } = await having(pool);
    expect((await at('enable-ha').probe()).state).toBe('done');
    expect((await at('enable-ha', {}).probe()).state).toBe('done');
    await at('enable-ha').act();
    expect(pool.ha).toBe(false);
  });
});
