import { type ReactElement, useEffect, useState } from 'react';
import type { Fault } from '../../shared/fault.ts';
import type { Host, HostKey } from '../../shared/inventory.ts';
import { ask } from '../bridge/bridge.ts';
import { Button } from '../parts/button.tsx';
import { CopyLine } from '../parts/copy-line.tsx';
import { Dialog } from '../parts/dialog.tsx';
import { FaultBox } from '../parts/fault-box.tsx';
import { say } from '../store/ui.ts';
import styles from './setup.module.css';
import { useSending } from './use-sending.ts';

/** Reads the key that the host shows, lets the user compare it, and pins it only then. */
export function KeyDialog({ host, onClose }: { host: Host; onClose: () => void }): ReactElement {
  const [read, setRead] = useState<HostKey | Fault | null>(null);
  const { isBusy, fault, send } = useSending();
  useEffect(() => {
    let isOpen = true;
    void ask('hosts.readKey', { id: host.id }).then((answer) => {
      if (isOpen) setRead(answer.ok ? answer.value : answer.fault);
    });
    return () => {
      isOpen = false;
    };
  }, [host.id]);
  const key = read && 'fingerprint' in read ? read : null;
  const isPinned = key !== null && host.hostKeys.some((pinned) => pinned.fingerprint === key.fingerprint);
  const pin = async () => {
    if (!key || !(await send('hosts.pinKey', { id: host.id, key }))) return;
    say(`The host key of ${host.name} is confirmed.`);
    onClose();
  };
  const actions = (
    <>
      <Button label={isPinned ? 'Close' : 'Cancel'} onPress={onClose} />
      {!isPinned && (
        <Button
          label="It is the same, confirm"
          acts
          look="main"
          isDisabled={!key || isBusy}
          onPress={() => void pin()}
        />
      )}
    </>
  );
  return (
    <Dialog title={`Host key of ${host.name}`} onClose={onClose} actions={actions}>
      {read === null && <p className={styles.soft}>{`Asking ${host.address}…`}</p>}
      {read && 'code' in read && <FaultBox fault={read} />}
      {key && (
        <>
          <p>
            {isPinned
              ? 'This is the key that you have confirmed.'
              : 'It shows this key. Compare it with what the host itself says:'}
          </p>
          <p className={styles.fingerprint}>
            {key.type}
            <br />
            {key.fingerprint}
          </p>
          {!isPinned && host.hostKeys.length > 0 && (
            <p className={styles.warning}>
              It differs from the key that was confirmed before. Be sure that you know why.
            </p>
          )}
          {!isPinned && <CopyLine text={`ssh-keygen -lf /etc/ssh/${keyFile(key.type)}`} />}
        </>
      )}
      {fault && <FaultBox fault={fault} />}
    </Dialog>
  );
}

/** Where OpenSSH keeps the public half of a host key of that type. */
function keyFile(type: string): string {
  if (type.startsWith('ecdsa')) return 'ssh_host_ecdsa_key.pub';
  return type === 'ssh-rsa' ? 'ssh_host_rsa_key.pub' : 'ssh_host_ed25519_key.pub';
}
