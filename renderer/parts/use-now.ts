import { useSyncExternalStore } from 'react';

/** One beat for everything that shows a time, so that all of it is drawn at once. */
const listeners = new Set<() => void>();
let timer: ReturnType<typeof setInterval> | undefined;
let now = Date.now();

function subscribe(listener: () => void): () => void {
  if (listeners.size === 0) {
    now = Date.now();
    timer = setInterval(() => {
      now = Date.now();
      for (const each of listeners) each();
    }, 1000);
  }
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0) clearInterval(timer);
  };
}

/** The clock of this computer, once a second, for ages and elapsed times. */
export const useNow = (): number => useSyncExternalStore(subscribe, () => now);
