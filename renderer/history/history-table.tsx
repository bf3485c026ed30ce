import { memo, type ReactElement } from 'react';
import type { HistoryPoint } from '../../shared/history.ts';
import { cx } from '../parts/cx.ts';
import { dateTime, duration, measured, notReported } from '../parts/format.ts';
import styles from './history-table.module.css';
import type { HistoryRead } from './lines.ts';
import { tableRows } from './table-rows.ts';

/** The same as the lines, newest first; a gap is a row that says so. Drawn anew only when it was read anew. */
export const HistoryTable = memo(function HistoryTable({ read }: { read: HistoryRead }): ReactElement {
  return (
    <table className={styles.table} aria-label="Points of the history">
      <thead>
        <tr>
          <th scope="col">Time</th>
          <th scope="col">Power</th>
          <th scope="col">Charge</th>
          <th scope="col">Runtime</th>
          <th scope="col">Load</th>
          <th scope="col">Input</th>
        </tr>
      </thead>
      <tbody>
        {tableRows(read).map((row) =>
          row.type === 'point' ? (
            <Point key={row.at} point={row.point} />
          ) : (
            <tr key={`gap ${row.at}`} className={styles.gap}>
              <td colSpan={6}>{`Nothing known for ${duration((row.gap.to - row.gap.from) / 1000)}`}</td>
            </tr>
          ),
        )}
      </tbody>
    </table>
  );
});

function Point({ point }: { point: HistoryPoint }): ReactElement {
  return (
    <tr className={cx(point.onBattery && styles.battery)}>
      <th scope="row">{dateTime(point.at)}</th>
      <td>{point.onBattery ? 'battery' : 'mains'}</td>
      <td>{measured(point.charge, '%')}</td>
      <td>{point.runtime === null ? notReported : duration(point.runtime)}</td>
      <td>{measured(point.load, '%')}</td>
      <td>{measured(point.inputVoltage, 'V')}</td>
    </tr>
  );
}
