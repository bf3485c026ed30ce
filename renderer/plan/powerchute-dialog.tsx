import { type ReactElement, useState } from 'react';
import { Button } from '../parts/button.tsx';
import { Dialog } from '../parts/dialog.tsx';
import { differs } from '../parts/differs.ts';
import { TextInput } from '../parts/fields.tsx';
import {
  areNames,
  badNames,
  type GuestsStep,
  mostGroups,
  namesOf,
  powerChuteGroups,
  withPowerChuteGroups,
} from './guest-groups.ts';

interface PowerChuteDialogProps {
  step: GuestsStep;
  onTake: (step: GuestsStep) => void;
  onClose: () => void;
}

/** The groups that PowerChute's users have, to be filled as they are there. What is left empty is no group. */
export function PowerChuteDialog({ step, onTake, onClose }: PowerChuteDialogProps): ReactElement {
  const [old] = useState<Record<string, string>>(() =>
    Object.fromEntries(
      powerChuteGroups.map((name) => [name, step.groups.find((group) => group.name === name)?.guests.join('\n') ?? '']),
    ),
  );
  const [texts, setTexts] = useState(old);
  const isWrong = (text: string) => text.trim() !== '' && !areNames(text);
  const next = withPowerChuteGroups(
    step,
    powerChuteGroups.map((name) => ({ name, guests: namesOf(texts[name] ?? '') })),
  );
  const isTooMany = next.groups.length > mostGroups;
  const isBad = isTooMany || Object.values(texts).some(isWrong);
  const take = () => {
    onTake(next);
    onClose();
  };
  const actions = (
    <>
      {isTooMany && <p>{`With those that are there it is more than ${mostGroups} groups.`}</p>}
      <Button label="Cancel" onPress={onClose} />
      <Button label="Take these groups" look="main" isDisabled={isBad} onPress={take} />
    </>
  );
  return (
    <Dialog title="PowerChute’s groups" onClose={onClose} actions={actions} isChanged={differs(texts, old)}>
      <p>
        In the order in which they go down: guests in no group first, then from the top to the bottom. One name a line,
        as the host calls them.
      </p>
      {powerChuteGroups.map((name) => (
        <TextInput
          key={name}
          label={name}
          value={texts[name] ?? ''}
          lines={2}
          mono
          error={isWrong(texts[name] ?? '') ? badNames : null}
          onChange={(text) => setTexts((last) => ({ ...last, [name]: text }))}
        />
      ))}
    </Dialog>
  );
}
