import type { ReactElement } from 'react';
import type { PowerView } from '../../shared/view.ts';
import { cx } from '../parts/cx.ts';
import { FaultBox } from '../parts/fault-box.tsx';
import { moment } from '../parts/format.ts';
import { Icon } from '../parts/icons.tsx';
import tones from '../parts/tone.module.css';
import { powerWords } from '../shell/power-words.ts';
import { useSlice } from '../store/live.ts';
import { SupplyMenu } from '../supply/supply-menu.tsx';
import { viaWords } from '../supply/supply-names.ts';
import { useSupplies } from '../supply/use-supplies.ts';
import { ChargeRing } from './charge-ring.tsx';
import { DayStrip } from './day-strip.tsx';
import { fedLines } from './fed-hosts.ts';
import { readingRows } from './reading-rows.ts';
import styles from './ups-card.module.css';
import { upsSigns } from './ups-signs.ts';

interface UpsCardProps {
  power: PowerView;
  isCompact: boolean;
}

export function UpsCard({ power, isCompact }: UpsCardProps): ReactElement {
  const { ups, reading } = power;
  const { icon, words, tone } = powerWords(power.state);
  const { nameOf } = useSupplies();
  const { critical } = useSlice('status');
  const hosts = useSlice('hosts').hosts.map((each) => each.host);
  const tested = useSlice('events').find((event) => event.upsId === ups.id && event.kind === 'test-ended');
  const name = nameOf(ups.id);
  const signs = upsSigns(reading);
  const fed = fedLines(power, hosts, critical, nameOf);
  return (
    <section className={cx(styles.card, isCompact && styles.compact)} aria-label={name}>
      <header className={styles.head}>
        <h2 className={styles.name}>{name}</h2>
        <p className={cx(styles.state, tones[tone])}>
          <Icon name={icon} />
          <span>{power.state === 'mains' ? words : `${words} since ${moment(power.since)}`}</span>
        </p>
        <div className={styles.menu}>
          <SupplyMenu ups={ups} name={name} />
        </div>
        <p className={styles.source}>
          {[ups.manufacturer, viaWords(ups), ups.serial, ups.firmware && `firmware ${ups.firmware}`]
            .filter(Boolean)
            .join(' · ')}
        </p>
      </header>
      {signs.length > 0 && (
        <ul className={styles.signs} aria-label="It says">
          {signs.map((sign) => (
            <li key={sign.words} className={cx(styles.sign, tones[sign.tone])}>
              <Icon name={sign.icon} size={14} />
              {sign.words}
            </li>
          ))}
        </ul>
      )}
      {power.fault && <FaultBox fault={power.fault} />}
      {power.state === 'lost-contact' && reading && (
        <p className={styles.last}>{`What it said last, at ${moment(reading.at)}:`}</p>
      )}
      <div className={styles.body}>
        <ChargeRing charge={reading?.charge ?? null} />
        <dl className={styles.grid}>
          {readingRows(power, tested?.at ?? null).map((row) => (
            <div key={row.label} className={styles.pair}>
              <dt>{row.label}</dt>
              <dd className={row.isKnown ? undefined : styles.unknown}>
                {row.value}
                {row.note && <span className={styles.note}>{row.note}</span>}
              </dd>
            </div>
          ))}
        </dl>
      </div>
      {power.runtimeDoubt && (
        <p className={styles.line}>
          <Icon name="question" />
          {power.runtimeDoubt}
        </p>
      )}
      {fed.length > 0 && (
        <ul className={styles.fed}>
          {fed.map(({ icon: sign, tone: weight, words: line }) => (
            <li key={line} className={cx(styles.line, tones[weight])}>
              <Icon name={sign} />
              {line}
            </li>
          ))}
        </ul>
      )}
      <DayStrip upsId={ups.id} />
    </section>
  );
}
