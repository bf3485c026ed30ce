import type { ReactElement } from 'react';
import type { Host } from '../../shared/inventory.ts';
import type { Sequence } from '../../shared/sequence.ts';
import type { CheckedPlan } from '../../shared/view.ts';
import { cx } from '../parts/cx.ts';
import { duration } from '../parts/format.ts';
import { findStep, stepTitle } from './step-words.ts';
import styles from './timeline.module.css';

interface TimelineProps {
  sequence: Sequence;
  hosts: readonly Host[];
  checked: CheckedPlan;
}

/** The way down as the planner sees it: one bar per step, the critical path in the strong tone. */
export function Timeline({ sequence, hosts, checked }: TimelineProps): ReactElement | null {
  const steps = checked.steps.filter((step) => step.phase === 'down' && findStep(sequence, step.id));
  const end = Math.max(checked.needs, ...steps.map((step) => step.start + step.seconds));
  if (steps.length === 0 || end <= 0) return null;
  const share = (seconds: number) => `${(seconds / end) * 100}%`;
  return (
    <details className={styles.timeline}>
      <summary>
        <b>Forecast</b>{' '}
        {`the way down takes ${duration(checked.needs)}; bars in the full colour are the path that decides.`}
      </summary>
      <ol className={styles.rows}>
        {steps.map((planned) => {
          const step = findStep(sequence, planned.id);
          return (
            <li key={planned.id} className={styles.row}>
              <span className={styles.title}>{step ? stepTitle(step, hosts) : planned.id}</span>
              <span className={styles.track} aria-hidden="true">
                <span
                  className={cx(styles.bar, planned.critical && styles.critical)}
                  style={{ left: share(planned.start), width: share(planned.seconds) }}
                />
              </span>
              <span className={styles.time}>
                <span className="visually-hidden">{`starts after ${duration(planned.start)}, takes `}</span>
                {duration(planned.seconds)}
              </span>
            </li>
          );
        })}
      </ol>
    </details>
  );
}
