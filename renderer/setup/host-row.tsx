import type { ReactElement } from 'react';
import type { HostView } from '../../shared/view.ts';
import { Button } from '../parts/button.tsx';
import { cx } from '../parts/cx.ts';
import { Fact } from '../parts/fact.tsx';
import { MenuButton } from '../parts/menu.tsx';
import { useSlice } from '../store/live.ts';
import { useSupplies } from '../supply/use-supplies.ts';
import { fedByWords } from './fed-by-words.ts';
import { hostFacts } from './host-facts.ts';
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
  // A guest of which nothing is said has the power of what it runs on, and that is told.
  const isCarried = host.fedBy.upses.length === 0 && host.runsOn !== undefined;
  const fed = isCarried ? null : fedByWords(host.fedBy, all.length, nameOf);
  const hosts = useSlice('hosts').hosts.map((each) => each.host);
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
        {hostFacts(host, hosts).map((words) => (
          <Fact key={words} tone="calm" icon="dot" words={words} />
        ))}
      </span>
      <span className={styles.actions}>
        {!isPinned && <Button label="Confirm host key…" acts onPress={() => onPopup({ type: 'key', view })} />}
        {!hasSecret && <Button label={`Set ${secret}…`} acts onPress={() => onPopup({ type: 'secret', view })} />}
        <MenuButton
          label={`Actions for ${host.name}`}
          icon="more"
          entries={[
            { id: 'edit', acts: true, label: 'Edit…', onAction: () => onPopup({ type: 'edit', view }) },
            { id: 'secret', acts: true, label: `Set ${secret}…`, onAction: () => onPopup({ type: 'secret', view }) },
            { id: 'key', acts: true, label: 'Read host key…', onAction: () => onPopup({ type: 'key', view }) },
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
    </li>
  );
}

function Need({ isMet, words }: { isMet: boolean; words: string }): ReactElement {
  return <Fact tone={isMet ? 'good' : 'warn'} icon={isMet ? 'check' : 'alert'} words={words} />;
}
