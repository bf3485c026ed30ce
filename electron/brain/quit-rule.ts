import type { RunView } from '../../shared/run.ts';
import type { Question } from './questions.ts';

/** May Glidepath be ended now? */
export type QuitRule =
  | { rule: 'free' }
  | { rule: 'ask'; question: Question }
  | { rule: 'refuse'; message: string; detail: string };

/** A shutdown that passed its line must be finished: half of a rack switched off helps nobody. */
export function pastTheLine(run: RunView | null): boolean {
  return run !== null && run.phase === 'down' && run.noReturnAt !== null;
}

export function quitRule(run: RunView | null, armed: boolean): QuitRule {
  if (pastTheLine(run)) {
    return {
      rule: 'refuse',
      message: 'Glidepath cannot be quit now',
      detail: 'The shutdown passed its point of no return and must be finished first.',
    };
  }
  if (run && run.phase !== 'ended') {
    const what = run.phase === 'down' ? 'A shutdown is going on.' : 'Machines are waiting to be brought back.';
    return ask(`${what} It rests where it is until Glidepath is started again.`);
  }
  if (armed) return ask('No one will shut the rack down if you quit.');
  return { rule: 'free' };
}

function ask(detail: string): QuitRule {
  return { rule: 'ask', question: { message: 'Quit Glidepath?', detail, button: 'Quit' } };
}
