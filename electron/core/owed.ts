import type { RunView, StepView } from '../../shared/run.ts';
import type { Stage } from '../../shared/sequence.ts';

/** Hosts that a run powered off (or took over as owed) and that nothing has proven awake since. */
export function owedBy(run: RunView): string[] {
  const state = (id: string): StepView['state'] => run.steps[id]?.state ?? 'waiting';
  const targets = (stages: readonly Stage[], kind: 'power-off' | 'wake', well: (state: StepView['state']) => boolean) =>
    stages.flatMap((stage) =>
      stage.steps.flatMap((step) => (step.kind === kind && well(state(step.id)) ? [step.target] : [])),
    );
  // A power-off that failed may still have arrived: bringing back a host that never went is harmless.
  const off = new Set([
    ...run.owed,
    ...targets(run.sequence.stages, 'power-off', (each) => each === 'done' || each === 'failed'),
  ]);
  for (const awake of targets(run.sequence.returnStages, 'wake', (each) => each === 'done' || each === 'already'))
    off.delete(awake);
  return [...off];
}
