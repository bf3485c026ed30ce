import { expand } from '../../electron/core/plan/expand.ts';
import type { CheckContext, StepActions, StepTable } from '../../electron/core/ports.ts';
import { type RehearsalInput, rehearse } from '../../electron/core/rehearsal.ts';
import { type Host, hostSchema } from '../../shared/inventory.ts';
import type { Check, Rehearsal, RehearsalVerdict } from '../../shared/rehearsal.ts';
import { type Sequence, type StepKind, sequenceSchema } from '../../shared/sequence.ts';
import { stepKinds } from '../../shared/step-kinds.ts';
import { ManualClock } from '../fakes/manual-clock.ts';

export const hostNamed = (id: string): Host =>
  hostSchema.parse({ id, name: id, kind: 'linux', address: '10.0.0.1', user: 'root', login: 'key' });

/** Everything off, and back. */
export const offAndBack = (hosts: readonly Host[]): Sequence =>
  sequenceSchema.parse({
    format: 'glidepath-sequence',
    version: 3,
    id: 'rack',
    name: 'Rack',
    stages: [
      {
        id: 'down',
        name: 'Down',
        steps: hosts.map(({ id }) => ({ id: `off-${id}`, kind: 'power-off', target: id })),
      },
    ],
    pointOfNoReturn: 'down',
    returnStages: [
      { id: 'back', name: 'Back', steps: hosts.map(({ id }) => ({ id: `wake-${id}`, kind: 'wake', target: id })) },
    ],
    returnWhen: {},
  });

export const seen = (verdict: RehearsalVerdict, detail = 'seen'): Check => ({
  what: 'login',
  verdict,
  detail,
  fault: verdict === 'fails' ? { code: 'login-refused', what: detail, where: 'x', remedy: 'y' } : null,
  ms: 12,
});

export interface Table {
  steps: StepTable;
  /** Acts and probes of a run that were called: none may be. */
  acts: string[];
}

/** A step table that only checks; everything else of it is counted. */
export function tableThat(check: (context: CheckContext) => Promise<Check[]>): Table {
  const acts: string[] = [];
  const actions: StepActions = {
    proveEvery: 1000,
    probe: async ({ step }) => {
      acts.push(`probe ${step.id}`);
      return { state: 'not-done', seen: '' };
    },
    act: async ({ step }) => {
      acts.push(`act ${step.id}`);
      return {};
    },
    check,
    would: (step) => `do ${step.id}`,
  };
  const steps = Object.fromEntries((Object.keys(stepKinds) as StepKind[]).map((kind) => [kind, actions]));
  return { steps: steps as StepTable, acts };
}

export const expected = () => ({ p50: 10, p90: 20, samples: 3 });

export function inputFor(
  hosts: readonly Host[],
  check: (context: CheckContext) => Promise<Check[]>,
  more: Partial<RehearsalInput> = {},
) {
  const clock = new ManualClock();
  const { steps, acts } = tableThat(check);
  const sequence = offAndBack(hosts);
  const progress: string[] = [];
  const input: RehearsalInput = {
    plan: { sequence, hash: 'a'.repeat(64) },
    compiled: expand(sequence, hosts),
    hosts,
    hostsHash: 'b'.repeat(64),
    steps,
    clock,
    expected,
    runtimeLeft: 900,
    cause: 'by-hand',
    signal: new AbortController().signal,
    progress: (done, of) => void progress.push(`${done}/${of}`),
    ...more,
  };
  return { clock, acts, progress, input, held: (): Promise<Rehearsal> => rehearse(input) };
}
