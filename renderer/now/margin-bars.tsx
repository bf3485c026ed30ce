import type { ReactElement } from 'react';
import type { MarginView } from '../../shared/view.ts';
import { cx } from '../parts/cx.ts';
import { duration, notReported } from '../parts/format.ts';
import { Icon } from '../parts/icons.tsx';
import { useSlice } from '../store/live.ts';
import styles from './margin-bars.module.css';
import { noReturnStart } from './no-return.ts';

/** The hero: how long the battery lasts against how long the plan needs, on one scale. */
export function MarginBars(): ReactElement {
  const { margin, powers } = useSlice('status');
  const plan = useSlice('plan');
  const onBattery = powers.some((power) => power.onBatterySince !== null);
  if (!plan.sequence) {
    return (
      <>
        <h2 className={styles.title}>There is no plan yet</h2>
        <p className={styles.soft}>Nothing would be shut down if the power failed now.</p>
      </>
    );
  }
  const scale = Math.max(margin.runtimeLeft ?? 0, margin.needs, 1);
  const line = noReturnStart(plan);
  return (
    <>
      <h2 className={styles.title}>{onBattery ? 'On battery now' : 'If the power failed now'}</h2>
      <div className={styles.bars}>
        <Bar
          label="Battery lasts"
          value={margin.runtimeLeft}
          scale={scale}
          tone="battery"
          unknown={powers.length === 0 ? 'no UPS' : notReported}
        />
        <Bar label="Plan needs" value={margin.needs} scale={scale} tone={fits(margin) ? 'plan' : 'over'} mark={line} />
      </div>
      <div className={styles.foot}>
        <Verdict margin={margin} />
        {line !== null && margin.needs > 0 && (
          <p className={styles.soft}>{`Point of no return ${duration(line)} after the start`}</p>
        )}
      </div>
    </>
  );
}

const fits = (margin: MarginView): boolean => margin.spare === null || margin.spare >= 0;

function Verdict({ margin }: { margin: MarginView }): ReactElement {
  if (margin.spare === null) {
    return (
      <p className={cx(styles.verdict)}>
        <Icon name="question" /> Whether it fits is not known
      </p>
    );
  }
  return margin.spare >= 0 ? (
    <p className={cx(styles.verdict, styles.fits)}>
      <Icon name="check" /> Fits, {duration(margin.spare)} to spare
    </p>
  ) : (
    <p className={cx(styles.verdict, styles.short)}>
      <Icon name="alert" /> Does not fit, {duration(-margin.spare)} too long
    </p>
  );
}

interface BarProps {
  label: string;
  value: number | null;
  scale: number;
  tone: 'battery' | 'plan' | 'over';
  mark?: number | null;
  unknown?: string;
}

function Bar({ label, value, scale, tone, mark = null, unknown = notReported }: BarProps): ReactElement {
  const share = (seconds: number) => `${Math.min(100, (seconds / scale) * 100)}%`;
  return (
    <div className={styles.bar}>
      <span className={styles.label}>{label}</span>
      <span className={styles.track} aria-hidden="true">
        {value !== null && <span className={cx(styles.fill, styles[tone])} style={{ width: share(value) }} />}
        {mark !== null && <span className={styles.mark} style={{ left: share(mark) }} />}
      </span>
      <span className={cx(styles.value, value === null && styles.soft)}>
        {value === null ? unknown : duration(value)}
      </span>
    </div>
  );
}
