import { type ReactElement, useEffect, useState } from 'react';
import { TextInput } from '../parts/fields.tsx';

interface DraftTextProps {
  label: string;
  value: string;
  isValid: (text: string) => boolean;
  error: string;
  hint?: string;
  lines?: number;
  mono?: boolean;
  onChange: (text: string) => void;
}

/** Text that reaches the draft only while it is valid; when left invalid, it goes back to what the draft has. */
export function DraftText(props: DraftTextProps): ReactElement {
  const { label, value, isValid, error, hint, lines = 1, mono = lines > 1, onChange } = props;
  const [text, setText] = useState(value);
  useEffect(() => setText((current) => (current.trim() === value ? current : value)), [value]);
  const take = (next: string) => {
    setText(next);
    if (isValid(next) && next.trim() !== value) onChange(next);
  };
  return (
    <TextInput
      label={label}
      value={text}
      lines={lines}
      mono={mono}
      {...(hint ? { hint } : {})}
      error={isValid(text) ? null : error}
      onChange={take}
      onBlur={() => setText(value)}
    />
  );
}
