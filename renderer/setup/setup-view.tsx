import type { ReactElement } from 'react';
import { Channels } from '../channels/channels.tsx';
import page from '../parts/page.module.css';
import { GeneralSettings } from './general.tsx';
import { Hosts } from './hosts.tsx';
import { Servers } from './servers.tsx';
import { Supplies } from './supplies.tsx';

export function SetupView(): ReactElement {
  return (
    <div className={page.page}>
      <h1 className="visually-hidden">Setup</h1>
      <Supplies />
      <Servers />
      <Hosts />
      <Channels />
      <GeneralSettings />
    </div>
  );
}
