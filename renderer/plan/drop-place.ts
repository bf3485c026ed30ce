import type { Stage } from '../../shared/sequence.ts';

/** The step in front of which a dropped one goes; null: to the end. */
export function beforeWhom(
  stage: Stage,
  droppedId: string,
  targetId: string,
  position: 'before' | 'after' | 'on',
): string | null {
  if (position !== 'after') return targetId;
  const at = stage.steps.findIndex((step) => step.id === targetId);
  return stage.steps.slice(at + 1).find((step) => step.id !== droppedId)?.id ?? null;
}
