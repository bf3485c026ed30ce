import type { ReactElement } from 'react';
import type { PowerView } from '../../shared/view.ts';
import { cx } from '../parts/cx.ts';
import { FaultBox } from '../parts/fault-box.tsx';
import { Icon } from '../parts/icons.tsx';
import tones from '../parts/tone.module.css';
import { powerWords } from '../shell/power-words.ts';
import { ChargeRing } from './charge-ring.tsx';
import { readingRows } from './reading-rows.ts';
import styles from './ups-card.module.css';

interface UpsCardProps {
  power: PowerView;
  isCompact: boolean;
}

export function UpsCard({ power, isCompact }: UpsCardProps): ReactElement {
  const { icon, words, tone } = powerWords(power.state);
  return (
    <section className={cx(styles.card, isCompact && styles.compact)} aria-label={power.ups.name}>
      <header className={styles.head}>
        <h2>{power.ups.name}</h2>
        <p className={styles.source}>
          {[power.ups.manufacturer, power.ups.source === 'hid' ? 'USB' : 'simulated', power.ups.serial]
            .filter(Boolean)
            .join(' · ')}
        </p>
        <p className={cx(styles.state, tones[tone])}>
          <Icon name={icon} />
          {words}
        </p>
      </header>
      {power.fault && <FaultBox fault={power.fault} />}
      <div className={styles.body}>
        <ChargeRing charge={power.reading?.charge ?? null} />
        <dl className={styles.grid}>
          {readingRows(power).map((row) => (
            <div key={row.label} className={styles.pair}>
              <dt>{row.label}</dt>
              <dd className={row.isKnown ? undefined : styles.unknown}>{row.value}</dd>
            </div>
          ))}
        </dl>
      </div>
    </section>
  );
}
