import { memo, type ReactElement } from 'react';
import type { Host } from '../../shared/inventory.ts';
import type { SimulatedStep } from '../../shared/view.ts';
import { clock } from '../parts/format.ts';
import { barName, type SimRow } from './sim-rows.ts';
import styles from './simulation.module.css';

const ends: Readonly<Record<SimulatedStep['state'], string>> = {
  waiting: 'not begun',
  active: 'does not end',
  done: 'done',
  already: 'already so',
  failed: 'fails',
  skipped: 'skipped',
};

/** The same as the bars: every step on every host. */
export const SimTable = memo(function SimTable({
  rows,
  hosts,
}: {
  rows: readonly SimRow[];
  hosts: readonly Host[];
}): ReactElement {
  const time = (at: number | null) => (at === null ? '–' : clock(at));
  return (
    <table className={styles.table} aria-label="Steps of the simulation, times after the cut">
      <thead>
        <tr>
          <th scope="col">Step</th>
          <th scope="col">Begins</th>
          <th scope="col">Ends</th>
          <th scope="col">How</th>
        </tr>
      </thead>
      <tbody>
        {rows.flatMap((row) =>
          row.bars.map((bar) => (
            <tr key={bar.id}>
              <th scope="row">{barName(row, bar, hosts)}</th>
              <td>{time(bar.startedAt)}</td>
              <td>{time(bar.endedAt)}</td>
              <td>{ends[bar.state]}</td>
            </tr>
          )),
        )}
      </tbody>
    </table>
  );
});
