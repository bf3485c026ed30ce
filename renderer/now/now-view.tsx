import type { ReactElement } from 'react';
import { FaultBox } from '../parts/fault-box.tsx';
import page from '../parts/page.module.css';
import { CommandFault } from '../shell/command-fault.tsx';
import { useSlice } from '../store/live.ts';
import { Branches } from './branches.tsx';
import { DecisionBar } from './decision-bar.tsx';
import { LastRun } from './last-run.tsx';
import { MarginBars } from './margin-bars.tsx';
import styles from './now.module.css';
import { Reach } from './reach.tsx';
import { Rehearsed } from './rehearsed.tsx';
import { UpsCard } from './ups-card.tsx';

/** Am I safe? */
export function NowView(): ReactElement {
  const status = useSlice('status');
  return (
    <div className={page.page}>
      <h1 className="visually-hidden">Now</h1>
      <section className={page.card} aria-label="Margin">
        <MarginBars />
        <Branches />
        <DecisionBar />
        <Reach />
        <CommandFault />
      </section>
      {status.trouble && <FaultBox fault={status.trouble} />}
      {status.powers.length === 0 && !status.trouble && (
        <p className={styles.none}>
          No UPS is connected. Plug its USB cable in; it is found by itself. For one on another machine add its NUT or
          apcupsd server in Setup.
        </p>
      )}
      {status.powers.length > 0 && (
        <div className={status.powers.length > 1 ? styles.several : styles.one}>
          {status.powers.map((power) => (
            <UpsCard key={power.ups.id} power={power} isCompact={status.powers.length > 1} />
          ))}
        </div>
      )}
      <Rehearsed />
      <LastRun />
    </div>
  );
}
