import { type Host, hostSchema } from '../../shared/inventory.ts';
import { emptyReading, type Reading, type Ups } from '../../shared/reading.ts';
import { type Sequence, sequenceSchema } from '../../shared/sequence.ts';

const key = { type: 'ssh-ed25519', fingerprint: `SHA256:${'A'.repeat(43)}` };

export function linux(id: string): Host {
  return hostSchema.parse({
    kind: 'linux',
    id,
    name: id,
    address: '10.0.0.1',
    user: 'root',
    login: 'key',
    hostKeys: [key],
    macs: ['02:00:00:00:00:01'],
  });
}

export function esxi(id: string): Host {
  return hostSchema.parse({
    kind: 'esxi',
    id,
    name: id,
    address: '10.0.0.2',
    user: 'root',
    login: 'password',
    hostKeys: [key],
    macs: ['02:00:00:00:00:02'],
  });
}

export const ups: Ups = {
  id: 'hid:051d:0002:A1',
  name: 'Back-UPS',
  manufacturer: 'APC',
  serial: 'A1',
  firmware: '',
  source: 'hid',
  via: 'USB 051d:0002',
  offers: [],
};

export function reading(patch: Partial<Reading>, at = 0): Reading {
  return { ...emptyReading(ups.id, at), ...patch };
}

/** One ESXi host, a web server and a NAS: guests, then the line, then the hypervisor and the web server, then the NAS. */
export function rackSequence(patch: Record<string, unknown> = {}): Sequence {
  return sequenceSchema.parse({
    format: 'glidepath-sequence',
    version: 3,
    id: 'rack',
    name: 'Rack',
    stages: [
      { id: 'guests', name: 'Guests', steps: [{ id: 'guests-esx', kind: 'shut-down-guests', target: 'esx' }] },
      {
        id: 'hosts',
        name: 'Hosts',
        steps: [
          { id: 'mm-esx', kind: 'enter-maintenance', target: 'esx' },
          { id: 'off-esx', kind: 'power-off', target: 'esx', needs: ['mm-esx'] },
          { id: 'off-web', kind: 'power-off', target: 'web' },
        ],
      },
      { id: 'storage', name: 'Storage', steps: [{ id: 'off-nas', kind: 'power-off', target: 'nas' }] },
    ],
    pointOfNoReturn: 'hosts',
    returnStages: [
      { id: 'back-storage', name: 'Storage', steps: [{ id: 'wake-nas', kind: 'wake', target: 'nas' }] },
      {
        id: 'back-hosts',
        name: 'Hosts',
        steps: [
          { id: 'wake-esx', kind: 'wake', target: 'esx' },
          { id: 'wake-web', kind: 'wake', target: 'web' },
          { id: 'exit-esx', kind: 'exit-maintenance', target: 'esx', needs: ['wake-esx'] },
          { id: 'start-esx', kind: 'start-guests', target: 'esx', needs: ['exit-esx'] },
        ],
      },
    ],
    returnWhen: {},
    triggers: { runtime: {}, charge: {}, onBattery: {} },
    ...patch,
  });
}

export const rackHosts = (): Host[] => [esxi('esx'), linux('web'), linux('nas')];
