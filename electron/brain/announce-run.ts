import type { RunView } from '../../shared/run.ts';
import { stepKinds } from '../../shared/step-kinds.ts';
import { turningOff } from '../../shared/turning-off.ts';
import { count } from '../../shared/words.ts';
import type { Notice } from '../core/ports.ts';
import { failedSteps, stageProgress } from './run-progress.ts';
import { sentencesText } from './words.ts';

/** The turns of a run. `before`: the same run as it was, null when it was not there yet. */
export function runNotices(before: RunView | null, run: RunView): Notice[] {
  // What came before it was taken up was told then.
  if (!before && run.resumes > 0) return takenUp(run);
  const { name } = run.sequence;
  const notices: Notice[] = [];
  const tell = (category: 'run' | 'failure', urgency: Notice['urgency'], title: string, body: string) =>
    notices.push({ category, urgency, title, body });
  if (!before && run.phase === 'down') tell('run', 'critical', `Shutting down: ${name}`, run.why);

  const failed = failedSteps(run).filter((id) => before?.steps[id]?.state !== 'failed');
  const [first] = failed;
  if (first !== undefined) {
    const fault = run.steps[first]?.fault;
    const title =
      failed.length === 1 ? `Step failed: ${stepName(run, first)}` : `${count(failed.length, 'step')} failed`;
    tell('failure', 'critical', title, fault ? sentencesText(`${fault.where}: ${fault.what}`, fault.remedy) : '');
  }

  const why = reasons(run);
  if (run.downEndedAt !== null && (before?.downEndedAt ?? null) === null) {
    if (run.downResult === 'done') tell('run', 'normal', `Shutdown finished: ${name}`, why.down);
    else if (run.downResult === 'cancelled') tell('run', 'normal', `Shutdown cancelled: ${name}`, why.down);
    else tell('run', 'critical', `Shutdown ended with failures: ${name}`, why.down);
  }
  // Who reads that it was cancelled takes everything for safe.
  if (run.downResult === 'cancelled' && (before?.downEndedAt ?? null) === null) {
    for (const { stepId, ups } of turningOff(run)) {
      const body = 'It could not be called off. What hangs on it would be cut hard: stop it at the UPS itself.';
      tell('failure', 'critical', `${run.steps[stepId]?.data.ups ?? ups} may still turn off`, body);
    }
  }
  const returning = run.returnBegunAt !== null;
  if (returning && (before?.returnBegunAt ?? null) === null)
    tell('run', 'normal', `Bringing back: ${name}`, why.returning);
  if (returning && run.endedAt !== null && (before?.endedAt ?? null) === null) {
    if (run.result === 'done') tell('run', 'normal', `Everything is back: ${name}`, why.ended);
    else tell('run', 'critical', `Not everything came back: ${name}`, why.ended);
  }
  return notices;
}

function takenUp(run: RunView): Notice[] {
  const { name } = run.sequence;
  const { stage, of } = stageProgress(run);
  const body = `Stage ${stage} of ${of}.`;
  if (run.phase === 'down')
    return [{ category: 'run', urgency: 'critical', title: `Shutdown continued: ${name}`, body }];
  if (run.phase === 'return')
    return [{ category: 'run', urgency: 'normal', title: `Bringing back continued: ${name}`, body }];
  return [];
}

/**
 * What the records of the run's turns say. Several turns may come within one ms and between two looks, so each takes
 * its own line of the log, from the newest back.
 */
function reasons(run: RunView): { down: string; returning: string; ended: string } {
  let end = run.log.length;
  const take = (at: number | null): string => {
    if (at === null) return '';
    const found = run.log.slice(0, end).findLastIndex((line) => line.at === at && line.step === null);
    if (found < 0) return '';
    end = found;
    return run.log[found]?.text ?? '';
  };
  const ended = take(run.endedAt);
  const returning = take(run.returnBegunAt);
  return { ended, returning, down: take(run.downEndedAt) };
}

/** "Power off NAS". */
function stepName(run: RunView, id: string): string {
  const step = [...run.sequence.stages, ...run.sequence.returnStages]
    .flatMap((stage) => stage.steps)
    .find((each) => each.id === id);
  if (!step) return id;
  const target = 'target' in step ? (run.hosts.find((host) => host.id === step.target)?.name ?? step.target) : '';
  return `${stepKinds[step.kind].label} ${target}`.trim();
}
