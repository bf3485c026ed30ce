import { type ReactElement, useState } from 'react';
import { say } from '../store/ui.ts';
import { Button } from './button.tsx';

interface CopyButtonProps {
  label: string;
  /** Made only when it is asked for: it can be long. */
  text: () => string | Promise<string>;
  isDisabled?: boolean;
}

/** Puts text on the clipboard: the window may neither save nor download files. */
export function CopyButton({ label, text, isDisabled = false }: CopyButtonProps): ReactElement {
  const [result, setResult] = useState<string | null>(null);
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(await text());
      setResult('Copied');
      say('Copied.');
    } catch {
      setResult('Not copied');
      say('It could not be copied.');
    }
  };
  return <Button label={result ?? label} icon="copy" isDisabled={isDisabled} onPress={() => void copy()} />;
}
