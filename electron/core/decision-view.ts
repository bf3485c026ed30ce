import type { RunView } from '../../shared/run.ts';
import type { DecisionView } from '../../shared/view.ts';
import type { Verdict } from './trigger.ts';

export interface Deciding {
  armed: boolean;
  /** The newest run there is. */
  run: RunView | null;
  /** The run that is about to begin. */
  isStarting: boolean;
  /** What a run waits for, in words; empty when it does not wait. */
  waitsFor: string;
  /** What is thought of the power now. */
  verdict: Verdict;
  /** The verdict is about hosts that a run that goes down has not taken in. */
  isWidening: boolean;
  /** Until when the start is put off, ms since the epoch. */
  postponedUntil: number | null;
  /** What else is to be said; empty: nothing. */
  besides: string;
}

/** What is shown of the present decision. */
export function decisionView(deciding: Deciding): DecisionView {
  const { armed, run, verdict, besides, postponedUntil } = deciding;
  const still = { armed, startsIn: null, postponedUntil: null, latestStartIn: null };
  if (run && run.phase !== 'ended') {
    const state = run.phase === 'down' ? 'running' : run.phase === 'return' ? 'returning' : 'waiting-for-return';
    const outside = deciding.isWidening ? `. Not in it yet: ${verdict.sentence}` : '';
    return { ...still, state, sentence: `${deciding.waitsFor || run.why}${outside}${besides}` };
  }
  if (deciding.isStarting) return { ...still, state: 'running', sentence: 'The run is starting' };
  if (verdict.startsIn === null) return { ...still, state: 'idle', sentence: `${verdict.sentence}${besides}` };
  if (!armed && verdict.fire !== null) {
    const sentence = `Not armed, so nothing is done. It would have started: ${verdict.sentence}${besides}`;
    return { ...still, state: 'idle', sentence };
  }
  const { startsIn, latestStartIn } = verdict;
  const sentence = `${armed ? '' : 'Not armed, so nothing will be done. '}${verdict.sentence}${besides}`;
  return { armed, state: 'counting', startsIn, latestStartIn, postponedUntil, sentence };
}
