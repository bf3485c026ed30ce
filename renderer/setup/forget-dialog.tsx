import type { ReactElement } from 'react';
import type { KnownSupply } from '../../shared/supplies.ts';
import { Button } from '../parts/button.tsx';
import { Dialog } from '../parts/dialog.tsx';
import { useSlice } from '../store/live.ts';
import { say } from '../store/ui.ts';
import { listed } from '../supply/supply-names.ts';
import { useSending } from './use-sending.ts';

export function ForgetDialog({ supply, onClose }: { supply: KnownSupply; onClose: () => void }): ReactElement {
  const { hosts } = useSlice('hosts');
  const { isBusy, fault, send } = useSending();
  const fed = hosts.filter(({ host }) => host.fedBy.upses.includes(supply.id)).map(({ host }) => host.name);
  const forget = async () => {
    if (!(await send('ups.forget', { upsId: supply.id }))) return;
    say(`${supply.name} forgotten.`);
    onClose();
  };
  const actions = (
    <>
      <Button label="Cancel" onPress={onClose} />
      <Button label="Forget UPS" acts look="danger" onPress={() => !isBusy && void forget()} />
    </>
  );
  return (
    <Dialog title={`Forget ${supply.name}?`} onClose={onClose} actions={actions} fault={fault} isAlert>
      <p>It is not missed any more. When it comes back, it is found as a new one.</p>
      {fed.length > 0 && (
        <p>{`${listed(fed)} ${fed.length === 1 ? 'is' : 'are'} said to be fed by it: look at that afterwards.`}</p>
      )}
    </Dialog>
  );
}
