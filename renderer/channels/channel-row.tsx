import { type ReactElement, useState } from 'react';
import type { ChannelView } from '../../shared/view.ts';
import { Button } from '../parts/button.tsx';
import { cx } from '../parts/cx.ts';
import { Fact } from '../parts/fact.tsx';
import { FaultBox } from '../parts/fault-box.tsx';
import { MenuButton } from '../parts/menu.tsx';
import styles from '../setup/setup.module.css';
import { useSending } from '../setup/use-sending.ts';
import { say } from '../store/ui.ts';
import { kindWords, secretNoun, stateWords, tellsWords } from './channel-words.ts';
import type { ChannelPopup } from './channels.tsx';

interface ChannelRowProps {
  view: ChannelView;
  onPopup: (popup: ChannelPopup) => void;
}

/** A channel: where it goes, what it tells of, how telling goes, and a message to try it. */
export function ChannelRow({ view, onPopup }: ChannelRowProps): ReactElement {
  const { channel, where, hasSecret, state } = view;
  const { isBusy, fault, send } = useSending();
  const [wasSent, setSent] = useState(false);
  const secret = secretNoun(channel);
  const isReady = secret === null || hasSecret;
  const test = async () => {
    setSent(false);
    if (!(await send('channels.test', { id: channel.id }))) return;
    setSent(true);
    say(`${channel.name} has taken a test message.`);
  };
  const label = isBusy ? 'Sending…' : wasSent ? 'Test sent' : 'Send a test';
  // What the test just said is newer than what keeps the last notice from getting through.
  const shown = fault ?? state.fault;
  return (
    <li className={cx(styles.row, isReady && styles.plain)}>
      <span className={styles.name}>
        <b>{channel.name}</b>
        <span className={styles.soft}>{`${kindWords(channel)} · ${where}`}</span>
      </span>
      <span className={styles.facts}>
        {secret && (
          <Fact
            tone={hasSecret ? 'good' : 'warn'}
            icon={hasSecret ? 'check' : 'alert'}
            words={hasSecret ? `${secret} set` : `no ${secret}: edit it`}
          />
        )}
        {isReady && <Fact {...stateWords(state)} />}
        <Fact tone="calm" icon="bell" words={tellsWords(channel.categories)} />
      </span>
      <span className={styles.actions}>
        <Button
          label={label}
          acts
          aria-label={`${label} by ${channel.name}`}
          isDisabled={!isReady}
          // Switched off while it is busy it would lose the focus.
          onPress={() => !isBusy && void test()}
        />
        <MenuButton
          label={`Actions for ${channel.name}`}
          icon="more"
          entries={[
            { id: 'edit', acts: true, label: 'Edit…', onAction: () => onPopup({ type: 'edit', view }) },
            {
              id: 'remove',
              acts: true,
              label: 'Remove…',
              isBad: true,
              startsGroup: true,
              onAction: () => onPopup({ type: 'remove', view }),
            },
          ]}
        />
      </span>
      {shown && (
        <div className={styles.whole}>
          <FaultBox fault={shown} />
        </div>
      )}
    </li>
  );
}
