import { type ReactElement, useState } from 'react';
import type { ServerView } from '../../shared/view.ts';
import { Button } from '../parts/button.tsx';
import page from '../parts/page.module.css';
import { useSlice } from '../store/live.ts';
import { RemoveServerDialog } from './remove-server-dialog.tsx';
import { ServerDialog } from './server-dialog.tsx';
import { ServerRow } from './server-row.tsx';
import styles from './setup.module.css';
import { useKeptPlace } from './use-kept-place.ts';

/** The dialogs of this section: one at a time, or none. */
export type ServerPopup = { type: 'edit'; view: ServerView | null } | { type: 'remove'; view: ServerView };

/** Other computers that read UPSes and tell about them. */
export function Servers(): ReactElement {
  const { servers } = useSlice('supplies');
  const [popup, setPopup] = useState<ServerPopup | null>(null);
  const close = () => setPopup(null);
  return (
    <section className={page.card} aria-labelledby="servers-title" {...useKeptPlace()}>
      <header className={styles.head}>
        <h2 id="servers-title">UPS servers</h2>
        <Button label="Add server…" acts icon="plus" onPress={() => setPopup({ type: 'edit', view: null })} />
      </header>
      {servers.length === 0 && (
        <p className={styles.soft}>None. A UPS on another machine is read from its NUT or apcupsd.</p>
      )}
      {servers.length > 0 && (
        <ul>
          {servers.map((view) => (
            <ServerRow key={view.server.id} view={view} onPopup={setPopup} />
          ))}
        </ul>
      )}
      {popup?.type === 'edit' && <ServerDialog view={popup.view} onClose={close} />}
      {popup?.type === 'remove' && <RemoveServerDialog server={popup.view.server} onClose={close} />}
    </section>
  );
}
