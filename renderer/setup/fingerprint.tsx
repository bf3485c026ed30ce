import { Fragment, type ReactElement, type ReactNode } from 'react';
import styles from './setup.module.css';

/** To be compared by eye: it breaks between two bytes, and not within one. */
export function Fingerprint({ text, children }: { text: string; children?: ReactNode }): ReactElement {
  return (
    <p className={styles.fingerprint}>
      {children}
      {text.split(/(?<=:)/).map((part, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the same byte stands there more than once.
        <Fragment key={at}>
          {part}
          <wbr />
        </Fragment>
      ))}
    </p>
  );
}
