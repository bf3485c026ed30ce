import { useStore } from 'zustand';
import type { Slices } from '../../shared/view.ts';
import { liveStore } from './live.ts';

/** The element that says why nothing can be changed here: what is disabled for that reason refers to it. */
export const whyWatchingId = 'why-watching';

/** Whether another Glidepath decides, so that this window only shows. False until the first snapshot. */
export const isWatching = ({ slices }: { slices: Slices | null }): boolean => slices?.controller.who === 'daemon';

export const useIsWatching = (): boolean => useStore(liveStore, isWatching);
