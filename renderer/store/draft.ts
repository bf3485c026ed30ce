import { useStore } from 'zustand';
import { createStore } from 'zustand/vanilla';
import type { Fault } from '../../shared/fault.ts';
import type { Sequence } from '../../shared/sequence.ts';
import type { CheckedPlan, PlanView } from '../../shared/view.ts';
import { ask } from '../bridge/bridge.ts';
import { applyEdit, type PlanEdit } from '../plan/edits.ts';
import { type History, record, redo, seal, startHistory, undo } from '../plan/history.ts';
import { isWatching } from './controller.ts';
import { liveStore } from './live.ts';
import { isNo, say } from './ui.ts';

/** `count` lets the same place ask twice. */
export interface FocusWish {
  on: 'step' | 'stage';
  id: string;
  count: number;
}

export interface Draft {
  /** null: there is neither a file nor a new plan yet. */
  history: History | null;
  /** What the edit began from: the file's content and its hash, null and '' for a new plan. */
  base: Sequence | null;
  baseHash: string;
  /** The hash that the last save replaced: until the main process has told of the new one, this one is old news. */
  replacedHash: string | null;
  /** The answer to the newest checked draft. */
  checked: CheckedPlan;
  /** The selected step; the inspector shows it. */
  selected: string | null;
  /** The row, or the stage without one, that takes the focus after the next drawing. */
  focus: FocusWish | null;
  saving: boolean;
  /** Why the last save or check was refused. */
  fault: Fault | null;
}

const nothing: CheckedPlan = { problems: [], needs: 0, usually: 0, steps: [] };

export const draftStore = createStore<Draft>()(() => ({
  history: null,
  base: null,
  baseHash: '',
  replacedHash: null,
  checked: nothing,
  selected: null,
  focus: null,
  saving: false,
  fault: null,
}));

export function useDraft<T>(pick: (draft: Draft) => T): T {
  return useStore(draftStore, pick);
}

export const isDirty = (draft: Draft): boolean => draft.history !== null && draft.history.now !== draft.base;

/** Takes over what the file says; whatever was edited is given up. */
export function adoptPlan(plan: PlanView): void {
  draftStore.setState({
    history: plan.sequence ? startHistory(plan.sequence) : null,
    base: plan.sequence,
    baseHash: plan.hash,
    replacedHash: null,
    checked: plan.checked,
    fault: null,
  });
}

export function beginPlan(sequence: Sequence): void {
  draftStore.setState({ history: startHistory(sequence), base: null, baseHash: '', selected: null, fault: null });
  say(`New plan with ${sequence.stages.length} stages. It is not saved yet.`);
}

/** @param mark Edits in a row with the same mark are undone together. */
export function edit(change: PlanEdit, mark: string | null = null): void {
  const { history } = draftStore.getState();
  if (!history) return;
  const done = applyEdit(history.now, change, hosts());
  const next = record(history, done.sequence, mark);
  draftStore.setState({ history: next, fault: null });
  if (done.focus !== null) jumpTo(done.focus);
  else if (done.focusStage) focusStage(done.focusStage);
  say(done.sentence);
}

export function undoEdit(): void {
  travel(undo, 'Undone.', 'Nothing to undo.');
}

export function redoEdit(): void {
  travel(redo, 'Done again.', 'Nothing to do again.');
}

function travel(by: (history: History) => History, done: string, nothingLeft: string): void {
  const { history } = draftStore.getState();
  if (!history) return;
  const next = by(history);
  draftStore.setState({ history: next });
  say(next === history ? nothingLeft : done);
}

export const select = (stepId: string | null): void => draftStore.setState({ selected: stepId });

/** Selects a step and moves the focus to its row. */
export function jumpTo(stepId: string): void {
  draftStore.setState({ selected: stepId });
  wish('step', stepId);
}

/** Moves the focus to the menu of a stage. */
export const focusStage = (stageId: string): void => wish('stage', stageId);

const wish = (on: FocusWish['on'], id: string): void =>
  draftStore.setState((draft) => ({ focus: { on, id, count: (draft.focus?.count ?? 0) + 1 } }));

export async function savePlan(): Promise<void> {
  const draft = draftStore.getState();
  if (!draft.history || draft.saving || !isDirty(draft)) return;
  if (isWatching(liveStore.getState())) {
    say('Not saved: the Glidepath service is in control.');
    return;
  }
  const sequence = draft.history.now;
  // What is typed from here on is undone by itself, not together with what is being saved.
  draftStore.setState({ saving: true, fault: null, history: seal(draft.history) });
  const answer = await ask('plan.save', { sequence, baseHash: draft.baseHash });
  if (answer.ok) {
    // What was typed meanwhile stays: only the ground under it has moved.
    draftStore.setState({
      saving: false,
      base: sequence,
      baseHash: answer.value.hash,
      replacedHash: draft.baseHash,
    });
    say('Plan saved.');
  } else if (isNo(answer.fault)) {
    draftStore.setState({ saving: false });
  } else {
    draftStore.setState({ saving: false, fault: answer.fault });
    say(`Not saved: ${answer.fault.what}`);
  }
}

const hosts = () => liveStore.getState().slices?.hosts.hosts.map((each) => each.host) ?? [];
