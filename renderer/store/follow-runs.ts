import { liveStore } from './live.ts';
import { uiStore } from './ui.ts';

/** A run that begins is what the Runs view is for: it takes the place of an old one that was looked at. */
export function followRuns(): () => void {
  return liveStore.subscribe((state, old) => {
    const run = state.slices?.run;
    if (run && old.slices && run.runId !== old.slices.run?.runId) {
      uiStore.setState({ runId: null, rehearsal: null });
    }
  });
}
