import { type ReactElement, type ReactNode, useId } from 'react';
import { Input, Label, NumberField, Text, TextArea, TextField } from 'react-aria-components';
import { cx } from './cx.ts';
import styles from './fields.module.css';

interface TextProps {
  label: string;
  value: string;
  onChange: (value: string) => void;
  onBlur?: () => void;
  hint?: string;
  error?: string | null;
  type?: 'text' | 'password';
  lines?: number;
  mono?: boolean;
  placeholder?: string;
}

export function TextInput(props: TextProps): ReactElement {
  const { label, value, onChange, onBlur, hint, error, type = 'text', lines = 1, mono = false, placeholder } = props;
  const shared = {
    className: cx(styles.input, mono && styles.mono),
    spellCheck: false,
    ...(placeholder ? { placeholder } : {}),
  };
  return (
    <TextField
      className={cx(styles.field)}
      value={value}
      onChange={onChange}
      type={type}
      isInvalid={Boolean(error)}
      autoComplete="off"
      {...(onBlur ? { onBlur } : {})}
    >
      <Label className={cx(styles.label)}>{label}</Label>
      {lines > 1 ? <TextArea rows={lines} {...shared} /> : <Input {...shared} />}
      {error && (
        <Text slot="errorMessage" className={cx(styles.error)}>
          {error}
        </Text>
      )}
      {hint && !error && (
        <Text slot="description" className={cx(styles.hint)}>
          {hint}
        </Text>
      )}
    </TextField>
  );
}

interface NumberProps {
  label: string;
  /** null: empty, where `whenEmpty` says what then holds. */
  value: number | null;
  onChange: (value: number | null) => void;
  min: number;
  max: number;
  step?: number;
  whenEmpty?: string;
  hint?: string;
  isDisabled?: boolean;
}

export function NumberInput(props: NumberProps): ReactElement {
  const { label, value, onChange, min, max, step = 1, whenEmpty, hint, isDisabled = false } = props;
  const take = (next: number) => {
    if (!Number.isNaN(next)) onChange(next);
    else if (whenEmpty) onChange(null);
  };
  return (
    <NumberField
      className={cx(styles.field)}
      value={value ?? Number.NaN}
      onChange={take}
      minValue={min}
      maxValue={max}
      isDisabled={isDisabled}
      formatOptions={{ useGrouping: false, maximumFractionDigits: step < 1 ? 2 : 0 }}
      {...(step < 1 ? {} : { step })}
    >
      <Label className={cx(styles.label)}>{label}</Label>
      <Input className={cx(styles.input, styles.short)} {...(whenEmpty ? { placeholder: whenEmpty } : {})} />
      {hint && (
        <Text slot="description" className={cx(styles.hint)}>
          {hint}
        </Text>
      )}
    </NumberField>
  );
}

interface Option<T extends string> {
  value: T;
  label: string;
  /** The heading under which it stands, next to others of it. */
  group?: string;
}

interface SelectProps<T extends string> {
  label: string;
  value: T;
  options: readonly Option<T>[];
  onChange: (value: T) => void;
  hint?: string;
  isDisabled?: boolean;
}

/** The platform's own list: it needs nothing from us to be reached, read and drawn over the window's edge. */
export function SelectInput<T extends string>(props: SelectProps<T>): ReactElement {
  const { label, value, options, onChange, hint, isDisabled = false } = props;
  const id = useId();
  const choose = (chosen: string) => {
    const option = options.find((each) => each.value === chosen);
    if (option) onChange(option.value);
  };
  return (
    <div className={styles.field}>
      <label className={styles.label} htmlFor={id}>
        {label}
      </label>
      <select
        id={id}
        className={cx(styles.input, styles.select)}
        value={value}
        disabled={isDisabled}
        onChange={(event) => choose(event.target.value)}
        {...(hint ? { 'aria-describedby': `${id}-hint` } : {})}
      >
        {underHeadings(options).map(([group, members]) =>
          group === undefined ? (
            members.map(asOption)
          ) : (
            <optgroup key={group} label={group}>
              {members.map(asOption)}
            </optgroup>
          ),
        )}
      </select>
      {hint && (
        <span id={`${id}-hint`} className={styles.hint}>
          {hint}
        </span>
      )}
    </div>
  );
}

const asOption = ({ value, label }: Option<string>): ReactElement => (
  <option key={value} value={value}>
    {label}
  </option>
);

/** In their order; those without a heading are by themselves. */
function underHeadings<T extends string>(options: readonly Option<T>[]): [string | undefined, Option<T>[]][] {
  const headings = [...new Set(options.map(({ group }) => group))];
  return headings.map((group) => [group, options.filter((option) => option.group === group)]);
}

interface TickProps {
  label: ReactNode;
  isSelected: boolean;
  onChange: (isSelected: boolean) => void;
  isDisabled?: boolean;
  hint?: string;
}

export function Tick({ label, isSelected, onChange, isDisabled = false, hint }: TickProps): ReactElement {
  const id = useId();
  return (
    <label className={cx(styles.tick, isDisabled && styles.off)}>
      <input
        type="checkbox"
        checked={isSelected}
        disabled={isDisabled}
        onChange={(event) => onChange(event.target.checked)}
        {...(hint ? { 'aria-describedby': id } : {})}
      />
      <span>
        {label}
        {hint && (
          <span id={id} className={styles.tickHint}>
            {hint}
          </span>
        )}
      </span>
    </label>
  );
}
