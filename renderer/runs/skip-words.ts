import { isOrderOnly } from '../../shared/origin.ts';
import type { RunView, StepView } from '../../shared/run.ts';
import type { Stage, Step } from '../../shared/sequence.ts';
import { isSettingStep } from '../../shared/setting-steps.ts';
import { stepKinds } from '../../shared/step-kinds.ts';
import { stepTitle } from '../plan/step-words.ts';
import { targetWords } from '../plan/targets.ts';
import { listed } from '../supply/supply-names.ts';

type Phase = 'stages' | 'returnStages';

const phaseOf = (run: RunView): Phase | null =>
  run.phase === 'down' ? 'stages' : run.phase === 'return' ? 'returnStages' : null;

const isOpen = (view: StepView | undefined): boolean => view?.state === 'waiting' || view?.state === 'active';

/**
 * Only what the run has still before it in the part in which it is. A cancel ends the way down, and stays in the record of
 * the return that may follow.
 */
export function canSkip(run: RunView, stage: Stage, step: Step): boolean {
  const phase = phaseOf(run);
  if (phase === null || (run.phase === 'down' && run.cancelled !== null)) return false;
  return run.sequence[phase].includes(stage) && isOpen(run.steps[step.id]);
}

/** What follows when a step is left out, sentence by sentence. */
export function skipConsequences(run: RunView, step: Step): string[] {
  const view = run.steps[step.id];
  const isSent = view?.state === 'active' && (view.accepted || view.inDoubt);
  const host = 'target' in step ? targetWords(step.target, run.hosts) : null;
  const others = withoutIt(run, step);
  const doer = host ?? (step.kind === 'ups-off' ? 'the UPS' : null);
  const sent = `It was sent already${doer ? `, so ${doer} may still do it` : ''}. The run does not wait for it any longer.`;
  return [
    isSent ? sent : 'It is not begun, and not made up for later.',
    ...(others.length === 0
      ? []
      : [`Not begun either, since they need it: ${listed(others.map((each) => stepTitle(each, run.hosts)))}.`]),
    ...[step, ...others].flatMap((each) => (each.kind === 'power-off' ? [offWords(run, each.target)] : [])),
    ...[step, ...others].flatMap((each) => leftBehind(run, each)),
  ];
}

const offWords = ({ hosts }: RunView, target: string): string =>
  `If ${targetWords(target, hosts)} stays on, it is cut hard when its battery is empty.`;

/** What is then for somebody to do by hand. */
function leftBehind({ hosts }: RunView, step: Step): string[] {
  if (step.kind === 'ups-off') return ['The UPS stays on, and feeds what is left until its battery is empty.'];
  if (step.kind === 'wake') return [`${targetWords(step.target, hosts)} stays off until somebody switches it on.`];
  if (step.kind === 'start-guests')
    return [`The guests on ${targetWords(step.target, hosts)} stay off until somebody starts them.`];
  if (!('target' in step) || !isSettingStep(step.kind) || stepKinds[step.kind].destructive) return [];
  return [`${targetWords(step.target, hosts)} stays as it is until somebody does this: ${stepKinds[step.kind].label}.`];
}

/** Every step that needs it, or needs one that does. Between those that one step became, `needs` is order only. */
function withoutIt(run: RunView, step: Step): Step[] {
  const stage = [...run.sequence.stages, ...run.sequence.returnStages].find((each) => each.steps.includes(step));
  const gone = new Set([step.id]);
  const found: Step[] = [];
  const open = [step];
  for (let one = open.pop(); one; one = open.pop()) {
    const from = one.id;
    for (const other of stage?.steps ?? []) {
      if (gone.has(other.id) || !other.needs.includes(from) || isOrderOnly(other.id, from)) continue;
      if (run.steps[other.id]?.state !== 'waiting') continue;
      gone.add(other.id);
      found.push(other);
      open.push(other);
    }
  }
  return found;
}
