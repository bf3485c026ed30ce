import type { Session } from '../platforms/session.ts';

const told = new WeakMap<AbortSignal, Set<string>>();

/** Says it in the run's log once in a step, however often it is seen. */
export function tellOnce(session: Session, line: string): void {
  const lines = told.get(session.signal) ?? new Set();
  told.set(session.signal, lines);
  if (lines.has(line)) return;
  lines.add(line);
  session.tell(line);
}
