import { type Host, hostSchema } from '../../shared/inventory.ts';
import type { RunRecord } from '../../shared/run-record.ts';
import { type Sequence, sequenceSchema } from '../../shared/sequence.ts';

/** A small rack: one NAS, one hypervisor, powered off in two stages. */
export const sampleSequence = (patch: Partial<Sequence> = {}): Sequence => ({
  ...sequenceSchema.parse({
    format: 'glidepath-sequence',
    version: 3,
    id: 'rack-plan',
    name: 'Rack plan',
    stages: [
      { id: 'hypervisors', name: 'Hypervisors', steps: [{ id: 'off-esx', kind: 'power-off', target: 'esx-1' }] },
      { id: 'storage', name: 'Storage', steps: [{ id: 'off-nas', kind: 'power-off', target: 'nas-1' }] },
    ],
    pointOfNoReturn: 'storage',
    returnStages: [{ id: 'back', name: 'Back', steps: [{ id: 'wake-nas', kind: 'wake', target: 'nas-1' }] }],
    returnWhen: {},
    triggers: { runtime: {}, charge: {}, onBattery: {} },
  }),
  ...patch,
});

export const sampleNas: Host = hostSchema.parse({
  kind: 'linux',
  id: 'nas-1',
  name: 'NAS',
  address: '10.0.0.2',
  user: 'ups',
  login: 'password',
});

export const sampleEsx: Host = hostSchema.parse({
  kind: 'esxi',
  id: 'esx-1',
  name: 'ESX 1',
  address: '10.0.0.3',
  user: 'root',
  login: 'key',
});

/** The journal of a whole run, with a sentence that is not ASCII. The line is passed with its 7th record. */
export function sampleRecords(runId: string): RunRecord[] {
  const done = { result: 'done', proof: 'silent for 20 s', fault: null, data: {} } as const;
  return [
    {
      type: 'begun',
      version: 3,
      at: 1000,
      runId,
      cause: 'runtime',
      why: '12 min left, 9 min needed',
      sequence: sampleSequence(),
      hash: 'a'.repeat(64),
      followsPower: true,
      owed: [],
      owedGuests: {},
      hosts: [sampleNas, sampleEsx],
    },
    { type: 'step-started', at: 1001, step: 'off-esx' },
    { type: 'intent', at: 1002, step: 'off-esx', attempt: 1, data: {} },
    { type: 'accepted', at: 1003, step: 'off-esx', attempt: 1, data: { guests: ['a', 'b'] } },
    { type: 'step-ended', at: 1004, step: 'off-esx', ...done },
    { type: 'note', at: 1005, sentence: 'Ladung 30 % – weiter' },
    { type: 'no-return', at: 1006 },
    { type: 'step-ended', at: 1007, step: 'off-nas', ...done },
    { type: 'down-ended', at: 1008, result: 'done', why: 'all steps ended' },
    { type: 'ended', at: 1009, result: 'done', byHand: false, why: 'the power never came back' },
  ];
}
