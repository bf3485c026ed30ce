import { assertNever } from '../../shared/assert-never.ts';
import { isHeld } from '../../shared/held.ts';
import type { RunView } from '../../shared/run.ts';
import type { Step } from '../../shared/sequence.ts';
import type { PlanView, PowerState, StatusView } from '../../shared/view.ts';
import { worstPower } from '../../shared/worst-power.ts';
import type { IconName } from '../parts/icons.tsx';

export type Tone = 'good' | 'calm' | 'warn' | 'bad';

interface Headline {
  icon: IconName;
  words: string;
  tone: Tone;
}

export function powerWords(state: PowerState): { icon: IconName; words: string; tone: Tone } {
  switch (state) {
    case 'mains':
      return { icon: 'plug', words: 'On mains', tone: 'good' };
    case 'battery':
      return { icon: 'battery', words: 'On battery', tone: 'warn' };
    case 'low':
      return { icon: 'battery-low', words: 'Battery low', tone: 'bad' };
    case 'lost-contact':
      return { icon: 'alert', words: 'No contact with the UPS', tone: 'warn' };
    case 'unknown':
      return { icon: 'question', words: 'Power not known', tone: 'calm' };
    default:
      return assertNever(state, 'power state');
  }
}

/** What the band says first, on every screen. */
export function headline(status: StatusView, plan: PlanView, run: RunView | null): Headline {
  const live = run && run.phase !== 'ended' ? runWords(run) : null;
  if (live) return live;
  const worst = worstPower(status.powers);
  if (!worst) return { icon: 'question', words: 'No UPS found', tone: status.trouble ? 'warn' : 'calm' };
  const { icon, words, tone } = powerWords(worst.state);
  if (worst.state === 'mains' && !plan.armed) return { icon: 'plug-gap', words, tone: 'calm' };
  return { icon, words, tone };
}

function runWords(run: RunView): Headline | null {
  switch (run.phase) {
    case 'down':
      return { icon: 'down', words: `Shutting down${stageWords(run, 'stages')}`, tone: 'bad' };
    case 'waiting-for-return':
      return { icon: 'clock', words: 'Shut down, waiting for the power to return', tone: 'warn' };
    case 'return':
      return { icon: 'back', words: `Coming back${stageWords(run, 'returnStages')}`, tone: 'calm' };
    case 'ended':
      return null;
    default:
      return assertNever(run.phase, 'run phase');
  }
}

/** ", stage 2 of 3: Hypervisors": the first stage that has not ended. */
function stageWords(run: RunView, key: 'stages' | 'returnStages'): string {
  const stages = run.sequence[key];
  const isOpen = (step: Step) =>
    ['waiting', 'active'].includes(run.steps[step.id]?.state ?? 'waiting') && !isHeld(step, run.steps[step.id], run);
  const at = stages.findIndex((stage) => stage.steps.some(isOpen));
  const stage = stages[at];
  return stage ? `, stage ${at + 1} of ${stages.length}: ${stage.name}` : '';
}

/** A plan that is there and cannot be read is not the same as none. */
export const noPlanWords = ({ refused }: Pick<PlanView, 'refused'>): string =>
  refused.length > 0 ? 'The plan cannot be read' : 'No plan yet';

export function armedWords(plan: PlanView): { icon: IconName; words: string } {
  if (!plan.sequence) return { icon: plan.refused.length > 0 ? 'alert' : 'question', words: noPlanWords(plan) };
  return plan.armed
    ? { icon: 'check', words: `${plan.sequence.name}: armed` }
    : { icon: 'alert', words: `${plan.sequence.name}: not armed` };
}
