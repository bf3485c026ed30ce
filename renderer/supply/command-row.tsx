import { type ReactElement, type ReactNode, useState } from 'react';
import { cutsPower, type Offer } from '../../shared/ups-command.ts';
import { Button } from '../parts/button.tsx';
import { TextInput } from '../parts/fields.tsx';
import { commandWords } from './command-words.ts';
import { delayWords, firstDelay, parseDelay } from './delay-words.ts';
import styles from './supply.module.css';

interface CommandRowProps {
  offer: Offer;
  isDisabled: boolean;
  /** With the delay as it was typed, seconds; null for a command that takes none. */
  onGive: (delay: number | null) => void;
  /** What became of it. */
  children: ReactNode;
}

/** A command with what it does, and what its delay will really be while it is being typed. */
export function CommandRow({ offer, isDisabled, onGive, children }: CommandRowProps): ReactElement {
  const { command, delay, note } = offer;
  const { label, what } = commandWords(command);
  const [typed, setTyped] = useState(delay ? String(firstDelay(delay)) : '');
  const wanted = parseDelay(typed);
  return (
    <fieldset className={styles.command} aria-label={label.replace('…', '')}>
      <div className={styles.what}>
        <p>{what}</p>
        {note && <p className={styles.soft}>{note}</p>}
      </div>
      {delay && (
        <div className={styles.delay}>
          <TextInput
            label="Delay, s"
            value={typed}
            onChange={setTyped}
            error={wanted === null ? 'Whole seconds, up to 7 days.' : null}
            hint={wanted === null ? '' : delayWords(delay, wanted)}
          />
        </div>
      )}
      <div className={styles.give}>
        <Button
          acts
          label={label}
          look={cutsPower(command) ? 'danger' : 'plain'}
          isDisabled={isDisabled || (delay !== null && wanted === null)}
          onPress={() => onGive(delay ? wanted : null)}
        />
      </div>
      <div className={styles.outcome}>{children}</div>
    </fieldset>
  );
}
