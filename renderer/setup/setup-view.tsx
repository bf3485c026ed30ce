import type { ReactElement } from 'react';
import { GeneralSettings } from './general.tsx';
import { Hosts } from './hosts.tsx';
import styles from './setup.module.css';

export function SetupView(): ReactElement {
  return (
    <div className={styles.view}>
      <h1 className="visually-hidden">Setup</h1>
      <Hosts />
      <GeneralSettings />
    </div>
  );
}
