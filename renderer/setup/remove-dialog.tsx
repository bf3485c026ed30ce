import type { ReactElement } from 'react';
import type { Host } from '../../shared/inventory.ts';
import { proofNoun } from '../../shared/platforms.ts';
import { Button } from '../parts/button.tsx';
import { Dialog } from '../parts/dialog.tsx';
import { count } from '../parts/format.ts';
import { allStages, targetOf } from '../plan/step-words.ts';
import { useSlice } from '../store/live.ts';
import { say } from '../store/ui.ts';
import { useSending } from './use-sending.ts';

export function RemoveDialog({ host, onClose }: { host: Host; onClose: () => void }): ReactElement {
  const { sequence } = useSlice('plan');
  const { isBusy, fault, send } = useSending();
  const uses = sequence
    ? allStages(sequence).flatMap((stage) => stage.steps.filter((step) => targetOf(step) === host.id)).length
    : 0;
  const remove = async () => {
    if (!(await send('hosts.remove', { id: host.id }))) return;
    say(`${host.name} removed.`);
    onClose();
  };
  const actions = (
    <>
      <Button label="Cancel" onPress={onClose} />
      <Button label="Remove host" acts look="danger" onPress={() => !isBusy && void remove()} />
    </>
  );
  return (
    <Dialog title={`Remove ${host.name}?`} onClose={onClose} actions={actions} fault={fault} isAlert>
      <p>{`Its ${proofNoun(host.kind)} is forgotten, and what the keychain keeps for it is deleted.`}</p>
      {uses > 0 && <p>{`The plan uses it in ${count(uses, 'step', 'steps')}, which will then be errors.`}</p>}
    </Dialog>
  );
}
