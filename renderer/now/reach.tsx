import type { ReactElement } from 'react';
import { Fact } from '../parts/fact.tsx';
import { useSlice } from '../store/live.ts';
import styles from './reach.module.css';
import { reachWords } from './reach-words.ts';

/** On battery: to which hosts connections stand already, and which of them could not be shut down now, with why. */
export function Reach(): ReactElement | null {
  const { reach } = useSlice('status');
  const { hosts } = useSlice('hosts');
  if (reach.length === 0) return null;
  const failed = reach.filter((each) => each.state === 'failed');
  const isWarm = reach.every((each) => each.state === 'warm');
  const nameOf = (id: string) => hosts.find(({ host }) => host.id === id)?.host.name ?? id;
  return (
    <section className={styles.reach} aria-label="Connections">
      <p>
        <Fact
          tone={failed.length > 0 ? 'warn' : isWarm ? 'good' : 'calm'}
          icon={failed.length > 0 ? 'alert' : isWarm ? 'check' : 'clock'}
          words={reachWords(reach)}
        />
      </p>
      {failed.length > 0 && (
        <ul>
          {failed.map(({ hostId, fault }) => (
            <li key={hostId}>
              <b>{`${nameOf(hostId)} cannot be signed in to`}</b>
              {fault && `: ${fault.what} `}
              {fault && <span className={styles.remedy}>{fault.remedy}</span>}
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
