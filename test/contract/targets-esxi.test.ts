import { afterEach, describe, expect, it } from 'vitest';
import { digits, parseGuests, parseRunning } from '../../electron/targets/esxi/guests.ts';
import { result } from '../fakes/posix-shell.ts';
import { closeAll, esxi, guests } from './esxi-kit.ts';
import { faultOf } from './targets-kit.ts';

afterEach(closeAll);

const down = { kind: 'shut-down-guests' };

describe('what an ESXi host prints', () => {
  it('is read whatever the version pads, and whatever a name holds', () => {
    const text = [
      "Skipping invalid VM '16'",
      'Vmid         Name                                        File                                    Guest OS      Version   Annotation',
      '40     packer-vmware-iso   [wtgc-vmbd-01:datastore1] packer-vmware-iso/packer-vmware-iso.vmx   ubuntu64Guest   vmx-08              ',
      '496  vm-ark (nonpersistent: vmwarewinxp-base234-v12)        [nfs-datastore] a b/a b.vmx   winXPProGuest   vmx-04      ',
      '7      x8     [pve-esx] x8/x8.vmx   centos9_64Guest   vmx-20   first line',
      '12 of its annotation',
      '9   uranium [knagaraju] FGT   [ds] u/u.vmx   otherGuest   vmx-13   see [ds] x/y.vmx   otherGuest   vmx-13',
      '3   a-name-that-fills-its-column [ds] n/n.vmx   otherGuest   vmx-13',
      '5; reboot   evil   [ds] e/e.vmx   otherGuest   vmx-13',
    ].join('\n');
    expect(parseGuests(text).map(({ id, name, vmx }) => [id, name, vmx])).toEqual([
      ['40', 'packer-vmware-iso', 'packer-vmware-iso/packer-vmware-iso.vmx'],
      ['496', 'vm-ark (nonpersistent: vmwarewinxp-base234-v12)', 'a b/a b.vmx'],
      ['7', 'x8', 'x8/x8.vmx'],
      ['9', 'uranium [knagaraju] FGT', 'u/u.vmx'],
      ['3', 'a-name-that-fills-its-column', 'n/n.vmx'],
    ]);
  });

  it.each([
    ['blanks', `1${' '.repeat(1_000_000)}x`],
    ['columns', `1 ${'a  '.repeat(300_000)}[`],
    ['brackets', `1 ${'  [a] b.vmx c'.repeat(80_000)}`],
    ['open brackets', `1 ${'  ['.repeat(300_000)}`],
    ['files', `1 a  [d] ${'x.vmx a '.repeat(120_000)}`],
    ['lines of them', `1${' '.repeat(1900)}x  [a] b.vmx c\n`.repeat(500)],
  ])('is read at once, whatever was written into an annotation: %s', (_what, text) => {
    const began = performance.now();
    expect(parseGuests(text)).toEqual([]);
    expect(performance.now() - began).toBeLessThan(2000);
  });

  it('names the processes of running guests', () => {
    const block = (name: string, world: number) =>
      `${name}\n   World ID: ${world}\n   Process ID: 0\n   VMX Cartel ID: 1\n   UUID: 56 4d\n   Display Name: ${name}\n   Config File: /vmfs/volumes/6107a9c3-0511c860/${name}/${name}.vmx\n`;
    expect(parseRunning(`${block('Gitlab', 2099532)}\n${block('World ID: 5', 2108579)}`)).toEqual([
      { world: '2099532', name: 'Gitlab', vmx: 'Gitlab/Gitlab.vmx' },
      { world: '2108579', name: 'World ID: 5', vmx: 'World ID: 5/World ID: 5.vmx' },
    ]);
    expect(parseRunning('\n')).toEqual([]);
  });

  it.each(['1; reboot', '$(reboot)', '1\n2', '-1', '', '99999999999'])(
    'no id but digits gets into a command: %j',
    (id) => {
      expect(() => digits(id)).toThrow("not a guest's id");
    },
  );
});

