import type { RunView } from '../../shared/run.ts';
import type { RunRecord } from '../../shared/run-record.ts';
import { duration } from '../../shared/words.ts';
import { targetOf } from './plan/target-of.ts';

/** Ms in which no computer goes down and is up again: whoever is back sooner was only started again as a process. */
const rebootTakes = 30_000;

/**
 * Power-offs of the computer that Glidepath runs on, or of the host that takes it with it as a guest, sent before this
 * process began: that it runs again is their proof, and they are never sent twice. One that was taken counts in any case;
 * one of which only the intent is known counts when there was time for the computer to go down since. By the id of the
 * step, with the proof.
 */
export function provenByRestart(records: readonly RunRecord[], run: RunView, now: number): Map<string, string> {
  const own = new Set(run.hosts.flatMap((host) => (host.isThisComputer ? [host.id, host.runsOn] : [])));
  const proven = new Map<string, string>();
  for (const step of run.sequence.stages.flatMap((stage) => stage.steps)) {
    const state = run.steps[step.id];
    if (step.kind !== 'power-off' || state?.state !== 'active' || !own.has(targetOf(step) ?? '')) continue;
    const sent = records.findLast((record) => record.type === 'intent' && record.step === step.id);
    const away = sent ? now - sent.at : 0;
    // A clock that was set back tells nothing: then it was a restart, since a second power-off does more harm.
    const mayBeRestart = away < 0 || away >= rebootTakes;
    if (state.accepted) proven.set(step.id, 'this computer had taken it, and was started again since');
    else if (state.inDoubt && mayBeRestart)
      proven.set(step.id, `this computer was started again ${duration(Math.max(0, away) / 1000)} after it was sent`);
  }
  return proven;
}
