import type { ReactElement } from 'react';
import { Button } from '../parts/button.tsx';
import { cx } from '../parts/cx.ts';
import { count, dateTime, duration } from '../parts/format.ts';
import { Icon } from '../parts/icons.tsx';
import tones from '../parts/tone.module.css';
import { causeWords, resultWords } from '../runs/run-words.ts';
import { useSlice } from '../store/live.ts';
import { openRun } from '../store/ui.ts';
import styles from './last-run.module.css';

/** How it went the last time, as one line; nothing before there was one. */
export function LastRun(): ReactElement | null {
  const last = useSlice('runs').find((run) => run.endedAt !== null);
  if (!last || last.endedAt === null) return null;
  const { icon, words, tone } = resultWords(last.result);
  return (
    <section className={styles.last} aria-label="Last run">
      <span className={cx(styles.result, tones[tone])}>
        <Icon name={icon} />
        {`Last run ${words.toLowerCase()}`}
      </span>
      <span className={styles.facts}>
        {[
          dateTime(last.begunAt),
          causeWords(last.cause),
          duration((last.endedAt - last.begunAt) / 1000),
          count(last.hostsOff, 'host off', 'hosts off'),
        ].join(' · ')}
      </span>
      <Button label="Show" onPress={() => openRun(last.runId)} />
    </section>
  );
}
