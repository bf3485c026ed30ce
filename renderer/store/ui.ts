import { useStore } from 'zustand';
import { createStore } from 'zustand/vanilla';

export type ViewName = 'now' | 'plan' | 'runs' | 'setup';

interface UiState {
  view: ViewName;
  /** The run that the Runs view shows; null: the live one, else the newest. */
  runId: string | null;
  /** What the two live regions say. `count` makes the same words twice two messages. */
  polite: { text: string; count: number };
  assertive: { text: string; count: number };
}

export const uiStore = createStore<UiState>()(() => ({
  view: 'now',
  runId: null,
  polite: { text: '', count: 0 },
  assertive: { text: '', count: 0 },
}));

export function useUi<T>(pick: (state: UiState) => T): T {
  return useStore(uiStore, pick);
}

export const goTo = (view: ViewName): void => uiStore.setState({ view });
export const openRun = (runId: string | null): void => uiStore.setState({ view: 'runs', runId });

/** For edits and answers to what the user did. */
export const say = (text: string): void =>
  uiStore.setState((state) => ({ polite: { text, count: state.polite.count + 1 } }));

/** Only for power lost, run started and run failed: it interrupts whatever is being read out. */
export const interrupt = (text: string): void =>
  uiStore.setState((state) => ({ assertive: { text, count: state.assertive.count + 1 } }));
