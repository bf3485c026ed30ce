import { type ReactElement, useState } from 'react';
import type { RunView } from '../../shared/run.ts';
import type { RunSummary } from '../../shared/view.ts';
import { Button } from '../parts/button.tsx';
import { cx } from '../parts/cx.ts';
import { count, dateTime, duration } from '../parts/format.ts';
import { Icon } from '../parts/icons.tsx';
import tones from '../parts/tone.module.css';
import { openRun } from '../store/ui.ts';
import { withLive } from './live-summary.ts';
import { causeWords, resultWords, runWords } from './run-words.ts';
import styles from './runs.module.css';

interface RunListProps {
  live: RunView | null;
  runs: readonly RunSummary[];
  shown: string | null;
}

/** So many stand above the run in a narrow window, where the whole list would push it out of sight. */
const fewest = 3;

export function RunList({ live, runs, shown }: RunListProps): ReactElement {
  const rows = withLive(live, runs);
  const [isWhole, setWhole] = useState(false);
  const isOlder = (at: number, runId: string) => !isWhole && at >= fewest && runId !== shown;
  return (
    <nav className={styles.list} aria-label="All runs">
      <h2>Runs</h2>
      <ul>
        {rows.map((run, at) => {
          const result = run.runId === live?.runId ? runWords(live) : resultWords(run.result);
          return (
            <li key={run.runId} className={cx(isOlder(at, run.runId) && styles.older)}>
              <button
                type="button"
                className={cx(styles.entry, run.runId === shown && styles.shown)}
                aria-current={run.runId === shown}
                onClick={() => openRun(run.runId)}
              >
                <span className={styles.when}>{dateTime(run.begunAt)}</span>
                <span className={cx(styles.result, tones[result.tone])}>
                  <Icon name={result.icon} />
                  {result.words}
                </span>
                <span className={styles.cause}>{causeWords(run.cause)}</span>
                <span className={styles.cause}>
                  {[
                    run.sequenceName,
                    run.endedAt === null ? null : duration((run.endedAt - run.begunAt) / 1000),
                    count(run.hostsOff, 'host off', 'hosts off'),
                  ]
                    .filter(Boolean)
                    .join(' · ')}
                </span>
              </button>
            </li>
          );
        })}
      </ul>
      {rows.length > fewest && (
        <div className={styles.all}>
          <Button
            label={isWhole ? `Show the newest ${fewest}` : `Show all ${rows.length} runs`}
            look="quiet"
            aria-expanded={isWhole}
            onPress={() => setWhole(!isWhole)}
          />
        </div>
      )}
    </nav>
  );
}
