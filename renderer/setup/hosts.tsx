import { type ReactElement, useState } from 'react';
import { assertNever } from '../../shared/assert-never.ts';
import type { KeyOwner } from '../../shared/inventory.ts';
import type { SecretSlot } from '../../shared/secret-slot.ts';
import type { HostView } from '../../shared/view.ts';
import { Button } from '../parts/button.tsx';
import { FaultBox } from '../parts/fault-box.tsx';
import { fileName } from '../parts/format.ts';
import { Icon } from '../parts/icons.tsx';
import page from '../parts/page.module.css';
import { useSlice } from '../store/live.ts';
import { HostDialog } from './host-dialog.tsx';
import { HostRow } from './host-row.tsx';
import { KeyDialog } from './key-dialog.tsx';
import { RemoveDialog } from './remove-dialog.tsx';
import { SecretDialog } from './secret-dialog.tsx';
import styles from './setup.module.css';
import { useKeptPlace } from './use-kept-place.ts';

/** The dialogs of this screen: one at a time, or none. */
export type HostPopup =
  | { type: 'edit'; view: HostView | null }
  | { type: 'secret'; view: HostView; slot: SecretSlot }
  | { type: 'key'; view: HostView; of: KeyOwner }
  | { type: 'remove'; view: HostView };

export function Hosts(): ReactElement {
  const { hosts, keychainIsStrong, refused } = useSlice('hosts');
  const [popup, setPopup] = useState<HostPopup | null>(null);
  return (
    <section className={page.card} aria-labelledby="hosts-title" {...useKeptPlace()}>
      <header className={styles.head}>
        <h2 id="hosts-title">Hosts</h2>
        <Button label="Add host…" acts icon="plus" onPress={() => setPopup({ type: 'edit', view: null })} />
      </header>
      {!keychainIsStrong && (
        <p className={styles.warning}>
          <Icon name="alert" />
          This desktop has no keyring: passwords and keys are only lightly protected.
        </p>
      )}
      {refused && (
        <FaultBox fault={refused.fault} title={`${fileName(refused.file)} was not taken; it is kept as it is`} />
      )}
      {hosts.length === 0 && <p className={styles.soft}>No hosts yet. Add the machines that the UPS feeds.</p>}
      {hosts.length > 0 && (
        <ul>
          {hosts.map((view) => (
            <HostRow key={view.host.id} view={view} onPopup={setPopup} />
          ))}
        </ul>
      )}
      {popup && <Popup popup={popup} onClose={() => setPopup(null)} />}
    </section>
  );
}

function Popup({ popup, onClose }: { popup: HostPopup; onClose: () => void }): ReactElement {
  switch (popup.type) {
    case 'edit':
      return <HostDialog host={popup.view?.host ?? null} onClose={onClose} />;
    case 'secret':
      return <SecretDialog host={popup.view.host} slot={popup.slot} onClose={onClose} />;
    case 'key':
      return <KeyDialog host={popup.view.host} of={popup.of} onClose={onClose} />;
    case 'remove':
      return <RemoveDialog host={popup.view.host} onClose={onClose} />;
    default:
      return assertNever(popup, 'host popup');
  }
}
