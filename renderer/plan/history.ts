import type { Sequence } from '../../shared/sequence.ts';

const deepest = 200;

/** Undo and redo as two piles around what is there now. */
export interface History {
  past: readonly Sequence[];
  now: Sequence;
  future: readonly Sequence[];
  /** Edits with the same mark in a row (typing into one field) count as one. */
  mark: string | null;
}

export const startHistory = (now: Sequence): History => ({ past: [], now, future: [], mark: null });

export function record(history: History, next: Sequence, mark: string | null): History {
  if (next === history.now) return history;
  if (mark !== null && mark === history.mark) return { ...history, now: next, future: [] };
  return { past: [...history.past, history.now].slice(-deepest), now: next, future: [], mark };
}

/** The next edit counts by itself, whatever its mark. */
export const seal = (history: History): History => ({ ...history, mark: null });

export function undo(history: History): History {
  const before = history.past.at(-1);
  if (!before) return history;
  return { past: history.past.slice(0, -1), now: before, future: [history.now, ...history.future], mark: null };
}

export function redo(history: History): History {
  const [next, ...future] = history.future;
  if (!next) return history;
  return { past: [...history.past, history.now], now: next, future, mark: null };
}
