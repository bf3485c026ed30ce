import { type ReactElement, useRef, useState } from 'react';
import { Button } from '../parts/button.tsx';
import { TextInput } from '../parts/fields.tsx';
import { edit } from '../store/draft.ts';
import { DraftText } from './draft-text.tsx';
import { badParameterName, badParameterText, isParameterName, isParameterText, parameterOf } from './parameters.ts';
import type { PlanSettings } from './plan-settings.ts';
import styles from './settings.module.css';

/** Values by name, for conditions and for `{{name}}` in commands and messages. */
export function Parameters({ parameters }: { parameters: PlanSettings['parameters'] }): ReactElement {
  const [name, setName] = useState('');
  const [text, setText] = useState('');
  const box = useRef<HTMLDivElement>(null);
  const change = (next: PlanSettings['parameters'], mark: string | null = null) =>
    edit({ type: 'settings', settings: { parameters: next } }, mark);
  const isTaken = Object.hasOwn(parameters, name);
  const add = () => {
    change({ ...parameters, [name]: parameterOf(text) });
    setName('');
    setText('');
  };
  const remove = (gone: string) => {
    change(Object.fromEntries(Object.entries(parameters).filter(([each]) => each !== gone)));
    requestAnimationFrame(() => box.current?.querySelector('input')?.focus());
  };
  return (
    <div className={styles.group} ref={box}>
      <p className={styles.soft}>
        Conditions can ask for a value; in a command or a message it stands as {'{{name}}'}.
      </p>
      <ul className={styles.list}>
        {Object.entries(parameters).map(([each, value]) => (
          <li key={each}>
            <DraftText
              label={each}
              value={String(value)}
              isValid={isParameterText}
              error={badParameterText}
              onChange={(next) => change({ ...parameters, [each]: parameterOf(next) }, `parameter ${each}`)}
            />
            <Button label={`Remove ${each}`} icon="cross" iconOnly look="quiet" onPress={() => remove(each)} />
          </li>
        ))}
      </ul>
      <div className={styles.pair}>
        <TextInput
          label="New parameter"
          value={name}
          mono
          error={
            name === '' || isParameterName(name) ? (isTaken ? 'There is one of this name' : null) : badParameterName
          }
          onChange={setName}
        />
        <TextInput
          label="Its value"
          value={text}
          mono
          error={isParameterText(text) ? null : badParameterText}
          onChange={setText}
        />
      </div>
      <div>
        <Button
          label="Add parameter"
          icon="plus"
          isDisabled={!isParameterName(name) || isTaken || !isParameterText(text)}
          onPress={add}
        />
      </div>
    </div>
  );
}
