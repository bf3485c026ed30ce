import type { ReactElement } from 'react';
import type { UpsServer } from '../../shared/supplies.ts';
import { Button } from '../parts/button.tsx';
import { Dialog } from '../parts/dialog.tsx';
import { FaultBox } from '../parts/fault-box.tsx';
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
      <Button label="Remove server" acts look="danger" isDisabled={isBusy} onPress={() => void remove()} />
    </>
  );
  return (
    <Dialog title={`Remove ${name}?`} onClose={onClose} actions={actions} isAlert>
      <p>Its UPSes are not read any more, and its password is forgotten. They stay in the list of UPSes, as missing.</p>
      {fault && <FaultBox fault={fault} />}
    </Dialog>
  );
}
