import { type ReactElement, useState } from 'react';
import { mostChannels } from '../../shared/channels.ts';
import type { ChannelView } from '../../shared/view.ts';
import { Button } from '../parts/button.tsx';
import { FaultBox } from '../parts/fault-box.tsx';
import { fileName } from '../parts/format.ts';
import page from '../parts/page.module.css';
import styles from '../setup/setup.module.css';
import { useKeptPlace } from '../setup/use-kept-place.ts';
import { useSlice } from '../store/live.ts';
import { ChannelDialog } from './channel-dialog.tsx';
import { ChannelRow } from './channel-row.tsx';
import { RemoveChannelDialog } from './remove-channel-dialog.tsx';

/** The dialogs of this section: one at a time, or none. */
export type ChannelPopup = { type: 'edit'; view: ChannelView | null } | { type: 'remove'; view: ChannelView };

/** The ways on which notices go out besides this computer's own screen. */
export function Channels(): ReactElement {
  const { channels, refused } = useSlice('channels');
  const [popup, setPopup] = useState<ChannelPopup | null>(null);
  const close = () => setPopup(null);
  return (
    <section className={page.card} aria-labelledby="channels-title" {...useKeptPlace()}>
      <header className={styles.head}>
        <h2 id="channels-title">Notifications</h2>
        <Button
          label="Add channel…"
          acts
          icon="plus"
          isDisabled={channels.length >= mostChannels}
          onPress={() => setPopup({ type: 'edit', view: null })}
        />
      </header>
      {refused && (
        <FaultBox fault={refused.fault} title={`${fileName(refused.file)} was not taken; it is kept as it is`} />
      )}
      {channels.length === 0 && (
        <p className={styles.soft}>
          Shown on this computer only. A channel tells them elsewhere too: a webhook, e-mail, a program.
        </p>
      )}
      {channels.length > 0 && (
        <ul>
          {channels.map((view) => (
            <ChannelRow key={view.channel.id} view={view} onPopup={setPopup} />
          ))}
        </ul>
      )}
      {popup?.type === 'edit' && <ChannelDialog view={popup.view} onClose={close} />}
      {popup?.type === 'remove' && <RemoveChannelDialog channel={popup.view.channel} onClose={close} />}
    </section>
  );
}
