import { assertNever } from '../../shared/assert-never.ts';
import type { Host } from '../../shared/inventory.ts';
import type { Sequence, Stage, Step, StepKind } from '../../shared/sequence.ts';
import { stepKinds } from '../../shared/step-kinds.ts';
import { freshId, stepIds } from './ids.ts';
import { targetOf } from './step-words.ts';
import { hostsFor } from './targets.ts';

/**
 * A step with its defaults, aimed at the first fitting host that the stage does not do this to yet; null: no host fits.
 * @param ups the UPS that a step of the kind `ups-off` is for; null: there is none
 */
export function newStep(
  sequence: Sequence,
  stage: Stage,
  kind: StepKind,
  hosts: readonly Host[],
  ups: string | null,
): Step | null {
  const taken = stepIds(sequence);
  if (kind === 'ups-off') return ups === null ? null : makeStep(kind, ups, freshId(kind, taken));
  const fitting = hostsFor(kind, hosts);
  const used = new Set(stage.steps.filter((step) => step.kind === kind).map(targetOf));
  const target = (fitting.find((host) => !used.has(host.id)) ?? fitting[0])?.id ?? null;
  if (target === null && stepKinds[kind].targets) return null;
  return makeStep(kind, target ?? '', freshId(target ? `${kind}-${target}` : kind, taken));
}

/**
 * Equal to what the schema fills in; written out, so that the draft is what the file will say.
 * @param target a host, or of `ups-off` the UPS
 */
export function makeStep(kind: StepKind, target: string, id: string): Step {
  const common = { id, retries: 1, onFailure: 'continue' as const, needs: [], after: 0, when: [], optional: false };
  const aimed = { ...common, target, each: 'parallel' as const };
  switch (kind) {
    case 'power-off':
      return { ...aimed, kind, until: 'silent' };
    case 'shut-down-guests':
      return { ...aimed, kind, force: false, groups: [], guestLimits: [] };
    case 'enter-maintenance':
      return { ...aimed, kind, evacuation: 'no-action' };
    case 'start-guests':
      return { ...aimed, kind, groups: [] };
    case 'exit-maintenance':
    case 'wake':
    case 'migrate-guests':
    case 'disable-ha':
    case 'enable-ha':
    case 'retreat-vcls':
    case 'restore-vcls':
    case 'ignore-member-updates':
    case 'heed-member-updates':
    case 'wait-resync':
    case 'prepare-vsan':
    case 'recover-vsan':
    case 'set-ceph-flags':
    case 'unset-ceph-flags':
      return { ...aimed, kind };
    case 'command':
      return { ...aimed, kind, command: 'true', always: false };
    case 'wait':
      return { ...common, kind, seconds: 60 };
    case 'ups-off':
      return { ...common, kind, ups: target, outlet: null, delay: 180, returns: true };
    case 'notify':
      return { ...common, kind, message: 'The shutdown has reached this step' };
    default:
      return assertNever(kind, 'step kind');
  }
}
