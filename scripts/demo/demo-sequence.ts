import { type Sequence, sequenceSchema } from '../../shared/sequence.ts';

/** Guests, then the line, then hypervisor and servers, the storage last; back in reverse. */
export const demoSequence: Sequence = sequenceSchema.parse({
  format: 'glidepath-sequence',
  version: 3,
  id: 'demo-rack',
  name: 'Demo rack',
  stages: [
    {
      id: 'workloads',
      name: 'Stop workloads',
      steps: [{ id: 'guests-esx', kind: 'shut-down-guests', target: 'esx-1', limit: 180 }],
    },
    {
      id: 'hosts',
      name: 'Hypervisor and servers',
      steps: [
        { id: 'mm-esx', kind: 'enter-maintenance', target: 'esx-1' },
        // The demo's hosts stand on loopback, whose kernel goes on answering "closed" when they are off.
        { id: 'off-esx', kind: 'power-off', target: 'esx-1', needs: ['mm-esx'], until: 'port-closed' },
        { id: 'off-web', kind: 'power-off', target: 'web-1', until: 'port-closed' },
        { id: 'off-backup', kind: 'power-off', target: 'backup-1', until: 'port-closed' },
      ],
    },
    {
      id: 'storage',
      name: 'Storage',
      steps: [{ id: 'off-nas', kind: 'power-off', target: 'nas-1', until: 'port-closed' }],
    },
  ],
  pointOfNoReturn: 'hosts',
  returnStages: [
    { id: 'back-storage', name: 'Storage', steps: [{ id: 'wake-nas', kind: 'wake', target: 'nas-1' }] },
    {
      id: 'back-hosts',
      name: 'Hypervisor, guests and servers',
      steps: [
        { id: 'wake-esx', kind: 'wake', target: 'esx-1' },
        { id: 'exit-esx', kind: 'exit-maintenance', target: 'esx-1', needs: ['wake-esx'] },
        { id: 'start-esx', kind: 'start-guests', target: 'esx-1', needs: ['exit-esx'] },
        { id: 'wake-web', kind: 'wake', target: 'web-1' },
        { id: 'wake-backup', kind: 'wake', target: 'backup-1' },
      ],
    },
  ],
  returnWhen: {},
  triggers: { runtime: {}, charge: {}, onBattery: {} },
});
