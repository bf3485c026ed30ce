import type { ReactElement } from 'react';
import { Button } from '../parts/button.tsx';
import { beginPlan } from '../store/draft.ts';
import { useSlice } from '../store/live.ts';
import { goTo } from '../store/ui.ts';
import styles from './empty-plan.module.css';
import { starterPlan } from './starter.ts';

/** The first thing that somebody sees here: what a plan is, and a start made from the hosts that are known. */
export function EmptyPlan(): ReactElement {
  const hosts = useSlice('hosts').hosts.map((each) => each.host);
  return (
    <section className={styles.empty} aria-label="No plan yet">
      <h2>No plan yet</h2>
      <p>
        A plan says in which order things go down when the power fails, and how they come back. A new one is made from
        the hosts under Setup: guests first, then hypervisors, then servers and storage, and the way back in reverse.
      </p>
      <p>
        {hosts.length === 0
          ? 'There are no hosts yet, so it would be empty.'
          : `It would begin with ${hosts.map((host) => host.name).join(', ')}. Nothing happens until you arm it.`}
      </p>
      <div className={styles.buttons}>
        <Button
          label="New plan"
          icon="plus"
          look={hosts.length > 0 ? 'main' : 'plain'}
          onPress={() => beginPlan(starterPlan(hosts))}
        />
        {hosts.length === 0 && <Button label="Add hosts first" look="main" onPress={() => goTo('setup')} />}
      </div>
    </section>
  );
}
