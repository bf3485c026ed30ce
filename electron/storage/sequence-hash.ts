import { isDeepStrictEqual } from 'node:util';
import type { Sequence, Stage, Step } from '../../shared/sequence.ts';
import { defaultTriggers } from '../../shared/triggers.ts';
import { contentHash } from './content-hash.ts';

/** What versions after the first brought, as it counts when it is not said. */
const unsaid = {
  sequence: { scope: 'all', faultTolerance: null, shed: [], parameters: {} },
  triggers: {
    lowBattery: defaultTriggers.lowBattery,
    forced: defaultTriggers.forced,
    settle: defaultTriggers.settle,
    silent: defaultTriggers.silent,
  },
  stage: { onFailure: 'continue', when: [] },
  step: {
    after: 0,
    when: [],
    optional: false,
    each: 'parallel',
    groups: [],
    guestLimits: [],
    evacuation: 'no-action',
    always: false,
  },
};

/**
 * What ties editing, arming, rehearsing and running of a sequence together. What is not said counts as before it could
 * be said: a sequence that was armed by an older Glidepath stays armed, as it does the same.
 */
export function sequenceHash(sequence: Sequence): string {
  const { stages, returnStages, triggers, ...rest } = sequence;
  const said = {
    ...without(rest, unsaid.sequence),
    triggers: without(triggers, unsaid.triggers),
    stages: stages.map(stageSaid),
    returnStages: returnStages.map(stageSaid),
  };
  return contentHash({ ...said, version: 1 });
}

const stageSaid = ({ steps, ...rest }: Stage): object => ({
  ...without(rest, unsaid.stage),
  steps: steps.map((step: Step) => without(step, unsaid.step)),
});

function without(value: object, defaults: Readonly<Record<string, unknown>>): object {
  const isSaid = ([name, part]: [string, unknown]) => !(name in defaults && isDeepStrictEqual(part, defaults[name]));
  return Object.fromEntries(Object.entries(value).filter(isSaid));
}
