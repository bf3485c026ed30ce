import type { Stage, Step } from '../../shared/sequence.ts';

/** The steps of a stage that wait for this one. */
export const needsOf = (stage: Stage, stepId: string): Step[] =>
  stage.steps.filter((step) => step.needs.includes(stepId));

/** Whether `stepId` waiting for `needId` would make a circle, in which nothing ever starts. */
export function wouldCircle(stage: Stage, stepId: string, needId: string): boolean {
  const byId = new Map(stage.steps.map((step) => [step.id, step]));
  const seen = new Set<string>();
  const open = [needId];
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    if (id === stepId) return true;
    if (seen.has(id)) continue;
    seen.add(id);
    open.push(...(byId.get(id)?.needs ?? []));
  }
  return false;
}
