import { type ReactElement, useRef, useState } from 'react';
import { Button } from '../parts/button.tsx';
import { NumberInput, TextInput } from '../parts/fields.tsx';
import { edit } from '../store/draft.ts';
import fieldset from './fieldset.module.css';
import styles from './guest-fields.module.css';
import {
  areNames,
  badNames,
  type GuestsStep,
  namesOf,
  neverComes,
  withGuestLimit,
  withoutGuestLimit,
} from './guest-groups.ts';
import { limitOf } from './step-words.ts';

/** Guests that are powered off sooner or later than the others. Where nothing is forced, it has no meaning. */
export function GuestLimits({ step }: { step: GuestsStep }): ReactElement | null {
  const [names, setNames] = useState('');
  const box = useRef<HTMLFieldSetElement>(null);
  if (!step.force && step.guestLimits.length === 0) return null;
  const change = (next: GuestsStep, mark: string | null = null) =>
    edit({ type: 'change-step', step: next }, mark && `${step.id} ${mark}`);
  // Two thirds of the limit are what the others have.
  const usual = Math.max(1, Math.floor((limitOf(step) * 2) / 3));
  const byGroup = step.groups.some(({ limit }) => limit !== undefined)
    ? ', or two thirds of the limit of their group'
    : '';
  const add = () => {
    change(namesOf(names).reduce((next, guest) => withGuestLimit(next, guest, usual), step));
    setNames('');
  };
  const remove = (guest: string) => {
    change(withoutGuestLimit(step, guest));
    requestAnimationFrame(() => box.current?.querySelector<HTMLElement>('textarea, input')?.focus());
  };
  return (
    <fieldset className={fieldset.fieldset} ref={box}>
      <legend>Limits of single guests</legend>
      {!step.force && (
        <p className={fieldset.soft}>They have no effect: guests that do not stop are not powered off.</p>
      )}
      <ul className={styles.groups}>
        {step.guestLimits.map(({ guest, limit }) => (
          <li key={guest} className={styles.limit}>
            <NumberInput
              label={`${guest} is powered off after, s`}
              value={limit}
              min={1}
              max={7200}
              hint={step.force ? neverComes(step, { guest, limit }) : ''}
              onChange={(next) => next !== null && change(withGuestLimit(step, guest, next), `limit of ${guest}`)}
            />
            <Button
              label={`Remove the limit of ${guest}`}
              icon="cross"
              iconOnly
              look="quiet"
              onPress={() => remove(guest)}
            />
          </li>
        ))}
      </ul>
      <div className={styles.add}>
        <TextInput
          label="Guests with a limit of their own"
          value={names}
          lines={2}
          mono
          hint={`One name a line. The others are powered off after ${usual} s${byGroup}.`}
          error={names.trim() === '' || areNames(names) ? null : badNames}
          onChange={setNames}
        />
        <Button label="Add limits" icon="plus" isDisabled={!areNames(names)} onPress={add} />
      </div>
    </fieldset>
  );
}
