import type { Clock, Credential, Credentials } from '../../electron/core/ports.ts';
import { type Host, hostSchema } from '../../shared/inventory.ts';
import { esxiVm } from '../../test/fakes/esxi/shell.ts';
import { EsxiHost } from '../../test/fakes/esxi-host.ts';
import { LinuxHost } from '../../test/fakes/linux-host.ts';
import type { LoopbackHost } from '../../test/fakes/loopback-host.ts';
import { newSshKey } from '../../test/fakes/ssh-keys.ts';
import { WakeListener } from '../../test/fakes/wake-listener.ts';

/** The rack of the demo: real SSH servers on loopback that take their time to die and to come back. */
export interface DemoRack {
  machines: LoopbackHost[];
  hosts: Host[];
  credentials: Credentials;
  /** Where magic packets must go to be heard: loopback has no broadcast domain. */
  wakePort: number;
  guestsOn(): string[];
  guestCount: number;
  close(): void;
}

export async function openRack(clock: Clock): Promise<DemoRack> {
  const wake = await WakeListener.open();
  const key = newSshKey('demo');
  const password = `demo-${key.fingerprint.slice(-12)}`;
  const common = { after: clock.after.bind(clock), now: () => clock.now(), wake };
  const root = { name: 'root', publicKeys: [key.publicKey] };
  const esx = new EsxiHost({
    ...common,
    name: 'esx-1',
    mac: '02:00:00:00:00:01',
    bootMs: 90_000,
    users: [{ name: 'root', password }],
    state: {
      vms: [
        esxiVm(1, 'dc-1', { shutdownDelayMs: 35_000 }),
        esxiVm(2, 'web-front', { shutdownDelayMs: 20_000 }),
        esxiVm(7, 'mail (old)', { shutdownDelayMs: 28_000 }),
      ],
    },
  });
  const web = new LinuxHost({
    ...common,
    name: 'web-1',
    mac: '02:00:00:00:00:02',
    timeToDieMs: 9_000,
    bootMs: 45_000,
    users: [root],
  });
  const backup = new LinuxHost({
    ...common,
    name: 'backup-1',
    mac: '02:00:00:00:00:03',
    timeToDieMs: 14_000,
    bootMs: 40_000,
    users: [root],
  });
  const nas = new LinuxHost({
    ...common,
    name: 'nas-1',
    mac: '02:00:00:00:00:04',
    timeToDieMs: 25_000,
    bootMs: 60_000,
    users: [{ name: 'ups', publicKeys: [key.publicKey] }],
    sudo: ['/usr/bin/systemctl poweroff'],
  });
  const machines: LoopbackHost[] = [esx, web, backup, nas];
  for (const machine of machines) await machine.powerOn();
  const host = (machine: LoopbackHost, more: object): Host =>
    hostSchema.parse({
      id: machine.name,
      name: machine.name,
      address: machine.address,
      port: machine.port,
      user: 'root',
      login: 'key',
      macs: [machine.mac],
      hostKeys: [{ type: 'ssh-ed25519', fingerprint: machine.ssh.hostKey.fingerprint }],
      kind: 'linux',
      ...more,
    });
  const keyCredential: Credential = { kind: 'key', privateKey: key.privateKey, passphrase: '' };
  return {
    machines,
    hosts: [
      host(esx, { kind: 'esxi', login: 'password' }),
      host(web, {}),
      host(backup, {}),
      host(nas, { user: 'ups', sudo: true }),
    ],
    credentials: { for: async (each) => (each.login === 'password' ? { kind: 'password', password } : keyCredential) },
    wakePort: wake.port,
    guestCount: esx.esxi.state.vms.length,
    guestsOn: () => esx.esxi.state.vms.filter((vm) => vm.power === 'on').map((vm) => vm.name),
    close: () => {
      for (const machine of machines) machine.close();
      wake.close();
    },
  };
}
