import { keptOn, nothingSaid } from '../../../shared/kept-on.ts';
import { isMeant } from '../../../shared/meant.ts';
import type { RunView } from '../../../shared/run.ts';
import type { Stage, Step } from '../../../shared/sequence.ts';
import { unmet } from './conditions.ts';
import { type ExpectedOf, jobOf, lastEnd } from './schedule.ts';
import type { Job } from './stage-times.ts';
import { stageTimes } from './stage-times.ts';
import { targetOf } from './target-of.ts';

/**
 * Seconds (p90) that a run on its way down still needs: for the hosts that it is for, without what is given up, and
 * under the conditions that hold with so many failed UPSes. What goes on is taken to have used what it has used; what
 * is late is taken to end now, so that it is given up only when its end can be waited for no longer. `now`: ms since
 * the epoch. 0 when the way down has ended.
 */
export function remaining(run: RunView, now: number, expected: ExpectedOf, failedUpses: number): number {
  if (run.phase !== 'down') return 0;
  const hosts = new Map(run.hosts.map((host) => [host.id, host]));
  const wanted = run.wanted === null ? null : new Set(run.wanted);
  const skipsOptional = run.shed.includes('skip-optional');
  const since = (at: number | null) => (at === null ? 0 : Math.max(0, (now - at) / 1000));

  const isIdle = (step: Step): boolean => {
    const target = targetOf(step);
    if (run.cancelled !== null || (skipsOptional && step.optional) || !isMeant(step, wanted)) return true;
    if (keptOn(step, run, nothingSaid) !== null) return true;
    const host = target === null ? null : (hosts.get(target) ?? null);
    return unmet(step.when, { host, failedUpses, sequence: run.sequence }) !== null;
  };
  const jobFor = (step: Step, couldBeginAt: number): Job | null => {
    const view = run.steps[step.id];
    // What was left out passes on the order of what it needs.
    if (view?.state === 'skipped') return jobOf(step, 0, 'idle');
    if (view?.state !== 'waiting' && view?.state !== 'active') return null;
    const target = targetOf(step);
    const { p90 } = expected(step, target === null ? null : (hosts.get(target) ?? null));
    if (view.state === 'active') return jobOf(step, Math.max(0, p90 - since(view.startedAt)), 'going');
    if (isIdle(step)) return jobOf(step, 0, 'idle');
    return jobOf(step, p90, 'waiting', Math.max(0, step.after - since(beginOf(step, run, couldBeginAt))));
  };

  let end = 0;
  let begun: number | null = run.begunAt;
  for (const stage of run.sequence.stages) {
    const jobs: Job[] = [];
    for (const step of stage.steps) {
      const job = jobFor(step, begun ?? now);
      if (job) jobs.push(job);
    }
    end = lastEnd(stageTimes(jobs, end, stage.parallel), end);
    begun = jobs.some(({ state }) => state !== 'idle') ? null : laterOf(begun, stage, run);
  }
  return end;
}

/** When the stage behind this one could begin: the last end in it, ms since the epoch. */
function laterOf(begun: number | null, stage: Stage, run: RunView): number | null {
  if (begun === null) return null;
  return stage.steps.reduce((latest, step) => Math.max(latest, run.steps[step.id]?.endedAt ?? 0), begun);
}

/** Since when it could begin but for its delay, ms since the epoch; null: it could not yet. */
function beginOf(step: Step, run: RunView, stageBegan: number): number | null {
  let latest = stageBegan;
  for (const need of step.needs) {
    const ended = run.steps[need]?.endedAt ?? null;
    if (ended === null) return null;
    latest = Math.max(latest, ended);
  }
  return latest;
}
