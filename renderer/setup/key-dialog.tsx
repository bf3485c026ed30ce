import { type ReactElement, useEffect, useState } from 'react';
import type { Fault } from '../../shared/fault.ts';
import type { Host, HostKey, KeyOwner } from '../../shared/inventory.ts';
import { shownFingerprint } from '../../shared/shown-fingerprint.ts';
import { ask } from '../bridge/bridge.ts';
import { Button } from '../parts/button.tsx';
import { CopyLine } from '../parts/copy-line.tsx';
import { Dialog } from '../parts/dialog.tsx';
import { FaultBox } from '../parts/fault-box.tsx';
import { say } from '../store/ui.ts';
import { Fingerprint } from './fingerprint.tsx';
import { keyNoun } from './host-secrets.ts';
import { commandFor } from './key-words.ts';
import styles from './setup.module.css';
import { useSending } from './use-sending.ts';

interface KeyDialogProps {
  host: Host;
  of: KeyOwner;
  onClose: () => void;
}

/** Reads the key or certificate that is shown, lets the user compare it, and pins it only then. */
export function KeyDialog({ host, of, onClose }: KeyDialogProps): ReactElement {
  const [read, setRead] = useState<HostKey | Fault | null>(null);
  const { isBusy, fault, send } = useSending();
  const [asked, setAsked] = useState(1);
  // biome-ignore lint/correctness/useExhaustiveDependencies: each time that it is asked for anew.
  useEffect(() => {
    let isOpen = true;
    setRead(null);
    void ask('hosts.readKey', { id: host.id, of }).then((answer) => {
      if (isOpen) setRead(answer.ok ? answer.value : answer.fault);
    });
    return () => {
      isOpen = false;
    };
  }, [host.id, of, asked]);
  const noun = keyNoun(of, host);
  const key = read && 'fingerprint' in read ? read : null;
  const pinned = of === 'host' ? host.hostKeys : host.bmc?.certificate ? [host.bmc.certificate] : [];
  const isPinned = key !== null && pinned.some((each) => each.fingerprint === key.fingerprint);
  const command = key && commandFor(of, host, key);
  const pin = async () => {
    if (!key || !(await send('hosts.pinKey', { id: host.id, of, key }))) return;
    say(`The ${noun} of ${host.name} is confirmed.`);
    onClose();
  };
  const actions = (
    <>
      <Button label={isPinned ? 'Close' : 'Cancel'} onPress={onClose} />
      {(read && 'code' in read) || asked > 1 ? (
        // It stays when there is an answer: it has the focus.
        <Button label="Ask again" acts onPress={() => setAsked(asked + 1)} />
      ) : null}
      {!isPinned && (
        <Button
          label="It is the same, confirm"
          acts
          look="main"
          isDisabled={!key}
          onPress={() => !isBusy && void pin()}
        />
      )}
    </>
  );
  const title = `${noun.charAt(0).toUpperCase()}${noun.slice(1)} of ${host.name}`;
  return (
    <Dialog title={title} onClose={onClose} actions={actions} fault={fault}>
      {read === null && (
        <p className={styles.soft}>{`Asking ${of === 'bmc' ? (host.bmc?.address ?? host.name) : host.address}…`}</p>
      )}
      {read && 'code' in read && <FaultBox fault={read} />}
      {key && (
        <>
          <p>
            {isPinned
              ? `This is the ${noun} that you have confirmed.`
              : `It shows this ${noun}. Compare it with what ${of === 'bmc' ? 'its own page, opened over a network you trust, shows' : 'the host itself says'}:`}
          </p>
          <Fingerprint text={shownFingerprint(key)}>
            {key.type === 'x509' ? 'SHA-256' : key.type}
            <br />
          </Fingerprint>
          {!isPinned && pinned.length > 0 && (
            <p className={styles.warning}>
              {`It differs from the ${noun} that was confirmed before. Be sure that you know why.`}
            </p>
          )}
          {!isPinned && command && <CopyLine text={command} />}
        </>
      )}
    </Dialog>
  );
}
