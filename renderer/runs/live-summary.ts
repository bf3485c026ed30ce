import type { RunView } from '../../shared/run.ts';
import { summariseRun } from '../../shared/run-summary.ts';
import type { RunSummary } from '../../shared/view.ts';

/** All runs, newest first. A run that has ended is told by the main process; only the live one is summed up here. */
export function withLive(live: RunView | null, runs: readonly RunSummary[]): RunSummary[] {
  const isListed = live !== null && runs.some((run) => run.runId === live.runId);
  if (live === null || (isListed && live.phase === 'ended')) return [...runs];
  return [summariseRun(live), ...runs.filter((run) => run.runId !== live.runId)];
}
