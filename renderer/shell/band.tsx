import type { ReactElement } from 'react';
import { worstPower } from '../../shared/worst-power.ts';
import { cx } from '../parts/cx.ts';
import { dateTime, duration } from '../parts/format.ts';
import { Icon } from '../parts/icons.tsx';
import { useNow } from '../parts/use-now.ts';
import { whyWatchingId } from '../store/controller.ts';
import { useSlice } from '../store/live.ts';
import { useSupplies } from '../supply/use-supplies.ts';
import styles from './band.module.css';
import { armedWords, headline } from './power-words.ts';

/** One strip on every screen: how the power is, who says so and since when, and whether anything would happen. */
export function Band(): ReactElement {
  const status = useSlice('status');
  const plan = useSlice('plan');
  const run = useSlice('run');
  const head = headline(status, plan, run);
  const armed = armedWords(plan);
  const { nameOf } = useSupplies();
  const power = worstPower(status.powers);
  return (
    <div>
      <header className={cx(styles.band, styles[head.tone])} data-tone={head.tone}>
        <p className={styles.head}>
          <Icon name={head.icon} size={20} />
          {head.words}
        </p>
        {power && (
          <p className={styles.ups}>
            <span>{nameOf(power.ups.id)}</span>
            {status.powers.length > 1 && <span>{`1 of ${status.powers.length} UPSes`}</span>}
            {power.reading && <Age at={power.reading.at} />}
          </p>
        )}
        <p className={styles.armed}>
          <Icon name={armed.icon} />
          {armed.words}
        </p>
      </header>
      <Watching />
    </div>
  );
}

/** Another Glidepath decides: this window shows what it does, and changes nothing. */
function Watching(): ReactElement | null {
  const { who, pid, since } = useSlice('controller');
  if (who !== 'daemon') return null;
  const about = [pid !== null && `process ${pid}`, since !== null && `since ${dateTime(since)}`].filter(Boolean);
  return (
    <p className={styles.watching} id={whyWatchingId}>
      <Icon name="terminal" />
      {`The Glidepath service is in control${about.length > 0 ? ` (${about.join(', ')})` : ''}. This window shows its state and cannot change anything: stop the service to take over.`}
    </p>
  );
}

function Age({ at }: { at: number }): ReactElement {
  const seconds = Math.max(0, (useNow() - at) / 1000);
  return <span>{seconds < 1 ? 'read just now' : `read ${duration(seconds)} ago`}</span>;
}
