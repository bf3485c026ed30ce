import { type ReactElement, useState } from 'react';
import { Button } from '../parts/button.tsx';
import { SelectInput } from '../parts/fields.tsx';
import { edit } from '../store/draft.ts';
import { DraftText } from './draft-text.tsx';
import fieldset from './fieldset.module.css';
import { GroupList } from './group-list.tsx';
import { areNames, badNames, type GuestsStep, namesOf, withGuests } from './guest-groups.ts';
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
      <GroupList step={step} order="Guests in no group go down first, then group after group." onChange={change} />
      <div>
        <Button label="PowerChute’s groups…" onPress={() => setFilling(true)} />
      </div>
      {isFilling && <PowerChuteDialog step={step} onTake={change} onClose={() => setFilling(false)} />}
    </fieldset>
  );
}
