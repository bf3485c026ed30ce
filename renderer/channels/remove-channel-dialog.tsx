import type { ReactElement } from 'react';
import type { Channel } from '../../shared/channels.ts';
import { Button } from '../parts/button.tsx';
import { Dialog } from '../parts/dialog.tsx';
import { count } from '../parts/format.ts';
import { allStages } from '../plan/step-words.ts';
import { useSending } from '../setup/use-sending.ts';
import { useSlice } from '../store/live.ts';
import { say } from '../store/ui.ts';

export function RemoveChannelDialog({ channel, onClose }: { channel: Channel; onClose: () => void }): ReactElement {
  const { sequence } = useSlice('plan');
  const { isBusy, fault, send } = useSending();
  const uses = (sequence ? allStages(sequence) : []).flatMap(({ steps }) =>
    steps.filter((step) => step.kind === 'notify' && step.channels?.includes(channel.id)),
  ).length;
  const remove = async () => {
    if (!(await send('channels.remove', { id: channel.id }))) return;
    say(`${channel.name} removed.`);
    onClose();
  };
  const actions = (
    <>
      <Button label="Cancel" onPress={onClose} />
      <Button label="Remove channel" acts look="danger" onPress={() => !isBusy && void remove()} />
    </>
  );
  return (
    <Dialog title={`Remove ${channel.name}?`} onClose={onClose} actions={actions} fault={fault} isAlert>
      <p>What it still had to tell is not told, and what signs in is forgotten.</p>
      {uses > 0 && <p>{`The plan names it in ${count(uses, 'step')}: nobody is told that way any more.`}</p>}
    </Dialog>
  );
}
