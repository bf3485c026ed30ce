import type { ReactElement } from 'react';
import { Button } from '../parts/button.tsx';
import { noPlanWords } from '../shell/power-words.ts';
import { beginPlan } from '../store/draft.ts';
import { useSlice } from '../store/live.ts';
import { goTo } from '../store/ui.ts';
import styles from './empty-plan.module.css';
import { takenIds } from './ids.ts';
import { starterPlan } from './starter.ts';

/** The first thing that somebody sees here: what a plan is, and a start made from the hosts that are known. */
export function EmptyPlan(): ReactElement {
  const hosts = useSlice('hosts').hosts.map((each) => each.host);
  const plan = useSlice('plan');
  const title = noPlanWords(plan);
  return (
    <section className={styles.empty} aria-label={title}>
      <h2>{title}</h2>
      {plan.refused.length > 0 && (
        <p>Mend the file and save it: it is read again at once. Or make a new plan, which leaves that file as it is.</p>
      )}
      <p>
        A plan says in which order things go down when the power fails, and how they come back. A new one is made from
        the hosts under Setup: guests first, then servers, then hypervisors, then storage, and the way back in reverse.
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
          onPress={() => beginPlan(starterPlan(hosts, takenIds(plan)))}
        />
        {hosts.length === 0 && <Button label="Add hosts first" look="main" onPress={() => goTo('setup')} />}
      </div>
    </section>
  );
}
