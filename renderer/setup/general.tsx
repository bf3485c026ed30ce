import type { ReactElement } from 'react';
import { FaultBox } from '../parts/fault-box.tsx';
import { SelectInput, Tick } from '../parts/fields.tsx';
import page from '../parts/page.module.css';
import { useSlice } from '../store/live.ts';
import styles from './setup.module.css';
import { useSending } from './use-sending.ts';

export function GeneralSettings(): ReactElement {
  const { startAtLogin, theme, version, dataFolder } = useSlice('settings');
  const { fault, send } = useSending();
  return (
    <section className={page.card} aria-labelledby="general-title">
      <header className={styles.head}>
        <h2 id="general-title">General</h2>
      </header>
      <div className={styles.general}>
        <Tick
          label="Start when I log in"
          hint="Nobody shuts the rack down while Glidepath is not running"
          isSelected={startAtLogin}
          onChange={(next) => void send('settings.save', { startAtLogin: next, theme })}
        />
        <SelectInput
          label="Theme"
          value={theme}
          options={[
            { value: 'system', label: 'As the system' },
            { value: 'light', label: 'Light' },
            { value: 'dark', label: 'Dark' },
          ]}
          onChange={(next) => void send('settings.save', { startAtLogin, theme: next })}
        />
      </div>
      {fault && <FaultBox fault={fault} />}
      <dl className={styles.about}>
        <dt>Version</dt>
        <dd>{version}</dd>
        <dt>Data folder</dt>
        <dd className={styles.path}>{dataFolder}</dd>
      </dl>
    </section>
  );
}
