import { assertNever } from '../../shared/assert-never.ts';
import type { Host } from '../../shared/inventory.ts';
import type { Sequence, Stage, Step, StepKind } from '../../shared/sequence.ts';
import { stepKinds } from '../../shared/step-kinds.ts';
import { freshId, stepIds } from './ids.ts';
import { targetOf } from './step-words.ts';
import { hostsFor } from './targets.ts';

/** A step with its defaults, aimed at the first fitting host that the stage does not do this to yet; null: no host fits. */
export function newStep(sequence: Sequence, stage: Stage, kind: StepKind, hosts: readonly Host[]): Step | null {
  const fitting = hostsFor(kind, hosts);
  const used = new Set(stage.steps.filter((step) => step.kind === kind).map(targetOf));
  const target = (fitting.find((host) => !used.has(host.id)) ?? fitting[0])?.id ?? null;
  if (target === null && stepKinds[kind].targets) return null;
  return makeStep(kind, target ?? '', freshId(target ? `${kind}-${target}` : kind, stepIds(sequence)));
}

/** Equal to what the schema fills in; written out, so that the draft is what the file will say. */
export function makeStep(kind: StepKind, target: string, id: string): Step {
  const common = { id, retries: 1, onFailure: 'continue' as const, needs: [], after: 0, when: [], optional: false };
  const aimed = { ...common, target, each: 'parallel' as const };
  switch (kind) {
    case 'power-off':
      return { ...aimed, kind, until: 'silent' };
    case 'shut-down-guests':
      return { ...aimed, kind, force: false, groups: [] };
    case 'enter-maintenance':
    case 'exit-maintenance':
    case 'start-guests':
    case 'wake':
      return { ...aimed, kind };
    case 'command':
      return { ...aimed, kind, command: 'true' };
    case 'wait':
      return { ...common, kind, seconds: 60 };
    case 'notify':
      return { ...common, kind, message: 'The shutdown has reached this step' };
    default:
      return assertNever(kind, 'step kind');
  }
}
