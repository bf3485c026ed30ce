import { afterEach, expect, it } from 'vitest';
import type { Host } from '../../shared/inventory.ts';
import { VsphereServer } from '../fakes/vcenter/server.ts';
import { fakeEsxi, World } from '../fakes/vcenter/world.ts';
import { closeAll, vsanHost } from './esxi-kit.ts';
import { bench, byPassword } from './targets-kit.ts';
import { certificate, closeAll as closeServers, closing, vsphereHost } from './vmware-kit.ts';

afterEach(() => {
  closeAll();
  return closeServers();
});

it('leaving maintenance mode through a vCenter, which vSAN did not hear of, is done once more at the host', async () => {
  let hosts: Host[] = [];
  const b = bench(byPassword('right'), { hosts: (id) => hosts.find((host) => host.id === id) ?? null });
  const e = await vsanHost({}, { b });
  const after = (ms: number, call: () => void) => b.clock.after(ms, call);
  const world = new World(after, { hosts: [fakeEsxi('host-1', { ip: e.host.address })], vms: [] });
  const users = [{ name: 'root', password: 'right' }];
  const side = { is: 'vcenter' } as const;
  const vc = new VsphereServer({
    world,
    after,
    users,
    certificate: certificate(),
    name: 'vc',
    side,
    address: '127.0.0.10',
  });
  await vc.powerOn();
  closing.push(
    () => b.soap.close(),
    () => vc.close(),
  );
  const host: Host = { ...e.host, managedBy: 'vc' };
  hosts = [vsphereHost(vc, { id: 'vc', name: 'vc', kind: 'vcenter' }), host];
  const [node] = e.vsan.nodes;
  if (node) node.inMaintenance = true;

  const context = b.step({ kind: 'exit-maintenance', target: 'esxi' }, host);
  expect((await e.probe(context)).state).toBe('not-done');
  await e.act(context);
  expect(vc.calls).toContain('ExitMaintenanceMode_Task');
  expect(e.acts()).toEqual([
    'esxcli system maintenanceMode set -e true -t 60 -m noAction',
    'esxcli system maintenanceMode set -e false -t 60',
  ]);
  expect(await e.probe(context)).toEqual({ state: 'done', proof: 'not in maintenance mode' });
});
