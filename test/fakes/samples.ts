import { type Host, hostSchema } from '../../shared/inventory.ts';
import type { RunRecord } from '../../shared/run-record.ts';
import { type Sequence, sequenceSchema } from '../../shared/sequence.ts';

export function sampleHosts(): Host[] {
  return [
    hostSchema.parse({ kind: 'linux', id: 'nas', name: 'NAS', address: '10.0.0.2', user: 'root', login: 'password' }),
    hostSchema.parse({ kind: 'esxi', id: 'esx', name: 'ESX', address: '10.0.0.3', user: 'root', login: 'key' }),
  ];
}

export function sampleSequence(patch: Record<string, unknown> = {}): Sequence {
  return sequenceSchema.parse({
    format: 'glidepath-sequence',
    version: 1,
    id: 'rack-plan',
    name: 'Rack',
    stages: [{ id: 'hosts', name: 'Hosts', steps: [{ id: 'off-nas', kind: 'power-off', target: 'nas' }] }],
    pointOfNoReturn: 'hosts',
    returnStages: [{ id: 'back', name: 'Back', steps: [{ id: 'wake-nas', kind: 'wake', target: 'nas' }] }],
    returnWhen: {},
    triggers: { runtime: {}, charge: {}, onBattery: {} },
    ...patch,
  });
}

/** A whole run, from `begun` to `ended`. */
export function sampleRecords(runId: string): RunRecord[] {
  const at = Date.UTC(2026, 10, 21, 19, 2, 0);
  return [
    {
      type: 'begun',
      version: 1,
      at,
      runId,
      cause: 'runtime',
      why: 'Started because the battery lasts 8 min',
      sequence: sampleSequence(),
      hash: '0'.repeat(64),
      followsPower: true,
      owed: [],
      hosts: sampleHosts(),
    },
    { type: 'no-return', at: at + 1 },
    { type: 'step-started', at: at + 2, step: 'off-nas' },
    { type: 'intent', at: at + 3, step: 'off-nas', attempt: 1 },
    { type: 'accepted', at: at + 4, step: 'off-nas', attempt: 1, data: { note: 'ünïcode → ok' } },
    {
      type: 'step-ended',
      at: at + 5,
      step: 'off-nas',
      result: 'done',
      proof: 'silent for 20 s',
      fault: null,
      data: {},
    },
    { type: 'down-ended', at: at + 6, result: 'done', why: 'all 1 steps are proven' },
    { type: 'return-begun', at: at + 7, why: 'Power stable for 1 min' },
    {
      type: 'step-ended',
      at: at + 8,
      step: 'wake-nas',
      result: 'done',
      proof: 'answers on port 22',
      fault: null,
      data: {},
    },
    { type: 'ended', at: at + 9, result: 'done', why: 'ended well' },
  ];
}
