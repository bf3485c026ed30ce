import type { Decision, DecisionKind } from '../../shared/decision.ts';
import type { IconName } from '../parts/icons.tsx';
import type { Tone } from '../shell/power-words.ts';

interface Look {
  label: string;
  icon: IconName;
  tone: Tone;
}

/** Every kind of decision, in the order in which an outage comes to them. */
export const decisionLooks: Readonly<Record<DecisionKind, Look>> = {
  nothing: { label: 'Nothing to do', icon: 'dot', tone: 'calm' },
  'held-back': { label: 'Held back', icon: 'clock', tone: 'calm' },
  postponed: { label: 'Postponed', icon: 'clock', tone: 'warn' },
  'not-armed': { label: 'Not armed', icon: 'alert', tone: 'warn' },
  started: { label: 'Started', icon: 'down', tone: 'bad' },
  widened: { label: 'Widened', icon: 'plus', tone: 'bad' },
  narrowed: { label: 'Narrowed', icon: 'plug', tone: 'good' },
  shed: { label: 'Given up', icon: 'alert', tone: 'bad' },
  cancelled: { label: 'Cancelled', icon: 'stop', tone: 'good' },
  'return-waits': { label: 'Return waits', icon: 'clock', tone: 'calm' },
  'return-begun': { label: 'Return begun', icon: 'back', tone: 'good' },
  'return-halted': { label: 'Return halted', icon: 'alert', tone: 'bad' },
};

/** Of the decisions that there are, in the order above. */
export const kindsIn = (decisions: readonly Decision[]): DecisionKind[] =>
  (Object.keys(decisionLooks) as DecisionKind[]).filter((kind) => decisions.some((each) => each.kind === kind));

/** One line for each, oldest first, as a log reads: to be sent to whoever asks why. */
export const decisionsText = (decisions: readonly Decision[]): string =>
  [...decisions]
    .reverse()
    .map(
      ({ at, kind, sentence, runId }) =>
        `${new Date(at).toISOString()}  ${kind}  ${sentence}${runId === null ? '' : `  (run ${runId})`}\n`,
    )
    .join('');
