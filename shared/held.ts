import type { RunView, StepView } from './run.ts';
import type { Step } from './sequence.ts';

/** Whether a step that could begin does not, as its host is not among those that the run is for. */
export function isHeld(
  step: Step,
  view: Pick<StepView, 'state'> | undefined,
  { wanted, phase }: Pick<RunView, 'wanted' | 'phase'>,
): boolean {
  if (phase !== 'down' || view?.state !== 'waiting' || wanted === null) return false;
  return 'target' in step && !wanted.includes(step.target);
}
