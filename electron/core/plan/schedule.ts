import type { Expected } from '../../../shared/durations.ts';
import type { Host } from '../../../shared/inventory.ts';
import { isMeant } from '../../../shared/meant.ts';
import type { Stage, Step } from '../../../shared/sequence.ts';
import { aloneOn } from '../../../shared/step-kinds.ts';
import type { PlannedStep } from '../../../shared/view.ts';
import { unmet } from './conditions.ts';
import type { Compiled } from './expand.ts';
import { type Job, type Slot, stageTimes } from './stage-times.ts';
import { targetOf } from './target-of.ts';

/** What a step of a compiled sequence takes, in seconds. */
export type ExpectedOf = (step: Step, host: Host | null) => Expected;

/** For whom a run would be. */
export interface Who {
  /** The ids of its hosts; null: all. */
  wanted: ReadonlySet<string> | null;
  failedUpses: number;
}

export interface Schedule {
  /** What is done, stage by stage. What is held back, or whose conditions do not hold, is not there. */
  steps: PlannedStep[];
  /** Seconds that the way down takes: in nine runs of ten at most, and usually. */
  needs: number;
  usually: number;
}

/**
 * Earliest times of every step and the critical path, both ways; seconds from the beginning of the way. Stages are
 * barriers. Without `who` it is for every host, and conditions that hang on the power count as holding, so that it is
 * never too short. Steps that wait for each other get no time.
 */
export function schedule(compiled: Compiled, hosts: readonly Host[], expected: ExpectedOf, who?: Who): Schedule {
  const { sequence, from } = compiled;
  const byId = new Map(hosts.map((host) => [host.id, host]));
  const failedUpses = who?.failedUpses ?? null;
  const steps: PlannedStep[] = [];
  const way = (stages: readonly Stage[], phase: PlannedStep['phase']) => {
    let needs = 0;
    let usually = 0;
    for (const stage of stages) {
      const jobs: Job[] = [];
      const usual: Job[] = [];
      const times = stage.steps.map((step) => {
        const hostId = targetOf(step);
        const host = hostId === null ? null : (byId.get(hostId) ?? null);
        const isHeld = !isMeant(step, who?.wanted ?? null);
        const isIdle = isHeld || unmet(step.when, { host, failedUpses, sequence }) !== null;
        const time = expected(step, host);
        jobs.push(jobOf(step, time.p90, isIdle ? 'idle' : 'waiting'));
        usual.push(jobOf(step, time.p50, isIdle ? 'idle' : 'waiting'));
        return time;
      });
      const slots = stageTimes(jobs, needs, stage.parallel);
      const critical = criticalOf(jobs, slots);
      stage.steps.forEach((step, index) => {
        const slot = slots[index];
        const time = times[index];
        if (!slot || !time || jobs[index]?.state === 'idle') return;
        steps.push({
          id: step.id,
          from: from.get(step.id) ?? step.id,
          hostId: targetOf(step),
          stageId: stage.id,
          phase,
          start: slot.start,
          seconds: slot.end - slot.start,
          p50: time.p50,
          samples: time.samples,
          critical: critical.has(step.id),
        });
      });
      needs = lastEnd(slots, needs);
      usually = lastEnd(stageTimes(usual, usually, stage.parallel), usually);
    }
    return { needs, usually };
  };
  const down = way(sequence.stages, 'down');
  way(sequence.returnStages, 'return');
  return { steps, ...down };
}

/** The step as a job. */
export function jobOf(step: Step, seconds: number, state: Job['state'], after: number = step.after): Job {
  return { id: step.id, needs: step.needs, seconds, after, alone: aloneOn(step), state };
}

/** When everything of a stage has ended that begins at `from`. */
export function lastEnd(slots: readonly (Slot | null)[], from: number): number {
  let last = from;
  for (const slot of slots) if (slot && slot.end > last) last = slot.end;
  return last;
}

/** What the end of the stage hangs on, from its last step back to its beginning. */
function criticalOf(jobs: readonly Job[], slots: readonly (Slot | null)[]): Set<string> {
  const causes = new Map<string, string | null>();
  let id: string | null = null;
  let end = Number.NEGATIVE_INFINITY;
  for (const [index, job] of jobs.entries()) {
    const slot = slots[index];
    if (!slot) continue;
    causes.set(job.id, slot.cause);
    if (job.state === 'idle' || slot.end <= end) continue;
    id = job.id;
    end = slot.end;
  }
  const critical = new Set<string>();
  for (; id !== null && !critical.has(id); id = causes.get(id) ?? null) critical.add(id);
  return critical;
}
