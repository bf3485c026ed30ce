import { type ReactElement, useRef, useState } from 'react';
import { Button } from './button.tsx';
import styles from './copy-line.module.css';

/** A line to be pasted elsewhere. Where the clipboard is refused, the line is selected for Ctrl+C instead. */
export function CopyLine({ text }: { text: string }): ReactElement {
  const line = useRef<HTMLElement>(null);
  const [label, setLabel] = useState('Copy');
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text);
      setLabel('Copied');
    } catch {
      if (line.current) getSelection()?.selectAllChildren(line.current);
      setLabel('Press Ctrl+C');
    }
  };
  return (
    <div className={styles.line}>
      <code ref={line}>{text}</code>
      <Button label={label} icon="copy" onPress={() => void copy()} />
    </div>
  );
}
