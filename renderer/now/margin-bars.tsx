import type { ReactElement } from 'react';
import type { MarginView, PowerView } from '../../shared/view.ts';
import { cx } from '../parts/cx.ts';
import { duration, notReported } from '../parts/format.ts';
import { Icon } from '../parts/icons.tsx';
import { noPlanWords } from '../shell/power-words.ts';
import { useSlice } from '../store/live.ts';
import { useSupplies } from '../supply/use-supplies.ts';
import styles from './margin-bars.module.css';
import { noReturnStart } from './no-return.ts';

/** The hero: how long the battery lasts against how long the plan needs, on one scale. */
export function MarginBars(): ReactElement {
  const { margin, powers } = useSlice('status');
  const plan = useSlice('plan');
  const { nameOf } = useSupplies();
  const onBattery = powers.some((power) => power.onBatterySince !== null);
  if (!plan.sequence) {
    return (
      <>
        <h2 className={styles.title}>{noPlanWords(plan)}</h2>
        <p className={styles.soft}>Nothing would be shut down if the power failed now.</p>
      </>
    );
  }
  const line = noReturnStart(plan);
  const left = margin.runtimeLeft;
  const scale = Math.max(left ?? 0, margin.needs, 1);
  const meant = powers.length > 1 ? shortest(powers) : null;
  return (
    <>
      <h2 className={styles.title}>
        {onBattery ? 'On battery now' : 'If the power failed now'}
        {meant && <span className={styles.soft}>{`: ${nameOf(meant.ups.id)}, which lasts the shortest`}</span>}
      </h2>
      {left === null ? (
        // Without a battery to hold it against, a bar would look as if the plan filled it.
        <p>{`The plan needs ${duration(margin.needs)}; ${powers.length === 0 ? 'there is no UPS' : `the runtime left is ${notReported}`}.`}</p>
      ) : (
        <div className={styles.bars}>
          <Bar label="Battery lasts" value={left} scale={scale} tone="battery" />
          <Bar
            label="Plan needs"
            value={margin.needs}
            scale={scale}
            tone={fits(margin) ? 'plan' : 'over'}
            mark={line}
          />
        </div>
      )}
      <div className={styles.foot}>
        <Verdict margin={margin} />
        {line !== null && margin.needs > 0 && (
          <p className={styles.soft}>{`Point of no return ${duration(line)} after the start`}</p>
        )}
      </div>
    </>
  );
}

/** The one that the margin speaks of: it decides when the plan starts. */
const shortest = (powers: readonly PowerView[]): PowerView | null =>
  powers.filter((power) => power.runtimeLeft !== null).sort((a, b) => (a.runtimeLeft ?? 0) - (b.runtimeLeft ?? 0))[0] ??
  null;

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
  value: number;
  scale: number;
  tone: 'battery' | 'plan' | 'over';
  mark?: number | null;
}

function Bar({ label, value, scale, tone, mark = null }: BarProps): ReactElement {
  const share = (seconds: number) => `${Math.min(100, (seconds / scale) * 100)}%`;
  return (
    <div className={styles.bar}>
      <span className={styles.label}>{label}</span>
      <span className={styles.track} aria-hidden="true">
        <span className={cx(styles.fill, styles[tone])} style={{ width: share(value) }} />
        {mark !== null && <span className={styles.mark} style={{ left: share(mark) }} />}
      </span>
      <span className={styles.value}>{duration(value)}</span>
    </div>
  );
}
