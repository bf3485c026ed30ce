import type { RunView, StepView } from '../../shared/run.ts';
import type { Step } from '../../shared/sequence.ts';

/** What runs have taken away and nothing has brought back yet: a later return has to. */
export interface Owed {
  /** Ids of hosts. */
  hosts: string[];
  /** Ids of guests, by the id of their host. */
  guests: Record<string, string[]>;
}

export const nothingOwed: Owed = { hosts: [], guests: {} };

/** @param run that has ended, or gives way to another */
export function owedBy(run: RunView): Owed {
  // Who switches off by hand on mains wants it off, and so does who ends a return by hand.
  if (run.endedByHand || (!run.followsPower && run.downResult !== 'cancelled'))
    return { hosts: run.owed, guests: run.owedGuests };
  return { hosts: owedHosts(run), guests: owedGuests(run) };
}

function owedHosts(run: RunView): string[] {
  const owed = new Set(run.owed);
  for (const step of run.sequence.stages.flatMap((stage) => stage.steps)) {
    if (step.kind !== 'power-off') continue;
    const state = stateOf(run, step);
    // A power-off that failed may still have arrived: bringing back a host that never went is harmless.
    if (state === 'done' || state === 'failed' || (state === 'already' && wasMet(run, step.target)))
      owed.add(step.target);
  }
  for (const step of run.sequence.returnStages.flatMap((stage) => stage.steps)) {
    if (step.kind !== 'wake') continue;
    const state = stateOf(run, step);
    if (state === 'done' || state === 'already') owed.delete(step.target);
  }
  return [...owed];
}

function owedGuests(run: RunView): Record<string, string[]> {
  const owed: Record<string, string[]> = { ...run.owedGuests };
  for (const step of run.sequence.stages.flatMap((stage) => stage.steps)) {
    const guests = run.steps[step.id]?.data.guests;
    if (step.kind !== 'shut-down-guests' || !Array.isArray(guests)) continue;
    owed[step.target] = [...new Set([...(owed[step.target] ?? []), ...guests.map(String)])];
  }
  for (const step of run.sequence.returnStages.flatMap((stage) => stage.steps)) {
    const state = stateOf(run, step);
    if (step.kind === 'start-guests' && (state === 'done' || state === 'already')) delete owed[step.target];
  }
  return owed;
}

/** Something of this run was done on the host before it was found silent: it was on. */
export function wasMet(run: RunView, host: string): boolean {
  return run.sequence.stages
    .flatMap((stage) => stage.steps)
    .some(
      (step) => step.kind !== 'power-off' && 'target' in step && step.target === host && stateOf(run, step) === 'done',
    );
}

/** A power-off was sent to the host and never proven: it may still be going down. */
export const offFailed = (run: RunView, host: string): boolean =>
  run.sequence.stages
    .flatMap((stage) => stage.steps)
    .some((step) => step.kind === 'power-off' && step.target === host && stateOf(run, step) === 'failed');

const stateOf = (run: RunView, step: Step): StepView['state'] => run.steps[step.id]?.state ?? 'waiting';
