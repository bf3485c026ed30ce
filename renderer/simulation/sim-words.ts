import { originOf } from '../../shared/origin.ts';
import type { Sequence, Step } from '../../shared/sequence.ts';
import type { CheckedPlan, SimulatedStep, SimulationView } from '../../shared/view.ts';
import { count, duration } from '../parts/format.ts';
import { allStages } from '../plan/step-words.ts';
import type { Tone } from '../shell/power-words.ts';
import { listed } from '../supply/supply-names.ts';

export interface Result {
  sentence: string;
  tone: Tone;
}

/** The authored step of a compiled one, by the id of that. */
export function authoredSteps(sequence: Sequence, checked: CheckedPlan): (id: string) => Step | undefined {
  const from = new Map(checked.steps.map((step) => [step.id, step.from]));
  const steps = new Map(allStages(sequence).flatMap((stage) => stage.steps.map((step) => [step.id, step])));
  // The draft may have been edited since it was checked.
  return (id) => steps.get(from.get(id) ?? originOf(id));
}

/** How it would end, in one sentence. */
export function resultOf(
  view: SimulationView,
  sequence: Sequence,
  checked: CheckedPlan,
  nameOf: (hostId: string) => string,
): Result {
  if (view.cutHard.length > 0) {
    const names = view.cutHard.map(nameOf);
    return { sentence: `${listedWithAnd(names)} would be cut hard.`, tone: 'bad' };
  }
  const back = view.whatIf.powerBackAt;
  if (view.startsAt === null) {
    return back === null
      ? { sentence: 'No run would begin: nothing would be shut down.', tone: 'bad' }
      : { sentence: `The mains are back after ${duration(back)}, before a run begins.`, tone: 'good' };
  }
  if (view.downAt === null) {
    return back !== null && view.noReturnAt === null
      ? {
          sentence: `The run begins after ${duration(view.startsAt)} and is cancelled when the mains are back.`,
          tone: 'good',
        }
      : { sentence: 'The way down would not come to its end.', tone: 'bad' };
  }
  const returned = view.returnedAt === null ? '' : `, back ${duration(view.returnedAt)} after the cut`;
  const down = hostsDown(view, sequence, checked);
  // That no host was cut hard is then not owed to the plan.
  if (down === null) {
    const sentence = `The plan powers off no host; its way down ends ${whenDown(view)}${returned}.`;
    return { sentence, tone: 'calm' };
  }
  return { sentence: `${down} ${whenDown(view)}${returned}.`, tone: 'good' };
}

function whenDown({ downAt, emptyAt }: SimulationView): string {
  if (downAt === null) return '';
  if (emptyAt === null) return `${duration(downAt)} after the cut; how long the battery lasts is not known`;
  return emptyAt >= downAt
    ? `${duration(emptyAt - downAt)} before the battery is empty`
    : `${duration(downAt)} after the cut`;
}

/** "All 12 hosts down", "9 of 12 hosts down": those that the plan powers off; null: it powers none off. */
function hostsDown({ steps }: SimulationView, sequence: Sequence, checked: CheckedPlan): string | null {
  const authored = authoredSteps(sequence, checked);
  const isOff = ({ id, phase }: SimulatedStep) => phase === 'down' && authored(id)?.kind === 'power-off';
  const offs = steps.filter(isOff);
  const all = new Set(offs.map((step) => step.hostId));
  const down = new Set(offs.filter(({ state }) => state === 'done' || state === 'already').map((step) => step.hostId));
  if (all.size === 0) return null;
  if (down.size < all.size) return `${down.size} of ${count(all.size, 'host')} down`;
  return all.size === 1 ? 'The host is down' : `All ${count(all.size, 'host')} down`;
}

function listedWithAnd(names: readonly string[]): string {
  const last = names.at(-1) ?? '';
  if (names.length === 1 || names.length > 8) return listed(names);
  return `${names.slice(0, -1).join(', ')} and ${last}`;
}

/** What is marked on the axis, in the order of time. */
export interface Mark {
  kind: 'start' | 'line' | 'down' | 'empty' | 'back';
  at: number;
  words: string;
}

export function marksOf(view: SimulationView): Mark[] {
  const mark = (kind: Mark['kind'], at: number | null, words: string): Mark[] =>
    at === null ? [] : [{ kind, at, words }];
  return [
    ...mark('start', view.startsAt, 'Start'),
    ...mark('line', view.noReturnAt, 'Point of no return'),
    ...mark('down', view.downAt, 'All down'),
    ...mark('empty', view.emptyAt, 'Battery empty'),
    ...mark('back', view.whatIf.powerBackAt, 'Power back'),
  ].sort((one, other) => one.at - other.at);
}
