import { type ReactElement, useState } from 'react';
import { Button } from '../parts/button.tsx';
import { NumberInput, SelectInput, TextInput } from '../parts/fields.tsx';
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
  type GuestGroup,
  type GuestsStep,
  mostGroups,
  moveGroup,
  namesOf,
  removeGroup,
  withGuests,
} from './guest-groups.ts';
import { isName } from './names.ts';
import { PowerChuteDialog } from './powerchute-dialog.tsx';

type Which = 'all' | 'only' | 'except';

const whichOf = ({ guests }: GuestsStep): Which => (!guests ? 'all' : 'only' in guests ? 'only' : 'except');
const listOf = ({ guests }: GuestsStep): string[] => (!guests ? [] : 'only' in guests ? guests.only : guests.except);

/** Which guests go down, and in which order. */
export function GuestFields({ step }: { step: GuestsStep }): ReactElement {
  // "Only these" says nothing until the first one is named, so it is kept here until then.
  const [begun, setBegun] = useState<Which | null>(null);
  const [isFilling, setFilling] = useState(false);
  const which = step.guests ? whichOf(step) : (begun ?? 'all');
  const names = listOf(step);
  const change = (next: GuestsStep, mark: string | null = null) =>
    edit({ type: 'change-step', step: next }, mark && `${step.id} ${mark}`);
  const take = (kind: Which, guests: string[], mark: string | null = null) => {
    setBegun(guests.length === 0 ? kind : null);
    if (kind === 'all') change(withGuests(step, null));
    else if (guests.length > 0) change(withGuests(step, kind === 'only' ? { only: guests } : { except: guests }), mark);
  };
  return (
    <fieldset className={fieldset.fieldset}>
      <legend>Guests</legend>
      <SelectInput
        label="Which guests"
        value={which}
        options={[
          { value: 'all', label: 'All' },
          { value: 'only', label: 'Only those named here' },
          { value: 'except', label: 'All but those named here' },
        ]}
        onChange={(next) => take(next, names)}
      />
      {which !== 'all' && (
        <DraftText
          label={which === 'only' ? 'Only these guests' : 'All but these guests'}
          value={names.join('\n')}
          isValid={areNames}
          error={badNames}
          lines={3}
          onChange={(text) => take(which, namesOf(text), 'guests')}
        />
      )}
      {step.groups.length > 0 && (
        <p className={fieldset.soft}>Guests in no group go down first, then group after group.</p>
      )}
      <ol className={styles.groups}>
        {step.groups.map((group, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: groups are told apart by their place.
          <li key={at}>
            <Group
              group={group}
              onChange={(next, mark) => change(changeGroup(step, at, next), `group ${at} ${mark}`)}
              buttons={
                <OrderButtons
                  what={group.name}
                  isFirst={at === 0}
                  isLast={at === step.groups.length - 1}
                  onMove={(by) => change(moveGroup(step, at, by))}
                  onRemove={() => change(removeGroup(step, at))}
                />
              }
            />
          </li>
        ))}
      </ol>
      {step.groups.length < mostGroups && <AddGroup onAdd={(guests) => change(addGroup(step, guests))} />}
      <div>
        <Button label="PowerChute’s groups…" onPress={() => setFilling(true)} />
      </div>
      {isFilling && <PowerChuteDialog step={step} onTake={change} onClose={() => setFilling(false)} />}
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
