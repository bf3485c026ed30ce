import { FaultError, toFault } from '../../../shared/fault.ts';
import type { Host } from '../../../shared/inventory.ts';
import type { Step, StepKind } from '../../../shared/sequence.ts';
import { type StepKindInfo, stepKinds } from '../../../shared/step-kinds.ts';
import type { Clock, Notifier, Probe, StepContext } from '../../core/ports.ts';
import type { LookAt } from '../reach.ts';
import type { Destination } from '../send-wake.ts';
import type { RemoteShell } from '../ssh/pool.ts';

/** What the step kinds work with. */
export interface TargetDeps {
  clock: Clock;
  shell: RemoteShell;
  notifier: Notifier;
  /** How a host's port is looked at; `lookAt` of reach.ts in the product. */
  look: LookAt;
  /** Where magic packets go besides every network of this computer. */
  wakeTo: readonly Destination[];
}

/** The context's step as the kind that it must be. */
export function stepOf<K extends StepKind>(context: Pick<StepContext, 'step'>, kind: K): Extract<Step, { kind: K }> {
  if (context.step.kind !== kind) throw new Error(`a ${context.step.kind} step was given to ${kind}`);
  return context.step as Extract<Step, { kind: K }>;
}

/** @throws FaultError `reference-missing` when the step has no target, or one of a kind that it cannot be aimed at */
export function targetOf(context: Pick<StepContext, 'step' | 'host'>): Host {
  const info: StepKindInfo = stepKinds[context.step.kind];
  if (context.host && info.targets?.includes(context.host.kind)) return context.host;
  throw new FaultError({
    code: 'reference-missing',
    what: `"${info.label}" cannot be aimed at ${context.host ? `a host of the kind ${context.host.kind}` : 'nothing'}`,
    where: context.host?.name ?? context.step.id,
    remedy: 'Choose another target for the step.',
  });
}

/** Milliseconds in which the step must be proven. */
export const limitMsOf = (step: Step): number => (step.limit ?? stepKinds[step.kind].limit) * 1000;

/** A look that failed cannot tell; it does not end the step. */
export async function tellOrUnknown(context: StepContext, look: () => Promise<Probe>): Promise<Probe> {
  try {
    return await look();
  } catch (error) {
    return { state: 'unknown', fault: toFault(error, context.host?.name ?? context.step.id) };
  }
}
