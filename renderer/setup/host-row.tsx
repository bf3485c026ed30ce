import type { ReactElement } from 'react';
import type { HostView } from '../../shared/view.ts';
import { Button } from '../parts/button.tsx';
import { cx } from '../parts/cx.ts';
import { Fact } from '../parts/fact.tsx';
import { MenuButton } from '../parts/menu.tsx';
import { useSupplies } from '../supply/use-supplies.ts';
import { fedByWords } from './fed-by-words.ts';
import type { HostPopup } from './hosts.tsx';
import styles from './setup.module.css';

interface HostRowProps {
  view: HostView;
  onPopup: (popup: HostPopup) => void;
}

/** A host with the two things that it needs before anything is sent to it: its key confirmed, a secret kept. */
export function HostRow({ view, onPopup }: HostRowProps): ReactElement {
  const { host, hasSecret } = view;
  const secret = host.login === 'key' ? 'private key' : 'password';
  const { all, nameOf } = useSupplies();
  const fed = fedByWords(host.fedBy, all.length, nameOf);
  const isPinned = host.hostKeys.length > 0;
  return (
    <li className={cx(styles.row, isPinned && hasSecret && styles.plain)}>
      <span className={styles.name}>
        <b>{host.name}</b>
        <span className={styles.soft}>
          {`${host.kind === 'esxi' ? 'ESXi' : 'Linux'} · ${host.user}@${host.address}${host.port === 22 ? '' : `:${host.port}`}`}
        </span>
      </span>
      <span className={styles.facts}>
        <Need isMet={isPinned} words={isPinned ? 'host key confirmed' : 'host key not confirmed'} />
        <Need isMet={hasSecret} words={hasSecret ? `${secret} set` : `no ${secret}`} />
        {host.macs.length === 0 && <Need isMet={false} words="no MAC, cannot be woken" />}
        {fed && <Fact tone="calm" icon="plug" words={fed} />}
      </span>
      <span className={styles.actions}>
        {!isPinned && <Button label="Confirm host key…" onPress={() => onPopup({ type: 'key', view })} />}
        {!hasSecret && <Button label={`Set ${secret}…`} onPress={() => onPopup({ type: 'secret', view })} />}
        <MenuButton
          label={`Actions for ${host.name}`}
          icon="more"
          entries={[
            { id: 'edit', label: 'Edit…', onAction: () => onPopup({ type: 'edit', view }) },
            { id: 'secret', label: `Set ${secret}…`, onAction: () => onPopup({ type: 'secret', view }) },
            { id: 'key', label: 'Read host key…', onAction: () => onPopup({ type: 'key', view }) },
            {
              id: 'remove',
              label: 'Remove…',
              isBad: true,
              startsGroup: true,
              onAction: () => onPopup({ type: 'remove', view }),
            },
          ]}
        />
      </span>
    </li>
  );
}

function Need({ isMet, words }: { isMet: boolean; words: string }): ReactElement {
  return <Fact tone={isMet ? 'good' : 'warn'} icon={isMet ? 'check' : 'alert'} words={words} />;
}