describe.each([
  [5, 1, 'stdout'],
  [6, 1, 'stderr'],
  [8, 0, 'stdout'],
] as const)('ESXi %i, faults with code %i on %s', (dialect, faultCode, faultStream) => {
  const printing = { dialect, faultCode, faultStream };

  it('goes down in order and comes back with the guests that were on', async () => {
    const vms = guests({}, { power: 'off' }, { shutdownDelayMs: 40_000 }, { power: 'suspended' });
    const e = await esxi({ ...printing, vms });
    const shutDown = e.step({ ...down, id: 'guests' });
    // What was on is known before the first guest is asked.
    expect(await e.probe(shutDown)).toEqual({
      state: 'not-done',
      seen: '2 guests on: vm1, vm3',
      data: { guests: ['1', '3'], names: ['vm1', 'vm3'] },
    });
    const data = await e.act(shutDown);
    expect(data).toEqual({ guests: ['1', '3'], names: ['vm1', 'vm3'] });
    const proof = await e.b.prove(shutDown, 120_000);
    expect(proof.last).toEqual({ state: 'done', proof: '2 guests off' });
    expect(proof.tookMs).toBeGreaterThanOrEqual(36_000);
    expect(proof.tookMs).toBeLessThan(46_000);

    const enter = e.step({ kind: 'enter-maintenance' });
    expect(await e.probe(enter)).toEqual({ state: 'not-done', seen: 'not in maintenance mode' });
    await e.act(enter);
    expect(await e.probe(enter)).toEqual({ state: 'done', proof: 'in maintenance mode' });

    const off = e.step({ kind: 'power-off', until: 'port-closed' });
    await e.act(off);
    expect((await e.b.prove(off, 60_000)).last.state).toBe('done');
    expect([e.fake.state, e.fake.esxi.crashedVms]).toEqual(['off', 0]);

    await e.fake.powerOn();
    const exit = e.step({ kind: 'exit-maintenance' });
    expect((await e.probe(exit)).state).toBe('not-done');
    await e.act(exit);
    expect(await e.probe(exit)).toEqual({ state: 'done', proof: 'not in maintenance mode' });

    const start = e.step({ kind: 'start-guests', id: 'start' }, [{ step: shutDown.step, data }]);
    expect(await e.probe(start)).toEqual({ state: 'not-done', seen: '0 of 2 guests on' });
    expect(await e.act(start)).toEqual({ started: 2 });
    expect((await e.b.prove(start, 30_000)).last).toEqual({ state: 'done', proof: '2 guests on' });
    expect(e.on()).toEqual(['vm1', 'vm3']);
    expect(e.fake.ssh.auths.map(({ method, accepted }) => [method, accepted])).toEqual([
      ['keyboard-interactive', true],
      ['keyboard-interactive', true],
    ]);
  });

  it('with a guest without Tools: the others are asked, and it is said', async () => {
    const e = await esxi({ ...printing, vms: guests({ name: 'db', tools: 'notRunning' }, {}) });
    const shutDown = e.step(down);
    await e.act(shutDown);
    expect(e.b.told).toEqual(['db was not asked: VMware Tools is not running in it']);
    expect((await e.b.prove(shutDown, 60_000)).last).toEqual({ state: 'not-done', seen: '1 guest on: db' });
  });

  it('with no guest that can be asked: says so at once', async () => {
    const e = await esxi({ ...printing, vms: guests({ tools: 'notRunning' }) });
    const fault = await faultOf(e.act(e.step(down)));
    expect(fault).toMatchObject({
      code: 'command-failed',
      what: expect.stringContaining('VMware Tools is not running'),
    });
  });

  it('entering maintenance mode twice is not a fault', async () => {
    const e = await esxi({ ...printing, maintenance: 'on' });
    const enter = e.step({ kind: 'enter-maintenance' });
    expect((await e.probe(enter)).state).toBe('done');
    await e.act(enter);
  });

  it('starting a guest that is on already is not a fault', async () => {
    const e = await esxi({ ...printing, vms: guests({}, { power: 'off' }) });
    const data = { guests: ['1', '2'] };
    const start = e.step({ kind: 'start-guests', id: 'start' }, [{ step: e.step(down).step, data }]);
    expect(await e.act(start)).toEqual({ started: 2 });
    expect((await e.b.prove(start, 10_000)).last.state).toBe('done');
  });
});

