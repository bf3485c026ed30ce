import { type ReactElement, useEffect } from 'react';
import { Tab, TabList, TabPanel, Tabs } from 'react-aria-components';
import { HistoryView } from '../history/history-view.tsx';
import { NowView } from '../now/now-view.tsx';
import { cx } from '../parts/cx.ts';
import { FaultBox } from '../parts/fault-box.tsx';
import { Icon, type IconName } from '../parts/icons.tsx';
import { PlanEditor } from '../plan/plan-view.tsx';
import { RunsView } from '../runs/runs-view.tsx';
import { SetupView } from '../setup/setup-view.tsx';
import { useLost, useReady } from '../store/live.ts';
import { goTo, useUi, type ViewName } from '../store/ui.ts';
import styles from './app.module.css';
import { Band } from './band.tsx';
import { LiveRegions } from './live-regions.tsx';

const views: readonly { id: ViewName; label: string; icon: IconName; View: () => ReactElement }[] = [
  { id: 'now', label: 'Now', icon: 'gauge', View: NowView },
  { id: 'plan', label: 'Plan', icon: 'lanes', View: PlanEditor },
  { id: 'runs', label: 'Runs', icon: 'list', View: RunsView },
  { id: 'history', label: 'History', icon: 'chart', View: HistoryView },
  { id: 'setup', label: 'Setup', icon: 'gear', View: SetupView },
];

export function App(): ReactElement {
  const ready = useReady();
  const lost = useLost();
  return (
    <div className={styles.app}>
      <div className={styles.shell}>
        {ready && <Band />}
        {lost && (
          <div className={styles.lost}>
            <FaultBox fault={lost} />
          </div>
        )}
        {ready ? (
          <main className={styles.main}>
            <Views />
          </main>
        ) : (
          !lost && <p className={styles.waiting}>Asking for the state…</p>
        )}
      </div>
      <LiveRegions />
    </div>
  );
}

function Views(): ReactElement {
  const view = useUi((ui) => ui.view);
  useEffect(() => {
    document.title = `${views.find((each) => each.id === view)?.label ?? ''} – Glidepath`;
  }, [view]);
  const choose = (key: string) => {
    const chosen = views.find((each) => each.id === key);
    if (chosen) goTo(chosen.id);
  };
  return (
    <Tabs
      className={cx(styles.body)}
      orientation="vertical"
      selectedKey={view}
      onSelectionChange={(key) => choose(String(key))}
    >
      <TabList className={cx(styles.rail)} aria-label="Views">
        {views.map(({ id, label, icon }) => (
          <Tab key={id} id={id} className={cx(styles.tab)}>
            <Icon name={icon} size={18} />
            {label}
          </Tab>
        ))}
      </TabList>
      {views.map(({ id, View }) => (
        <TabPanel key={id} id={id} className={cx(styles.panel)}>
          <View />
        </TabPanel>
      ))}
    </Tabs>
  );
}
