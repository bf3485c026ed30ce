import { afterEach, expect, it } from 'vitest';
import { usual } from '../../electron/core/plan/usual.ts';
import { RunKeeper } from '../../electron/core/run-keeper.ts';
import { Supplies } from '../../electron/core/supplies.ts';
import type { Host } from '../../shared/inventory.ts';
import { sequenceSchema } from '../../shared/sequence.ts';
import { MemoryJournals } from '../fakes/memory-journals.ts';
import { type VsphereOptions, VsphereServer } from '../fakes/vcenter/server.ts';
import { fakeEsxi, fakeVm, World } from '../fakes/vcenter/world.ts';
import { bench, byPassword } from './targets-kit.ts';
import { certificate, closeAll, closing, vsphereHost } from './vmware-kit.ts';

afterEach(closeAll);

const sequence = sequenceSchema.parse({
  format: 'glidepath-sequence',
  version: 3,
  id: 'vsphere',
  name: 'vSphere',
  stages: [
    {
      id: 'cluster',
      name: 'Cluster',
      steps: [
        { id: 'ha', kind: 'disable-ha', target: 'vc' },
        { id: 'vcls', kind: 'retreat-vcls', target: 'vc' },
      ],
    },
    { id: 'guests', name: 'Guests', steps: [{ id: 'all', kind: 'shut-down-guests', target: 'vc' }] },
    { id: 'vcenter', name: 'vCenter', steps: [{ id: 'vcsa', kind: 'shut-down-guests', target: 'esxi-2' }] },
    { id: 'maintenance', name: 'Maintenance', steps: [{ id: 'enter', kind: 'enter-maintenance', target: 'tag:esxi' }] },
    { id: 'off', name: 'Off', steps: [{ id: 'off', kind: 'power-off', target: 'tag:esxi', until: 'port-closed' }] },
  ],
  pointOfNoReturn: 'off',
  returnStages: [],
  returnWhen: {},
});

it('a whole run: the vCenter is one of its own guests, and its hosts go down without it', {
  timeout: 60_000,
}, async () => {
  let hosts: Host[] = [];
  const b = bench(byPassword('right'), { hosts: (id) => hosts.find((host) => host.id === id) ?? null });
  const after: VsphereOptions['after'] = (ms, call) => b.clock.after(ms, call);
  const world = new World(after, {
    hosts: [fakeEsxi('host-1', { ip: '127.0.0.11' }), fakeEsxi('host-2', { ip: '127.0.0.12', isVsanMember: true })],
    vms: [
      fakeVm(1, 'web'),
      fakeVm(2, 'vcsa', { host: 'host-2', ip: '127.0.0.10', shutdownMs: 45_000 }),
      fakeVm(3, 'db', { host: 'host-2', shutdownMs: 30_000 }),
      fakeVm(4, 'vCLS-1111', { shutdownMs: 'never' }),
    ],
  });
  const common = { world, after, users: [{ name: 'root', password: 'right' }], certificate: certificate() };
  const vc = new VsphereServer({ ...common, name: 'vc', side: { is: 'vcenter' }, address: '127.0.0.10' });
  const esxis = world.hosts.map(
    (host, at) =>
      new VsphereServer({ ...common, name: `esxi-${at + 1}`, side: { is: 'esxi', host }, address: host.ip }),
  );
  for (const server of [vc, ...esxis]) {
    await server.powerOn();
    closing.push(() => server.close());
  }
  closing.unshift(() => b.soap.close());
  world.onVmOff((vm) => vm.name === 'vcsa' && vc.powerOff('silence'));
  hosts = [
    vsphereHost(vc, { id: 'vc', name: 'vc', kind: 'vcenter' }),
    ...esxis.map((server) =>
      vsphereHost(server, { id: server.name, name: server.name, managedBy: 'vc', tags: ['esxi'] }),
    ),
  ];

  const journals = new MemoryJournals();
  const keeper = new RunKeeper({
    clock: b.clock,
    journals,
    steps: b.table,
    newRunId: () => 'run-1',
    report: (error) => expect.unreachable(String(error)),
    changed: () => undefined,
    expected: usual,
    timed: () => undefined,
    decided: () => undefined,
  });
  const moment = () => ({ wall: b.clock.now(), mono: b.clock.monotonic() });
  const supplies = new Supplies(() => []);
  await keeper.begin({ sequence, hash: 'h', armed: true }, hosts, {
    cause: 'by-hand',
    why: 'Started by the test',
    followsPower: false,
    upses: [],
    wanted: null,
    met: [],
  });
  for (let turn = 0; keeper.view?.downResult === null && turn < 2000; turn += 1) {
    // Real connections take real time, and not much of it.
    await new Promise((resolve) => setTimeout(resolve, 5));
    await b.clock.advance(500);
    keeper.advance(supplies, moment(), null);
  }

  const steps = Object.values(keeper.view?.steps ?? {});
  expect(steps.map(({ id, state, proof }) => `${id} ${state}: ${proof}`)).toEqual([
    'ha done: HA is on in no cluster',
    'vcls done: no vCLS VM is on',
    'all done: 2 guests off',
    'vcsa done: 1 guest off',
    'enter.esxi-1 done: in maintenance mode',
    'enter.esxi-2 done: in maintenance mode',
    expect.stringMatching(/^off\.esxi-1 done: port closed/),
    expect.stringMatching(/^off\.esxi-2 done: port closed/),
  ]);
  expect(world.crashed).toEqual([]);
  expect(world.hosts.map(({ isOn }) => isOn)).toEqual([false, false]);
  // The vCenter asked its own VM to stop, and was gone for the rest.
  expect(vc.calls.filter((method) => /ShutdownGuest|_Task$/.test(method))).toEqual([
    'ReconfigureComputeResource_Task',
    'ShutdownGuest',
    'ShutdownGuest',
    'ShutdownGuest',
  ]);
  const notes = journals.records.flatMap((record) => (record.type === 'note' ? [record.sentence] : []));
  expect(notes.filter((note) => note.includes('not by vc'))).toHaveLength(1);
  expect(notes.filter((note) => note.includes('vcsa is the vCenter itself'))).toHaveLength(1);
});
