import type { RunView } from '../../shared/run.ts';
import type { Sequence, Stage, Step } from '../../shared/sequence.ts';
import { stepKinds } from '../../shared/step-kinds.ts';
import type { PlannedStep } from '../../shared/view.ts';

/** How much longer than usual one run in ten takes, until real durations are learned. */
const p90 = 1.5;

/** Seconds in which a step must be proven. */
export function limitOf(step: Step): number {
  return step.limit ?? (step.kind === 'wait' ? step.seconds + 5 : stepKinds[step.kind].limit);
}

/** Seconds that a step is expected to take at most in nine runs of ten. */
export function expectedSeconds(step: Step): number {
  if (step.kind === 'wait') return step.seconds;
  return Math.min(limitOf(step), Math.round(stepKinds[step.kind].usual * p90));
}

interface Slot {
  start: number;
  end: number;
  /** The step that it waits for longest; null: the beginning of its stage. */
  after: string | null;
}

/** Earliest times inside one stage; steps in a cycle of `needs` get none. */
function schedule(stage: Stage, from: number): Map<string, Slot> {
  const slots = new Map<string, Slot>();
  let waiting = stage.steps;
  for (;;) {
    const ready = waiting.filter((step) => step.needs.every((need) => slots.has(need)));
    if (ready.length === 0) return slots;
    for (const step of ready) {
      const last = step.needs
        .map((need) => ({ need, end: slots.get(need)?.end ?? from }))
        .sort((a, b) => b.end - a.end)[0];
      const start = last?.end ?? from;
      slots.set(step.id, { start, end: start + expectedSeconds(step), after: last?.need ?? null });
    }
    waiting = waiting.filter((step) => !slots.has(step.id));
  }
}

function criticalOf(stage: Stage, slots: Map<string, Slot>): Set<string> {
  const last = stage.steps
    .map((step) => ({ id: step.id, end: slots.get(step.id)?.end ?? 0 }))
    .sort((a, b) => b.end - a.end)[0];
  const critical = new Set<string>();
  for (let id = last?.id ?? null; id !== null; id = slots.get(id)?.after ?? null) critical.add(id);
  return critical;
}

function planStages(stages: readonly Stage[], phase: PlannedStep['phase']): { steps: PlannedStep[]; needs: number } {
  const steps: PlannedStep[] = [];
  let from = 0;
  for (const stage of stages) {
    const slots = schedule(stage, from);
    const critical = criticalOf(stage, slots);
    for (const step of stage.steps) {
      const slot = slots.get(step.id);
      if (!slot) continue;
      steps.push({
        id: step.id,
        stageId: stage.id,
        phase,
        start: slot.start,
        seconds: slot.end - slot.start,
        critical: critical.has(step.id),
      });
    }
    from = Math.max(from, ...[...slots.values()].map((slot) => slot.end));
  }
  return { steps, needs: from };
}

/** Times of every step and the critical path going down, in seconds for p90. Stages are barriers. */
export function plan(sequence: Sequence): { steps: PlannedStep[]; needs: number } {
  const down = planStages(sequence.stages, 'down');
  const back = planStages(sequence.returnStages, 'return');
  return { steps: [...down.steps, ...back.steps], needs: down.needs };
}

/** Seconds (p90) that a run going down still needs. What goes on is taken to have used what it has used so far. */
export function remaining(run: RunView, now: number): number {
  const left = run.sequence.stages.map((stage) => {
    const open = stage.steps.filter((step) => {
      const state = run.steps[step.id]?.state;
      return state === 'waiting' || state === 'active';
    });
    const ids = new Set(open.map((step) => step.id));
    return { ...stage, steps: open.map((step) => ({ ...step, needs: step.needs.filter((need) => ids.has(need)) })) };
  });
  const first = left.find((stage) => stage.steps.length > 0);
  const used = (first?.steps ?? []).map((step) => {
    const startedAt = run.steps[step.id]?.startedAt ?? now;
    return Math.min(expectedSeconds(step), Math.max(0, (now - startedAt) / 1000));
  });
  return Math.max(0, planStages(left, 'down').needs - (used.length > 0 ? Math.min(...used) : 0));
}
