import type { ReactElement } from 'react';
import type { RehearsedStep } from '../../shared/rehearsal.ts';
import styles from './report.module.css';

/** Guests that the last rehearsal did not find: nobody has said yet when they go down, or whether they can. */
export function NewGuests({ steps }: { steps: readonly RehearsedStep[] }): ReactElement | null {
  const found = newGuestsOf(steps);
  if (found.length === 0) return null;
  return (
    <section className={styles.fresh} aria-label="New guests">
      <h3>New guests since the last rehearsal</h3>
      <ul>
        {found.map(({ host, names }) => (
          <li key={host}>
            <b>{host}</b>
            {`: ${names.join(', ')}`}
          </li>
        ))}
      </ul>
      <p>Look in the plan whether they go down at the right time.</p>
    </section>
  );
}

/** By the name of their host; steps of both ways, and of several groups, may be for the same. */
export function newGuestsOf(steps: readonly RehearsedStep[]): { host: string; names: string[] }[] {
  const found = new Map<string, Set<string>>();
  for (const { hostName, newGuests = [] } of steps) {
    if (newGuests.length > 0) found.set(hostName, new Set([...(found.get(hostName) ?? []), ...newGuests]));
  }
  return [...found].map(([host, names]) => ({ host, names: [...names] }));
}
