import type { ReactElement } from 'react';
import type { UpsServer } from '../../shared/supplies.ts';
import { Button } from '../parts/button.tsx';
import { Dialog } from '../parts/dialog.tsx';
import { say } from '../store/ui.ts';
import { serverName } from './server-form.ts';
import { useSending } from './use-sending.ts';

export function RemoveServerDialog({ server, onClose }: { server: UpsServer; onClose: () => void }): ReactElement {
  const { isBusy, fault, send } = useSending();
  const name = serverName(server);
  const remove = async () => {
    if (!(await send('servers.remove', { id: server.id }))) return;
    say(`${name} removed.`);
    onClose();
  };
  const actions = (
    <>
      <Button label="Cancel" onPress={onClose} />
      <Button label="Remove server" acts look="danger" onPress={() => !isBusy && void remove()} />
    </>
  );
  return (
    <Dialog title={`Remove ${name}?`} onClose={onClose} actions={actions} fault={fault} isAlert>
      <p>Its UPSes are not read any more, and its password is forgotten. They stay in the list of UPSes, as missing.</p>
    </Dialog>
  );
}
