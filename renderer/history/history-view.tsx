import { type ReactElement, useState } from 'react';
import { CopyButton } from '../parts/copy-button.tsx';
import { FaultBox } from '../parts/fault-box.tsx';
import { SelectInput } from '../parts/fields.tsx';
import page from '../parts/page.module.css';
import { Segments } from '../parts/segments.tsx';
import { uiStore, useUi } from '../store/ui.ts';
import { useSupplies } from '../supply/use-supplies.ts';
import { historyCsv } from './csv.ts';
import { DecisionList } from './decision-list.tsx';
import { EventList } from './event-list.tsx';
import styles from './history.module.css';
import { HistoryCharts } from './history-charts.tsx';
import { HistoryTable } from './history-table.tsx';
import { type RangeName, ranges } from './ranges.ts';
import { useHistory } from './use-history.ts';

const rangeOptions = (Object.keys(ranges) as RangeName[]).map((value) => ({ value, label: ranges[value].label }));

/** What was it like? One UPS over a day, a week or a month, as lines or as a table. */
export function HistoryView(): ReactElement {
  const { all } = useSupplies();
  const wanted = useUi((ui) => ui.historyOf);
  const shown = all.find(({ id }) => id === wanted) ?? all[0];
  return (
    <div className={page.page}>
      <h1 className="visually-hidden">History</h1>
      {shown ? (
        <OneHistory upsId={shown.id} name={shown.name} all={all} />
      ) : (
        <div className={styles.none}>
          <h2>No history yet</h2>
          <p>It begins when a UPS is found.</p>
        </div>
      )}
      <DecisionList />
    </div>
  );
}

interface OneHistoryProps {
  upsId: string;
  name: string;
  all: readonly { id: string; name: string }[];
}

function OneHistory({ upsId, name, all }: OneHistoryProps): ReactElement {
  const [range, setRange] = useState<RangeName>('24h');
  const [look, setLook] = useState<'chart' | 'table'>('chart');
  const history = useHistory(upsId, ranges[range].ms);
  const read = history && 'points' in history ? history : null;
  return (
    <>
      <section className={page.card} aria-label={`History of ${name}`}>
        <div className={styles.bar}>
          {all.length > 1 ? (
            <div className={styles.choice}>
              <SelectInput
                label="UPS"
                value={upsId}
                options={all.map((each) => ({ value: each.id, label: each.name }))}
                onChange={(id) => uiStore.setState({ historyOf: id })}
              />
            </div>
          ) : (
            <h2 className={styles.title}>{name}</h2>
          )}
          <div className={styles.tools}>
            <Segments label="How far back" value={range} options={rangeOptions} onChange={setRange} />
            <Segments
              label="Shown as"
              value={look}
              options={[
                { value: 'chart', label: 'Chart' },
                { value: 'table', label: 'Table' },
              ]}
              onChange={setLook}
            />
            <CopyButton
              // What was copied is said once, for what was shown then.
              key={`${upsId} ${range}`}
              label="Copy as CSV"
              isDisabled={!read || read.points.length === 0}
              text={() => historyCsv(read?.points ?? [])}
            />
          </div>
        </div>
        {history === null && <p className={styles.none}>Reading…</p>}
        {history && 'fault' in history && <FaultBox fault={history.fault} />}
        {read && read.points.length === 0 && (
          <p className={styles.none}>Nothing was written down in this time. The first lines show after a minute.</p>
        )}
        {read &&
          read.points.length > 0 &&
          (look === 'chart' ? <HistoryCharts read={read} /> : <HistoryTable read={read} />)}
      </section>
      <EventList upsId={upsId} ms={ranges[range].ms} />
    </>
  );
}
