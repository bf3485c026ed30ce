import type { ReactElement } from 'react';
import { dateTime } from '../parts/format.ts';
import { EntryList } from '../runs/entry-list.tsx';
import styles from '../runs/runs.module.css';
import { useSlice } from '../store/live.ts';
import { openRehearsal } from '../store/ui.ts';
import { StartRehearsal } from './start-rehearsal.tsx';
import { countWords, summaryWords } from './verdict-words.ts';

/** Every rehearsal that there was, the one that goes on, and when the next one comes. */
export function RehearsalList({ shown }: { shown: string | null }): ReactElement {
  const { list, running, nextAt } = useSlice('rehearsals');
  const entries = list.map((each) => ({
    id: each.id,
    at: each.begunAt,
    result: summaryWords(each),
    lines: [`${each.sequenceName} · ${countWords(each)}`],
    onOpen: () => openRehearsal(each.id),
  }));
  const now = running && {
    id: 'running',
    at: running.begunAt,
    result: { icon: 'play', words: 'Rehearsing', tone: 'calm' } as const,
    lines: [`${running.done} of ${running.of} steps looked at`],
    onOpen: () => openRehearsal(null),
  };
  return (
    <EntryList title="Rehearsals" many="rehearsals" entries={now ? [now, ...entries] : entries} shown={shown}>
      <div className={styles.start}>
        <StartRehearsal />
        <p className={styles.cause}>
          {nextAt === null ? 'None by itself: see Setup.' : `Next by itself ${dateTime(nextAt)}.`}
        </p>
      </div>
    </EntryList>
  );
}
