import { type ReactElement, type ReactNode, useState } from 'react';
import { Button } from '../parts/button.tsx';
import { cx } from '../parts/cx.ts';
import { dateTime } from '../parts/format.ts';
import { Icon, type IconName } from '../parts/icons.tsx';
import tones from '../parts/tone.module.css';
import type { Tone } from '../shell/power-words.ts';
import styles from './runs.module.css';

export interface Entry {
  id: string;
  at: number;
  result: { icon: IconName; words: string; tone: Tone };
  lines: readonly string[];
  onOpen: () => void;
}

interface EntryListProps {
  title: string;
  /** "runs" */
  many: string;
  entries: readonly Entry[];
  /** null: none of them is. */
  shown: string | null;
  children?: ReactNode;
}

/** What happened, newest first; each leads to the whole of it. */
export function EntryList({ title, many, entries, shown, children }: EntryListProps): ReactElement {
  const [isWhole, setWhole] = useState(false);
  // So many stand above what is shown in a narrow window, where the whole list would push it out of sight.
  const fewest = shown === null ? 1 : 3;
  const isOlder = (at: number, id: string) => !isWhole && at >= fewest && id !== shown;
  return (
    <nav className={styles.entries} aria-label={`All ${many}`}>
      <h2>{title}</h2>
      {children}
      <ul>
        {entries.map(({ id, at, result, lines, onOpen }, index) => (
          <li key={id} className={cx(isOlder(index, id) && styles.older)}>
            <button
              type="button"
              className={cx(styles.entry, id === shown && styles.shown)}
              aria-current={id === shown}
              onClick={onOpen}
            >
              <span className={styles.when}>{dateTime(at)}</span>
              <span className={cx(styles.result, tones[result.tone])}>
                <Icon name={result.icon} />
                {result.words}
              </span>
              {lines.map((line) => (
                <span key={line} className={styles.cause}>
                  {line}
                </span>
              ))}
            </button>
          </li>
        ))}
      </ul>
      {entries.length > fewest && (
        <div className={styles.all}>
          <Button
            label={isWhole ? 'Show the newest' : `Show all ${entries.length} ${many}`}
            look="quiet"
            aria-expanded={isWhole}
            onPress={() => setWhole(!isWhole)}
          />
        </div>
      )}
    </nav>
  );
}
