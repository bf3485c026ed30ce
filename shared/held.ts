import { keptOn, nothingSaid } from './kept-on.ts';
import { isMeant } from './meant.ts';
import type { RunView, StepView } from './run.ts';
import type { Step } from './sequence.ts';

/**
 * Whether a step that could begin does not, as its host is not among those that the run is for, or its UPS is left on as
 * far as the run's journal tells.
 */
export function isHeld(step: Step, view: Pick<StepView, 'state'> | undefined, run: RunView): boolean {
  if (run.phase !== 'down' || view?.state !== 'waiting') return false;
  return !isMeant(step, run.wanted) || keptOn(step, run, nothingSaid) !== null;
}
