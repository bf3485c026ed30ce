import type { PlanView } from '../../shared/view.ts';

/** Seconds after the start at which the first step behind the line begins; null: none is planned there. */
export function noReturnStart({ sequence, checked }: Pick<PlanView, 'sequence' | 'checked'>): number | null {
  if (!sequence) return null;
  const at = sequence.stages.findIndex((stage) => stage.id === sequence.pointOfNoReturn);
  const behind = new Set(sequence.stages.slice(at).map((stage) => stage.id));
  const starts = checked.steps
    .filter((step) => step.phase === 'down' && behind.has(step.stageId))
    .map((step) => step.start);
  return starts.length > 0 ? Math.min(...starts) : null;
}
