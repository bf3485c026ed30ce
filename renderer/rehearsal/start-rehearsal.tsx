import type { ReactElement } from 'react';
import { Button } from '../parts/button.tsx';
import { startRehearsal } from '../store/commands.ts';
import { useSlice } from '../store/live.ts';

interface StartRehearsalProps {
  label?: string;
  isDisabled?: boolean;
}

/** Always of the plan that is saved. Leads to where its progress and its report are. */
export function StartRehearsal({ label = 'Rehearse now', isDisabled = false }: StartRehearsalProps): ReactElement {
  const plan = useSlice('plan');
  const { running } = useSlice('rehearsals');
  return (
    <Button
      label={label}
      acts
      isDisabled={isDisabled || running !== null || !plan.sequence}
      onPress={() => void startRehearsal(plan.hash)}
    />
  );
}
