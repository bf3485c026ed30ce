import type { NoticeCategory, Notifier } from '../core/ports.ts';
import { announce, type Known, nothingKnown } from './announce.ts';
import type { Brain } from './brain.ts';

/** A notice can be taken back when it no longer holds. */
export interface ClosingNotifier extends Notifier {
  close(category: NoticeCategory): void;
}

/** Gives the function that tells the user what is new since it was last called. */
export function announcer(
  brain: Pick<Brain, 'status' | 'run' | 'lastCommand' | 'notifier'>,
  desktop: Pick<ClosingNotifier, 'close'>,
): () => void {
  let before: Known = nothingKnown;
  return () => {
    const now: Known = { status: brain.status(), run: brain.run(), command: brain.lastCommand };
    const { notices, resolved } = announce(before, now);
    before = now;
    for (const category of resolved) desktop.close(category);
    for (const notice of notices) brain.notifier.notify(notice);
  };
}
