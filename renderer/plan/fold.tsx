import type { ReactElement, ReactNode } from 'react';
import styles from './settings.module.css';

interface FoldProps {
  title: string;
  sentence: string;
  children: ReactNode;
}

/** Settings that read as a sentence until somebody wants to change them. */
export function Fold({ title, sentence, children }: FoldProps): ReactElement {
  return (
    <details className={styles.fold}>
      <summary>
        <b>{title}</b> {sentence}
      </summary>
      <div className={styles.groups}>{children}</div>
    </details>
  );
}