describe('guests whose power the management service does not tell', () => {
  /** From the first time that it is asked for the state of a guest. */
  async function silentFrom(answer: 'nonsense' | 'down', vms = guests({}, {}, { power: 'off' })) {
    const e = await esxi({ vms });
    const run = e.fake.esxi.run.bind(e.fake.esxi);
    let isSick = false;
    e.fake.esxi.run = async (line, user) => {
      if (!isSick && line.includes('power.getstate')) isSick = true;
      if (isSick && answer === 'down') e.fake.esxi.state.hostd = 'down';
      const isNonsense = isSick && answer === 'nonsense' && line.includes('power.getstate');
      return isNonsense
        ? result('', 134, "terminate called after throwing an instance of 'std::bad_alloc'")
        : run(line, user);
    };
    return e;
  }

  it('are on if the kernel says that they run: they are owed, and asked', async () => {
    const e = await silentFrom('nonsense');
    expect(await e.probe(e.step(down))).toMatchObject({ state: 'not-done', data: { guests: ['1', '2'] } });
    const shutDown = e.step(down);
    expect(await e.act(shutDown)).toMatchObject({ guests: ['1', '2'] });
    expect(e.acts()).toEqual(['vim-cmd vmsvc/power.shutdown 1', 'vim-cmd vmsvc/power.shutdown 2']);
  });

  it('are powered off with force all the same, by what the kernel says', async () => {
    const e = await silentFrom('nonsense', guests({ shutdownDelayMs: 'never' }, { power: 'off' }));
    const shutDown = e.step({ ...down, limit: 60, force: true });
    await e.act(shutDown);
    expect((await e.b.prove(shutDown, 60_000)).last).toEqual({ state: 'done', proof: '1 guest off' });
  });

  it('were not asked when it goes away just before, and that is said', async () => {
    const e = await silentFrom('down');
    const fault = await faultOf(e.soon(e.b.actions(e.step(down)).act(e.step(down))));
    expect(fault).toMatchObject({ code: 'command-failed' });
    expect(e.on()).toEqual(['vm1', 'vm2']);
  });
});

describe('guests that do not stop', () => {
  const stubborn = { shutdownDelayMs: 'never' } as const;

  it('stay on without force', async () => {
    const e = await esxi({ vms: guests(stubborn, {}) });
    const shutDown = e.step({ ...down, limit: 60 });
    await e.act(shutDown);
    expect((await e.b.prove(shutDown, 60_000)).last).toEqual({ state: 'not-done', seen: '1 guest on: vm1' });
    expect(e.acts().some((text) => text.includes('power.off'))).toBe(false);
  });

  it('are not powered off once the run is cancelled', async () => {
    const e = await esxi({ vms: guests(stubborn) });
    const shutDown = { ...e.step({ ...down, limit: 60, force: true }), isCancelled: () => true };
    await e.act(shutDown);
    await e.b.prove(shutDown, 60_000);
    expect(e.on()).toEqual(['vm1']);
  });

  it('are powered off after two thirds of the limit with force, and only they', async () => {
    const e = await esxi({ vms: guests(stubborn, {}, { tools: 'notRunning' }) });
    const shutDown = e.step({ ...down, limit: 60, force: true });
    await e.act(shutDown);
    const { last, tookMs } = await e.b.prove(shutDown, 60_000);
    expect(last).toEqual({ state: 'done', proof: '3 guests off' });
    expect(tookMs).toBeGreaterThanOrEqual(40_000);
    expect(tookMs).toBeLessThan(48_000);
    expect(e.acts().filter((text) => text.includes('power.off'))).toEqual([
      'vim-cmd vmsvc/power.off 1',
      'vim-cmd vmsvc/power.off 3',
    ]);
  });

  it('are ended by their own processes, not by that of another guest with the same folder on another datastore', async () => {
    const copy = { ...stubborn, vmx: 'web/web.vmx' };
    const e = await esxi({
      vms: guests({ ...copy, name: 'web' }, { ...copy, name: 'web-copy', datastore: 'datastore2' }),
    });
    // What power.off answers does not count, and here it does nothing.
    const run = e.fake.esxi.run.bind(e.fake.esxi);
    e.fake.esxi.run = (line, user) => (line.includes('power.off') ? run('true', user) : run(line, user));
    const shutDown = e.step({ ...down, limit: 60, force: true, guests: { except: ['web-copy'] } });
    await e.act(shutDown);
    await e.b.prove(shutDown, 70_000);
    expect(e.on()).toEqual(['web-copy']);
  });

  it('are powered off also when Glidepath was restarted after they had been asked', async () => {
    const e = await esxi({ vms: guests(stubborn) });
    const before = e.step({ ...down, limit: 60, force: true });
    const data = await e.act(before);
    const resumed = e.step({ ...down, limit: 60, force: true }, [{ step: before.step, data }]);
    expect((await e.b.prove(resumed, 60_000)).last).toEqual({ state: 'done', proof: '1 guest off' });
  });

  it('a look alone never powers one off', async () => {
    const e = await esxi({ vms: guests(stubborn) });
    await e.b.prove(e.step({ ...down, limit: 10, force: true }), 60_000);
    expect([e.acts(), e.on()]).toEqual([[], ['vm1']]);
  });

  it('one that waits for an answer to a question is ended by its process', { timeout: 30_000 }, async () => {
    const e = await esxi({ vms: guests({ ...stubborn, pendingQuestion: true }, {}) });
    const shutDown = e.step({ ...down, limit: 60, force: true });
    await e.act(shutDown);
    // The hung command has its own time, which is real: it is cut short by the connection that breaks.
    const proving = e.b.prove(shutDown, 1_000_000);
    await expect.poll(() => e.acts().some((text) => text.includes('power.off 1')), { timeout: 10_000 }).toBe(true);
    e.b.pool.close();
    expect((await proving).last).toEqual({ state: 'done', proof: '2 guests off' });
    expect(e.acts().some((text) => /^esxcli vm process kill --type hard --world-id \d+$/.test(text))).toBe(true);
  });
});

