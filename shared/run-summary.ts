import type { RunView } from './run.ts';
import type { RunSummary } from './view.ts';

/** A run in one row of the list. */
export function summariseRun(run: RunView): RunSummary {
  const powerOffs = run.sequence.stages.flatMap((stage) => stage.steps).filter((step) => step.kind === 'power-off');
  const off = powerOffs.filter((step) => ['done', 'already'].includes(run.steps[step.id]?.state ?? 'waiting'));
  return {
    runId: run.runId,
    begunAt: run.begunAt,
    endedAt: run.endedAt,
    cause: run.cause,
    sequenceName: run.sequence.name,
    result: run.result,
    hostsOff: new Set(off.map((step) => step.target)).size,
  };
}
