import type { ReactElement } from 'react';
import { Button } from '../parts/button.tsx';
import { cx } from '../parts/cx.ts';
import { ago } from '../parts/format.ts';
import { Icon } from '../parts/icons.tsx';
import tones from '../parts/tone.module.css';
import { useNow } from '../parts/use-now.ts';
import { StartRehearsal } from '../rehearsal/start-rehearsal.tsx';
import { countWords, outcomeOf, summaryWords, verdictWords } from '../rehearsal/verdict-words.ts';
import { useSlice } from '../store/live.ts';
import { openRehearsal } from '../store/ui.ts';
import styles from './last-run.module.css';

/** Whether it would work, as far as anybody has tried. */
export function Rehearsed(): ReactElement | null {
  const { latest, running, editedSince } = useSlice('rehearsals');
  const plan = useSlice('plan');
  const now = useNow();
  if (!plan.sequence) return null;
  if (running) {
    return (
      <section className={styles.last} aria-label="Rehearsal">
        <span className={styles.result}>
          <Icon name="play" />
          Rehearsing
        </span>
        <span
          className={styles.facts}
        >{`${running.done} of ${running.of} steps looked at; nothing is switched off`}</span>
        <Button label="Show" onPress={() => openRehearsal(null)} />
      </section>
    );
  }
  if (!latest) {
    return (
      <section className={styles.last} aria-label="Rehearsal">
        <span className={cx(styles.result, tones.warn)}>
          <Icon name="question" />
          Never rehearsed
        </span>
        <span className={styles.facts}>Whether every host would let itself be shut down was never tried.</span>
        <StartRehearsal />
      </section>
    );
  }
  const outcome = outcomeOf(latest);
  // What was ready may not be so any more.
  const { icon, tone } =
    editedSince && outcome.counts.fails === 0 ? verdictWords('cannot-check') : summaryWords(outcome);
  return (
    <section className={styles.last} aria-label="Rehearsal">
      <span className={cx(styles.result, tones[tone])}>
        <Icon name={icon} />
        {`Rehearsed ${ago(latest.begunAt, now)}`}
      </span>
      <span className={styles.facts}>
        {[countWords(outcome), ...(editedSince ? ['edited since'] : [])].join(' · ')}
      </span>
      <span className={styles.buttons}>
        {editedSince && <StartRehearsal />}
        <Button label="Show report" onPress={() => openRehearsal(latest.id)} />
      </span>
    </section>
  );
}
