import { isHeld } from '../../shared/held.ts';
import type { RunView, StepState } from '../../shared/run.ts';
import type { Stage } from '../../shared/sequence.ts';

const ended: readonly StepState[] = ['done', 'already', 'failed', 'skipped'];

/** Where a run stands: the stage that has not ended yet, counted from 1, held steps aside, and of how many. */
export function stageProgress(run: RunView): { stage: number; of: number } {
  const stages: readonly Stage[] = run.phase === 'return' ? run.sequence.returnStages : run.sequence.stages;
  const open = stages.findIndex((stage) =>
    stage.steps.some((step) => {
      const view = run.steps[step.id];
      return !ended.includes(view?.state ?? 'waiting') && !isHeld(step, view, run);
    }),
  );
  return { stage: open < 0 ? stages.length : open + 1, of: stages.length };
}

export function failedSteps(run: RunView): string[] {
  return Object.values(run.steps)
    .filter((step) => step.state === 'failed')
    .map((step) => step.id);
}
