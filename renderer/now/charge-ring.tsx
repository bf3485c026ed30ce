import type { ReactElement } from 'react';
import { cx } from '../parts/cx.ts';
import styles from './charge-ring.module.css';

const radius = 42;
const around = 2 * Math.PI * radius;

/** The battery's charge as a ring; the number in it says the same. Below a third it changes tone as well. */
export function ChargeRing({ charge }: { charge: number | null }): ReactElement {
  const tone = charge === null ? 'unknown' : charge < 15 ? 'bad' : charge < 35 ? 'warn' : 'good';
  const label = charge === null ? 'Charge not reported' : `Charge ${Math.round(charge)} %`;
  return (
    <svg className={styles.ring} viewBox="0 0 100 100" role="img" aria-label={label}>
      <circle className={styles.track} cx="50" cy="50" r={radius} />
      {charge !== null && (
        <circle
          className={cx(styles.arc, styles[tone])}
          cx="50"
          cy="50"
          r={radius}
          strokeDasharray={`${(Math.min(100, Math.max(0, charge)) / 100) * around} ${around}`}
          transform="rotate(-90 50 50)"
        />
      )}
      {charge !== null && (
        <text className={styles.number} x="50" y="48">
          {`${Math.round(charge)} %`}
        </text>
      )}
      <text className={styles.word} x="50" y={charge === null ? 48 : 67}>
        charge
      </text>
      {charge === null && (
        <text className={styles.word} x="50" y="61">
          not reported
        </text>
      )}
    </svg>
  );
}
