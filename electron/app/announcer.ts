import { announce, type Known, nothingKnown } from './announce.ts';
import type { Brain } from './brain.ts';
import type { DesktopNotifier } from './notifications.ts';

/** Gives the function that tells the user what is new since it was last called. */
export function announcer(brain: Pick<Brain, 'status' | 'run' | 'lastCommand'>, notifier: DesktopNotifier): () => void {
  let before: Known = nothingKnown;
  return () => {
    const now: Known = { status: brain.status(), run: brain.run(), command: brain.lastCommand };
    const { notices, resolved } = announce(before, now);
    before = now;
    for (const category of resolved) notifier.close(category);
    for (const notice of notices) notifier.notify(notice);
  };
}
