import { useStore } from 'zustand';
import { createStore } from 'zustand/vanilla';
import type { Fault } from '../../shared/fault.ts';
import type { SliceName, Slices } from '../../shared/view.ts';

interface LiveState {
  /** null until the first snapshot. */
  slices: Slices | null;
  /** Set while the main process does not answer; what is shown may be old. */
  lost: Fault | null;
}

/** What the main process last said. Nothing in the window writes to it but the sync. */
export const liveStore = createStore<LiveState>()(() => ({ slices: null, lost: null }));

/** A slice, in views that are drawn only after the first snapshot. */
export function useSlice<N extends SliceName>(name: N): Slices[N] {
  return useStore(liveStore, (state) => {
    if (!state.slices) throw new Error('a view was drawn before the first snapshot');
    return state.slices[name];
  });
}

export const useReady = (): boolean => useStore(liveStore, (state) => state.slices !== null);
export const useLost = (): Fault | null => useStore(liveStore, (state) => state.lost);
