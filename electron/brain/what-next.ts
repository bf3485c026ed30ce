import type { RunView } from '../../shared/run.ts';
import type { DecisionView } from '../../shared/view.ts';
import type { Notice } from '../core/ports.ts';
import { stageProgress } from './run-progress.ts';
import { sentencesText } from './words.ts';

/** For somebody who sees nothing but this message: the notice, and what comes next. */
export function withNext(notice: Notice, decision: DecisionView, run: RunView | null): Notice {
  const next = nextText(notice, decision, run);
  // The notice may have said it itself.
  return next === '' || notice.body.includes(next) ? notice : { ...notice, body: sentencesText(notice.body, next) };
}

function nextText({ category }: Notice, decision: DecisionView, run: RunView | null): string {
  if (category === 'user') return '';
  if (run && (run.phase === 'down' || run.phase === 'return')) {
    const { stage, of } = stageProgress(run);
    const stages = run.phase === 'down' ? run.sequence.stages : run.sequence.returnStages;
    const name = stages[stage - 1]?.name;
    const doing = run.phase === 'down' ? 'The shutdown' : 'The return';
    return `${doing} is at stage ${stage} of ${of}${name === undefined ? '' : `, “${name}”`}.`;
  }
  return decision.state === 'counting' || decision.state === 'waiting-for-return' ? decision.sentence : '';
}
