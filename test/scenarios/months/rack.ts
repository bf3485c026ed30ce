import { type Host, hostSchema } from '../../../shared/inventory.ts';
import { type Sequence, sequenceSchema } from '../../../shared/sequence.ts';
import { linux } from '../../fakes/rack-samples.ts';
import type { Profile } from './profiles.ts';

/** Seconds that the plan takes by its own account, and really: two hosts one after the other, 90 s each. */
export const needs = 180;
/** Ms that a host takes to be off, so that the whole takes as long as it may. */
export const dieMs = 86_000;
/** Seconds of runtime at which a run is due by the plan's rule: a quarter more than it needs. */
export const due = 225;

export const hostNames = ['web', 'nas'] as const;

export const hosts = (upses: readonly string[]): Host[] =>
  hostNames.map((name) => hostSchema.parse({ ...linux(name), fedBy: { upses, need: 'any' } }));

export const sequence = ({ triggers }: Profile): Sequence =>
  sequenceSchema.parse({
    format: 'glidepath-sequence',
    version: 3,
    id: 'months',
    name: 'Months',
    stages: [
      { id: 'hosts', name: 'Hosts', steps: [{ id: 'off-web', kind: 'power-off', target: 'web' }] },
      { id: 'storage', name: 'Storage', steps: [{ id: 'off-nas', kind: 'power-off', target: 'nas' }] },
    ],
    pointOfNoReturn: 'storage',
    returnStages: [
      {
        id: 'back',
        name: 'Back',
        steps: ['nas', 'web'].map((target) => ({ id: `wake-${target}`, kind: 'wake', target })),
      },
    ],
    returnWhen: {},
    triggers: {
      runtime: {},
      charge: { enabled: triggers.charge },
      onBattery: { enabled: triggers.onBattery, seconds: 7200 },
    },
  });
