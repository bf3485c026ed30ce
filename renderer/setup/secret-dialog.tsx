import { type ReactElement, useState } from 'react';
import type { Host } from '../../shared/inventory.ts';
import { Button } from '../parts/button.tsx';
import { Dialog } from '../parts/dialog.tsx';
import { FaultBox } from '../parts/fault-box.tsx';
import { TextInput } from '../parts/fields.tsx';
import { say } from '../store/ui.ts';
import { useSending } from './use-sending.ts';

/** Write only: what was set before is never shown, because it never comes back to the window. */
export function SecretDialog({ host, onClose }: { host: Host; onClose: () => void }): ReactElement {
  const [secret, setSecret] = useState('');
  const [passphrase, setPassphrase] = useState('');
  const { isBusy, fault, send } = useSending();
  const isKey = host.login === 'key';
  const word = isKey ? 'private key' : 'password';
  const save = async () => {
    if (!(await send('hosts.setSecret', { id: host.id, secret, passphrase }))) return;
    say(`The ${word} of ${host.name} is set.`);
    onClose();
  };
  const actions = (
    <>
      <Button label="Cancel" onPress={onClose} />
      <Button label={`Set ${word}`} acts look="main" isDisabled={secret === '' || isBusy} onPress={() => void save()} />
    </>
  );
  return (
    <Dialog title={`Set the ${word} of ${host.name}`} onClose={onClose} actions={actions}>
      <p>{`Kept in the keychain of this computer for ${host.user}@${host.address}. It cannot be read back here.`}</p>
      {isKey ? (
        <>
          <TextInput
            label="Private key"
            value={secret}
            lines={7}
            mono
            placeholder="-----BEGIN OPENSSH PRIVATE KEY-----"
            onChange={setSecret}
          />
          <TextInput label="Passphrase, if it has one" type="password" value={passphrase} onChange={setPassphrase} />
        </>
      ) : (
        <TextInput label="Password" type="password" value={secret} onChange={setSecret} />
      )}
      {fault && <FaultBox fault={fault} />}
    </Dialog>
  );
}
