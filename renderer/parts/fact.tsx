import type { ReactElement } from 'react';
import type { Tone } from '../shell/power-words.ts';
import { cx } from './cx.ts';
import styles from './fact.module.css';
import { Icon, type IconName } from './icons.tsx';
import tones from './tone.module.css';

/** A short statement with its sign and its tone. */
export function Fact({ tone, icon, words }: { tone: Tone; icon: IconName; words: string }): ReactElement {
  return (
    <span className={cx(styles.fact, tones[tone])}>
      <Icon name={icon} size={14} />
      {words}
    </span>
  );
}
