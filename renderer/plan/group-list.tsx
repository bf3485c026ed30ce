import { type ReactElement, useState } from 'react';
import type { Step } from '../../shared/sequence.ts';
import { Button } from '../parts/button.tsx';
import { NumberInput, TextInput } from '../parts/fields.tsx';
import { OrderButtons } from '../parts/order-buttons.tsx';
import { edit } from '../store/draft.ts';
import { DraftText } from './draft-text.tsx';
import fieldset from './fieldset.module.css';
import styles from './guest-fields.module.css';
import {
  addGroup,
  areNames,
  badNames,
  changeGroup,
  type GroupedStep,
  type GuestGroup,
  mostGroups,
  moveGroup,
  namesOf,
  removeGroup,
} from './guest-groups.ts';
import { isName } from './names.ts';

interface GroupListProps<T> {
  step: T;
  /** In which order they go, when there are any. */
  order: string;
  /** `mark`: edits of the same mark in a row are one. */
  onChange: (step: T, mark?: string) => void;
}

/** The groups in which guests go, down or up. */
export function GroupList<T extends GroupedStep>({ step, order, onChange }: GroupListProps<T>): ReactElement {
  return (
    <>
      {step.groups.length > 0 && <p className={fieldset.soft}>{order}</p>}
      <ol className={styles.groups}>
        {step.groups.map((group, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: groups are told apart by their place.
          <li key={at}>
            <Group
              group={group}
              onChange={(next, mark) => onChange(changeGroup(step, at, next), `group ${at} ${mark}`)}
              buttons={
                <OrderButtons
                  what={group.name}
                  isFirst={at === 0}
                  isLast={at === step.groups.length - 1}
                  onMove={(by) => onChange(moveGroup(step, at, by))}
                  onRemove={() => onChange(removeGroup(step, at))}
                />
              }
            />
          </li>
        ))}
      </ol>
      {step.groups.length < mostGroups && <AddGroup onAdd={(guests) => onChange(addGroup(step, guests))} />}
    </>
  );
}

type StartStep = Extract<Step, { kind: 'start-guests' }>;

/** In which order guests come up again. */
export function GuestsBack({ step }: { step: StartStep }): ReactElement {
  return (
    <fieldset className={fieldset.fieldset}>
      <legend>Guests</legend>
      {step.groups.length === 0 && (
        <p className={fieldset.soft}>
          Without groups here they come up in the reverse of the order in which they go down.
        </p>
      )}
      <GroupList
        step={step}
        order="Group after group, the guests in no group last. What the step waits first, it waits before each of them."
        onChange={(next, mark) => edit({ type: 'change-step', step: next }, mark ? `${step.id} ${mark}` : null)}
      />
    </fieldset>
  );
}

interface GroupProps {
  group: GuestGroup;
  onChange: (group: GuestGroup, mark: string) => void;
  buttons: ReactElement;
}

function Group({ group, onChange, buttons }: GroupProps): ReactElement {
  const withLimit = (limit: number | null): GuestGroup => {
    const { limit: _, ...rest } = group;
    return limit === null ? rest : { ...rest, limit };
  };
  return (
    <div className={styles.group}>
      <DraftText
        label="Name of the group"
        value={group.name}
        isValid={isName}
        error="One line of 1 to 100 characters"
        onChange={(name) => onChange({ ...group, name: name.trim() }, 'name')}
      />
      {buttons}
      <div className={styles.wide}>
        <DraftText
          label={`Guests of ${group.name}`}
          value={group.guests.join('\n')}
          isValid={areNames}
          error={badNames}
          lines={3}
          onChange={(text) => onChange({ ...group, guests: namesOf(text) }, 'guests')}
        />
      </div>
      <div className={styles.wide}>
        <NumberInput
          label={`Limit of ${group.name}, s`}
          value={group.limit ?? null}
          min={1}
          max={7200}
          whenEmpty="as the step"
          onChange={(limit) => onChange(withLimit(limit), 'limit')}
        />
      </div>
    </div>
  );
}

/** A group has at least one guest, so the names come first. */
function AddGroup({ onAdd }: { onAdd: (guests: string[]) => void }): ReactElement {
  const [text, setText] = useState('');
  const add = () => {
    onAdd(namesOf(text));
    setText('');
  };
  return (
    <div className={styles.add}>
      <TextInput
        label="Guests of a new priority group"
        value={text}
        lines={2}
        mono
        hint="One name a line, as the host calls them"
        error={text.trim() === '' || areNames(text) ? null : badNames}
        onChange={setText}
      />
      <Button label="Add group" icon="plus" isDisabled={!areNames(text)} onPress={add} />
    </div>
  );
}
