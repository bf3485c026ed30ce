import { type ReactElement, useState } from 'react';
import type { Host } from '../../shared/inventory.ts';
import type { SecretSlot } from '../../shared/secret-slot.ts';
import { secureOnBytes } from '../../shared/secure-on.ts';
import { Button } from '../parts/button.tsx';
import { Dialog } from '../parts/dialog.tsx';
import { TextInput } from '../parts/fields.tsx';
import { say } from '../store/ui.ts';
import { secretWords } from './host-secrets.ts';
import { useSending } from './use-sending.ts';

interface SecretDialogProps {
  host: Host;
  slot: SecretSlot;
  onClose: () => void;
}

/** Write only: what was set before is never shown, because it never comes back to the window. */
export function SecretDialog({ host, slot, onClose }: SecretDialogProps): ReactElement {
  const [secret, setSecret] = useState('');
  const [passphrase, setPassphrase] = useState('');
  const { isBusy, fault, send } = useSending();
  const { noun, keptFor } = secretWords(slot, host);
  const isKey = slot === 'login' && host.login === 'key';
  const isRight = slot === 'secure-on' ? secureOnBytes(secret) !== null : secret !== '';
  const save = async () => {
    if (!(await send('hosts.setSecret', { id: host.id, slot, secret, passphrase }))) return;
    say(`The ${noun} of ${host.name} is set.`);
    onClose();
  };
  const actions = (
    <>
      <Button label="Cancel" onPress={onClose} />
      <Button label={`Set ${noun}`} acts look="main" isDisabled={!isRight} onPress={() => !isBusy && void save()} />
    </>
  );
  return (
    <Dialog
      title={`Set the ${noun} of ${host.name}`}
      onClose={onClose}
      actions={actions}
      fault={fault}
      isChanged={secret !== '' || passphrase !== ''}
    >
      <p>{`Kept in the keychain of this computer for ${keptFor}. It cannot be read back here.`}</p>
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
        <TextInput
          label={slot === 'secure-on' ? 'SecureOn password' : 'Password'}
          type="password"
          value={secret}
          hint={slot === 'secure-on' ? secureOnHint : ''}
          error={slot === 'secure-on' && secret !== '' && !isRight ? secureOnHint : null}
          onChange={setSecret}
        />
      )}
    </Dialog>
  );
}

const secureOnHint = 'Six bytes as 00-11-22-33-44-55, or four as 192.0.2.7';
