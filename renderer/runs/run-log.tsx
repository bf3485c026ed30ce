import type { ReactElement } from 'react';
import type { RunView } from '../../shared/run.ts';
import { timeOfDay } from '../parts/format.ts';
import { findStep, stepTitle } from '../plan/step-words.ts';
import styles from './run-detail.module.css';
import { logWords } from './run-words.ts';

/** The journal, line by line, newest last. */
export function RunLog({ run }: { run: RunView }): ReactElement {
  const who = (stepId: string | null): string => {
    const step = stepId === null ? undefined : findStep(run.sequence, stepId);
    return step ? stepTitle(step, run.hosts) : '';
  };
  return (
    <section className={styles.log}>
      <h3 id="journal">Journal</h3>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls must be reachable by keyboard. */}
      <ol tabIndex={0} aria-labelledby="journal">
        {run.log.map((line, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a journal only grows at its end.
          <li key={index}>
            <time>{timeOfDay(line.at)}</time>
            <span>{logWords(who(line.step), line.text, run.cancelled)}</span>
          </li>
        ))}
      </ol>
    </section>
  );
}
