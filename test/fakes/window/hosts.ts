import type { Host } from '../../../shared/inventory.ts';
import type { HostView } from '../../../shared/view.ts';

const key = { type: 'ssh-ed25519', fingerprint: `SHA256:${'k3Jx9'.repeat(8)}Qw2` };

const linux = (id: string, address: string, mac: string): Host => ({
  id,
  name: id,
  address,
  port: 22,
  user: 'ups',
  login: 'key',
  hostKeys: [key],
  macs: [mac],
  fedBy: { upses: [], need: 'any' },
  tags: [],
  uses: [],
  isThisComputer: false,
  secureOn: false,
  bmc: null,
  kind: 'linux',
  oldAlgorithms: false,
  sudo: true,
  powerOffCommand: 'systemctl poweroff',
});

const esxi = (id: string, address: string, mac: string): Host => ({
  id,
  name: id,
  address,
  port: 22,
  user: 'root',
  login: 'password',
  hostKeys: [key],
  macs: [mac],
  fedBy: { upses: [], need: 'any' },
  tags: [],
  uses: [],
  isThisComputer: false,
  secureOn: false,
  bmc: null,
  kind: 'esxi',
  oldAlgorithms: false,
  sudo: false,
});

export const hosts: Host[] = [
  esxi('esx-1', '10.0.10.11', '3c:ec:ef:00:11:01'),
  esxi('esx-2', '10.0.10.12', '3c:ec:ef:00:11:02'),
  linux('backup-1', '10.0.10.30', '00:11:32:aa:00:30'),
  linux('nas-1', '10.0.10.21', '00:11:32:aa:00:21'),
];

const feeds: Record<string, Host['fedBy']> = {
  'esx-1': { upses: ['G123A45678', 'AS2041123'], need: 'all' },
  'esx-2': { upses: ['G123A45678', 'AS2041123'], need: 'any' },
  'nas-1': { upses: ['G123A45678'], need: 'any' },
  'backup-1': { upses: ['AS2041123'], need: 'any' },
};

export const hostViews: HostView[] = hosts.map((host) => ({ host, hasSecret: true }));

/** As a first setup looks: no key confirmed, no secret, no MAC. */
export const rawHostViews: HostView[] = hosts.map((host, at) =>
  at % 2 === 0 ? { host, hasSecret: true } : { host: { ...host, hostKeys: [], macs: [] }, hasSecret: false },
);

/** Of one host nothing is said, and one names a UPS that nobody knows any more. */
const halfSaid: Record<string, Host['fedBy']> = {
  ...feeds,
  'esx-2': { upses: ['AS1834507'], need: 'any' },
  'backup-1': { upses: [], need: 'any' },
};

const fedBy = (said: Record<string, Host['fedBy']>): HostView[] =>
  hosts.map((host) => ({ host: { ...host, fedBy: said[host.id] ?? host.fedBy }, hasSecret: true }));

/** Two feeds, as `oneFails` has them: what hangs on one, on both, and on who knows which. */
export const fedHostViews = fedBy(feeds);

/** As `putOff` has them. */
export const halfSaidHostViews = fedBy(halfSaid);
