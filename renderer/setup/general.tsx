import type { ReactElement } from 'react';
import type { SettingsView } from '../../shared/view.ts';
import { ask } from '../bridge/bridge.ts';
import { CopyButton } from '../parts/copy-button.tsx';
import { FaultBox } from '../parts/fault-box.tsx';
import { SelectInput, Tick } from '../parts/fields.tsx';
import page from '../parts/page.module.css';
import { useIsWatching } from '../store/controller.ts';
import { useSlice } from '../store/live.ts';
import styles from './setup.module.css';
import { useSending } from './use-sending.ts';

type Settings = Pick<SettingsView, 'startAtLogin' | 'theme' | 'rehearse'>;

/** @throws Error with what kept it from being told */
async function learnedDurations(): Promise<string> {
  const answer = await ask('durations.export', {});
  if (!answer.ok) throw new Error(answer.fault.what);
  return answer.value.text;
}

export function GeneralSettings(): ReactElement {
  const { startAtLogin, theme, rehearse, version, dataFolder } = useSlice('settings');
  const { fault, send } = useSending();
  const isDisabled = useIsWatching();
  const save = (change: Partial<Settings>) => void send('settings.save', { startAtLogin, theme, rehearse, ...change });
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
          isDisabled={isDisabled}
          onChange={(next) => save({ startAtLogin: next })}
        />
        <SelectInput
          label="Theme"
          value={theme}
          isDisabled={isDisabled}
          options={[
            { value: 'system', label: 'As the system' },
            { value: 'light', label: 'Light' },
            { value: 'dark', label: 'Dark' },
          ]}
          onChange={(next) => save({ theme: next })}
        />
        <SelectInput
          label="Rehearse by itself"
          value={rehearse}
          isDisabled={isDisabled}
          options={[
            { value: 'never', label: 'Never' },
            { value: 'daily', label: 'Every day' },
            { value: 'weekly', label: 'Every week' },
            { value: 'monthly', label: 'Every month' },
          ]}
          hint="Every host is signed in to; nothing is switched off"
          onChange={(next) => save({ rehearse: next })}
        />
      </div>
      {fault && <FaultBox fault={fault} />}
      <dl className={styles.about}>
        <dt>Version</dt>
        <dd>{version}</dd>
        <dt>Data folder</dt>
        <dd className={styles.path}>{dataFolder}</dd>
        <dt>Learned durations</dt>
        <dd>
          <CopyButton label="Copy as JSON" text={learnedDurations} />
        </dd>
      </dl>
    </section>
  );
}
