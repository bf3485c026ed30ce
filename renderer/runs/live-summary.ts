import type { RunView } from '../../shared/run.ts';
import type { RunSummary } from '../../shared/view.ts';

/** All runs, newest first. A run that has ended is told by the main process; only the live one is summed up here. */
export function withLive(live: RunView | null, runs: readonly RunSummary[]): RunSummary[] {
  const isListed = live !== null && runs.some((run) => run.runId === live.runId);
  if (live === null || (isListed && live.phase === 'ended')) return [...runs];
  return [summaryOf(live), ...runs.filter((run) => run.runId !== live.runId)];
}

/** Counts as electron/storage/run-summary.ts does, so that the number does not jump when the run ends. */
function summaryOf(run: RunView): RunSummary {
  const off = run.sequence.stages
    .flatMap((stage) => stage.steps)
    .filter((step) => step.kind === 'power-off')
    .filter((step) => ['done', 'already'].includes(run.steps[step.id]?.state ?? 'waiting'));
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
