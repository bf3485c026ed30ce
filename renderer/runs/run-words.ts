import { assertNever } from '../../shared/assert-never.ts';
import type { RunView, StepState, StepView } from '../../shared/run.ts';
import type { RunCause } from '../../shared/run-record.ts';
import type { Step } from '../../shared/sequence.ts';
import { stepKinds } from '../../shared/step-kinds.ts';
import { timeOfDay } from '../parts/format.ts';
import type { IconName } from '../parts/icons.tsx';
import type { Tone } from '../shell/power-words.ts';

interface Words {
  icon: IconName;
  words: string;
  tone: Tone;
}

export function causeWords(cause: RunCause): string {
  switch (cause) {
    case 'runtime':
      return 'Outage, runtime was running out';
    case 'charge':
      return 'Outage, charge fell to its limit';
    case 'on-battery':
      return 'Outage, too long on battery';
    case 'low-battery':
      return 'Outage, battery low';
    case 'forced-shutdown':
      return 'A UPS server told everybody to shut down';
    case 'by-hand':
      return 'Started by hand';
    default:
      return assertNever(cause, 'run cause');
  }
}

/** How a run stands: its result, or while it goes on what it is doing. */
export function runWords(run: Pick<RunView, 'result' | 'phase'>): Words {
  if (run.result !== null) return resultWords(run.result);
  if (run.phase === 'waiting-for-return') return { icon: 'clock', words: 'Waiting for the power', tone: 'warn' };
  if (run.phase === 'return') return { icon: 'back', words: 'Bringing back', tone: 'calm' };
  return resultWords(null);
}

export function resultWords(result: RunView['result']): Words {
  switch (result) {
    case 'done':
      return { icon: 'check', words: 'Done', tone: 'good' };
    case 'failed':
      return { icon: 'alert', words: 'Failed', tone: 'bad' };
    case 'cancelled':
      return { icon: 'stop', words: 'Stopped', tone: 'calm' };
    case null:
      return { icon: 'play', words: 'Running', tone: 'warn' };
    default:
      return assertNever(result, 'run result');
  }
}

/** @param isOver nothing more is begun in this part of the run */
export function stateWords(state: StepState, isOver: boolean): Words {
  switch (state) {
    case 'waiting':
      return { icon: 'dot', words: isOver ? 'Not reached' : 'Waiting', tone: 'calm' };
    case 'active':
      return { icon: 'play', words: 'Active', tone: 'warn' };
    case 'done':
      return { icon: 'check', words: 'Done', tone: 'good' };
    case 'already':
      return { icon: 'check', words: 'Already so', tone: 'good' };
    case 'failed':
      return { icon: 'alert', words: 'Failed', tone: 'bad' };
    case 'skipped':
      return { icon: 'skip', words: 'Skipped', tone: 'calm' };
    default:
      return assertNever(state, 'step state');
  }
}

/** The line under a step: what is going on, or what proved it. */
export function stepNote(step: Step, view: StepView): string {
  if (view.state !== 'active') return view.proof;
  const attempt = view.attempt > 1 ? `, attempt ${view.attempt} of ${step.retries + 1}` : '';
  const proof = view.accepted ? ', accepted, waiting for the proof' : '';
  const doubt = view.inDoubt ? ', sent, not yet answered' : '';
  return `${stepKinds[step.kind].doing}${attempt}${proof}${doubt}`;
}

/** Where the run stands to its point of no return, and what that means for it. */
export function lineWords(run: RunView): string {
  if (run.noReturnAt !== null) {
    const means = run.followsPower ? 'mains returning no longer cancels' : 'it can no longer be stopped';
    return `Point of no return, passed ${timeOfDay(run.noReturnAt)}: ${means}`;
  }
  if (run.phase !== 'down') return 'Point of no return, never passed';
  return run.followsPower
    ? 'Point of no return, not passed: mains returning still cancels this run'
    : 'Point of no return, not passed: this run was begun by hand, mains does not cancel it';
}

/**
 * A line of the journal as it is read.
 * @param who the step that it is about; empty: the run itself
 * @param cancelled why the run was stopped
 */
export function logWords(who: string, text: string, cancelled: string | null): string {
  // It was already said once, when the run was stopped.
  if (text === cancelled) return 'The way down has ended';
  const [head = '', ...rest] = text.split(': ');
  const tail = rest.join(': ');
  if (head === 'cancelled') return tail === '' ? 'Stopped' : `Stopped: ${tail}`;
  // A step that was not done has no proof to tell of.
  const whole = ['done', 'already', 'failed', 'skipped'].includes(head) && rest.join('') === '' ? head : text;
  const plain = whole === 'already' || whole.startsWith('already: ') ? whole.replace('already', 'already so') : whole;
  const sentence = who === '' ? plain : `${who}: ${plain}`;
  return sentence.charAt(0).toUpperCase() + sentence.slice(1);
}
