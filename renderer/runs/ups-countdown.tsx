import type { ReactElement } from 'react';
import type { RunView } from '../../shared/run.ts';
import { turningOff } from '../../shared/turning-off.ts';
import { clock, timeOfDay } from '../parts/format.ts';
import { Icon } from '../parts/icons.tsx';
import { useNow } from '../parts/use-now.ts';
import styles from './run-detail.module.css';

/** The end of a UPS's countdown. */
export interface UpsOff {
  stepId: string;
  /** What the UPS is called. */
  name: string;
  /** Ms since the epoch. */
  at: number;
  /** Whether it took the command is not known. */
  isDoubted: boolean;
}

/** The UPSes that the run turns off, the first to go first. */
export function upsOffsOf(run: Pick<RunView, 'sequence' | 'steps'>): UpsOff[] {
  return turningOff(run)
    .map(({ stepId, ups, offAt }) => {
      const data = run.steps[stepId]?.data ?? {};
      const name = typeof data.ups === 'string' ? data.ups : ups;
      return { stepId, name, at: offAt, isDoubted: data.offAt === undefined };
    })
    .sort((one, other) => one.at - other.at);
}

/** While it counts it matters more than anything else in a run: what is on then is cut hard. */
export function UpsCountdowns({ offs }: { offs: readonly UpsOff[] }): ReactElement | null {
  const now = useNow();
  const counting = offs.filter(({ at }) => at > now);
  if (counting.length === 0) return null;
  return (
    <ul className={styles.countdowns} aria-label="UPSes that turn off">
      {counting.map(({ stepId, name, at, isDoubted }) => (
        <li key={stepId}>
          <Icon name="power" />
          <span>
            {`${name} ${isDoubted ? 'may turn off' : 'turns off'} in `}
            <b>{clock((at - now) / 1000)}</b>: what is still on then is cut hard.
          </span>
        </li>
      ))}
    </ul>
  );
}

/** "turns off in 2:31", and afterwards when it was to. */
export function OffAt({ off: { at, isDoubted } }: { off: UpsOff }): ReactElement {
  const now = useNow();
  const words = isDoubted
    ? { before: 'may turn off in', after: 'may have turned off at' }
    : { before: 'turns off in', after: 'was to turn off at' };
  return (
    <span className={styles.note}>
      {at > now ? `${words.before} ${clock((at - now) / 1000)}` : `${words.after} ${timeOfDay(at)}`}
    </span>
  );
}