describe('powering an ESXi host off', () => {
  const off = { kind: 'power-off', until: 'port-closed' };

  it('is refused while a guest runs', async () => {
    const e = await esxi({ vms: guests({}, { power: 'off' }) });
    const fault = await faultOf(e.act(e.step(off)));
    expect(fault).toMatchObject({ code: 'refused', what: 'its guests would be cut off: 1 guest on: vm1' });
    expect([e.acts(), e.fake.state]).toEqual([[], 'on']);
  });

  it('without maintenance mode falls back to poweroff only when nothing runs', async () => {
    const e = await esxi({ vms: guests({ power: 'off' }) });
    const step = e.step(off);
    await e.act(step);
    expect(e.acts()).toEqual([`esxcli system shutdown poweroff -d 10 -r 'Glidepath: power failure'`, '/sbin/poweroff']);
    expect((await e.b.prove(step, 60_000)).last.state).toBe('done');
    expect(e.fake.esxi.crashedVms).toBe(0);
  });

  it('is not done blindly when nothing tells whether guests run', async () => {
    const e = await esxi({ hostd: 'down', localcli: false });
    const fault = await faultOf(e.act(e.step(off)));
    expect(fault.code).toBe('command-failed');
    expect([e.acts(), e.fake.state]).toEqual([[], 'on']);
  });

  it('that lies is never proven off', async () => {
    const e = await esxi({ maintenance: 'on', stuck: true });
    const step = e.step(off);
    await e.act(step);
    expect((await e.b.prove(step, 60_000)).last.state).toBe('not-done');
  });
});

describe('the management service', () => {
  it('is asked again while it starts', async () => {
    const e = await esxi({ hostd: 'down', maintenance: 'on' });
    e.b.clock.after(12_000, () => {
      e.fake.esxi.state.hostd = 'ok';
    });
    expect(await e.probe(e.step({ kind: 'enter-maintenance' }))).toEqual({
      state: 'done',
      proof: 'in maintenance mode',
    });
  });

  it('is waited for on the way back, minutes behind sshd', async () => {
    const e = await esxi({ hostd: 'down', maintenance: 'on' });
    e.b.clock.after(100_000, () => {
      e.fake.esxi.state.hostd = 'ok';
    });
    await e.act(e.step({ kind: 'exit-maintenance' }));
    expect(e.fake.esxi.state.maintenance).toBe('off');
  });

  it('that stays down, with nothing to go around it, leaves it open how things are', async () => {
    const e = await esxi({ hostd: 'down', localcli: false, vms: guests({}) });
    for (const kind of ['shut-down-guests', 'enter-maintenance']) {
      expect(await e.probe(e.step({ kind }))).toMatchObject({ state: 'unknown', fault: { code: 'command-failed' } });
    }
  });
});

it('enters no maintenance mode under a running guest, and waits no longer than a minute for it', async () => {
  const e = await esxi({ vms: guests({}) });
  const began = e.b.clock.monotonic();
  const fault = await faultOf(e.act(e.step({ kind: 'enter-maintenance' })));
  expect(fault).toMatchObject({ code: 'command-failed', remedy: expect.stringContaining('guest') });
  expect(e.b.clock.monotonic() - began).toBeLessThan(70_000);
  expect(e.acts()).toEqual(['esxcli system maintenanceMode set -e true -t 60']);
});

it('starts nothing when nothing was shut down, nor what another host had', async () => {
  const e = await esxi({ vms: guests({ power: 'off' }) });
  const other = e.step({ ...down, target: 'other', id: 'other' });
  const start = e.step({ kind: 'start-guests', id: 'start' }, [{ step: other.step, data: { guests: ['1'] } }]);
  expect(await e.probe(start)).toEqual({ state: 'done', proof: 'no guest was shut down in this run' });
});

it('lets no id out of a journal into a command', async () => {
  const e = await esxi({ vms: guests({}) });
  const start = e.step({ kind: 'start-guests', id: 'start' }, [
    { step: e.step(down).step, data: { guests: ['1; reboot'] } },
  ]);
  expect((await e.probe(start)).state).toBe('unknown');
  await expect(e.act(start)).rejects.toThrow("not a guest's id");
  expect(e.fake.ssh.log).toEqual([]);
});
