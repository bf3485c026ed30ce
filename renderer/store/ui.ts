import { useStore } from 'zustand';
import { createStore } from 'zustand/vanilla';
import type { Fault } from '../../shared/fault.ts';

export type ViewName = 'now' | 'plan' | 'runs' | 'history' | 'setup';

interface UiState {
  view: ViewName;
  /** The run that the Runs view shows; null: the live one, else the newest. */
  runId: string | null;
  /** Whether the Runs view shows a rehearsal in place of a run: the one of that id; null: the one that goes on, else the newest. */
  rehearsal: { id: string | null } | null;
  /** The UPS that the History view shows; null: the first. */
  historyOf: string | null;
  /** Why the last command of this view was refused. */
  fault: Fault | null;
  /** What the two live regions say. `count` makes the same words twice two messages. */
  polite: { text: string; count: number };
  assertive: { text: string; count: number };
}

export const uiStore = createStore<UiState>()(() => ({
  view: 'now',
  runId: null,
  rehearsal: null,
  historyOf: null,
  fault: null,
  polite: { text: '', count: 0 },
  assertive: { text: '', count: 0 },
}));

export function useUi<T>(pick: (state: UiState) => T): T {
  return useStore(uiStore, pick);
}

export const goTo = (view: ViewName): void => uiStore.setState({ view, fault: null });
export const openRun = (runId: string | null): void =>
  uiStore.setState({ view: 'runs', runId, rehearsal: null, fault: null });
export const openRehearsal = (id: string | null): void =>
  uiStore.setState({ view: 'runs', rehearsal: { id }, fault: null });

export const openHistory = (upsId: string): void =>
  uiStore.setState({ view: 'history', historyOf: upsId, fault: null });

/** For edits and answers to what the user did. */
export const say = (text: string): void =>
  uiStore.setState((state) => ({ polite: { text, count: state.polite.count + 1 } }));

/** @returns whether the fault is only that the user said no to a question of the main process: nothing is wrong then */
export function isNo(fault: Fault): boolean {
  if (fault.code !== 'not-confirmed') return false;
  say('Not done.');
  return true;
}

/** Only for power lost, run started and run failed: it interrupts whatever is being read out. */
export const interrupt = (text: string): void =>
  uiStore.setState((state) => ({ assertive: { text, count: state.assertive.count + 1 } }));
