import type { ReactElement } from 'react';
import type { ServerView } from '../../shared/view.ts';
import { cx } from '../parts/cx.ts';
import { Fact } from '../parts/fact.tsx';
import { FaultBox } from '../parts/fault-box.tsx';
import { MenuButton } from '../parts/menu.tsx';
import { serverName } from './server-form.ts';
import type { ServerPopup } from './servers.tsx';
import styles from './setup.module.css';

interface ServerRowProps {
  view: ServerView;
  onPopup: (popup: ServerPopup) => void;
}

export function ServerRow({ view, onPopup }: ServerRowProps): ReactElement {
  const { server, hasSecret, fault } = view;
  const name = serverName(server);
  return (
    <li className={cx(styles.row, styles.plain)}>
      <span className={styles.name}>
        <b>{name}</b>
        {server.kind === 'nut' && server.user !== '' && <span className={styles.soft}>{`as ${server.user}`}</span>}
      </span>
      <span className={styles.facts}>
        {server.kind === 'nut' && server.user !== '' && (
          <Fact
            tone={hasSecret ? 'good' : 'warn'}
            icon={hasSecret ? 'check' : 'alert'}
            words={hasSecret ? 'password set' : 'no password'}
          />
        )}
        {server.kind === 'nut' && (
          <Fact
            tone={server.certificate ? 'good' : 'calm'}
            icon={server.certificate ? 'check' : 'dot'}
            words={server.certificate ? 'encrypted, certificate confirmed' : 'not encrypted'}
          />
        )}
      </span>
      <span className={styles.actions}>
        <MenuButton
          label={`Actions for ${name}`}
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
      {fault && (
        <div className={styles.whole}>
          <FaultBox fault={fault} />
        </div>
      )}
    </li>
  );
}
