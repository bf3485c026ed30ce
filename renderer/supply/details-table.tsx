import type { ReactElement } from 'react';
import type { Detail } from '../../shared/reading.ts';
import styles from './details-table.module.css';

/** One row for each thing told: its name, what was sent, what that means, and which entry of the reading it feeds. */
export function DetailsTable({ details }: { details: readonly Detail[] }): ReactElement {
  return (
    <table className={styles.table}>
      <thead>
        <tr>
          <th scope="col">Name</th>
          <th scope="col">Place</th>
          <th scope="col">As sent</th>
          <th scope="col">Value</th>
          <th scope="col">Used for</th>
        </tr>
      </thead>
      <tbody>
        {details.map((detail) => (
          <tr key={`${detail.name} ${detail.place}`}>
            <th scope="row">{detail.name}</th>
            <td>{detail.place}</td>
            <td className={styles.raw}>{detail.raw}</td>
            <td>{detail.value}</td>
            <td>
              {detail.feeds ?? <span className={styles.unused}>not used</span>}
              {detail.repair && <span className={styles.repair}>{detail.repair}</span>}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
