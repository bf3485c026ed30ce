import type { ReactElement } from 'react';
import type { Fault } from '../../shared/fault.ts';
import { CopyLine } from './copy-line.tsx';
import styles from './fault-box.module.css';
import { Icon } from './icons.tsx';

interface FaultBoxProps {
  fault: Fault;
  title?: string;
  children?: ReactElement | null;
}

/** What went wrong, where, and what to do about it. */
export function FaultBox({ fault, title, children }: FaultBoxProps): ReactElement {
  return (
    <div className={styles.box}>
      <span className={styles.icon}>
        <Icon name="alert" />
      </span>
      <div className={styles.text}>
        <p className={styles.what}>{title ?? fault.what}</p>
        {title && <p>{fault.what}</p>}
        <p className={styles.where}>{fault.where}</p>
        <Remedy text={fault.remedy} />
        {children}
      </div>
    </div>
  );
}

/** Advice in words; a line for a terminal or a rules file stands in its own box, to be copied. */
export function Remedy({ text }: { text: string }): ReactElement | null {
  if (text === '') return null;
  const { before, rule, after } = splitRemedy(text);
  return (
    <>
      {before && <p className={styles.remedy}>{before}</p>}
      {rule && <CopyLine text={rule} />}
      {after && <p className={styles.remedy}>{after}</p>}
    </>
  );
}

interface RemedyParts {
  before: string;
  rule: string;
  after: string;
}

/** What is to be copied stands in backticks, or is a udev rule, a sudoers line or a command up to the end. */
export function splitRemedy(text: string): RemedyParts {
  const [before = '', rule, after = ''] = text.split('`');
  if (rule !== undefined) return { before: before.trim(), rule, after: after.replace(/^[\s.,:;]+/, '') };
  const at = text.search(/(SUBSYSTEM|KERNEL|ACTION)==|\S+ ALL=\(|\bsudo [a-z]/);
  if (at < 0) return { before: text, rule: '', after: '' };
  return { before: text.slice(0, at).trim(), rule: text.slice(at).trim(), after: '' };
}
