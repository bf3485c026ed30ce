import type { ReactElement } from 'react';
import { Button } from '../parts/button.tsx';
import { clock } from '../parts/format.ts';
import { isLive, RunButtons } from '../runs/run-buttons.tsx';
import { startRun } from '../store/commands.ts';
import { useSlice } from '../store/live.ts';
import { goTo, openRun } from '../store/ui.ts';
import styles from './now.module.css';

/** What will be done next and when, in words, with the two buttons that change it. */
export function DecisionBar(): ReactElement {
  const { decision } = useSlice('status');
  const plan = useSlice('plan');
  const run = useSlice('run');
  const live = run !== null && isLive(run);
  return (
    <div className={styles.decision}>
      {decision.startsIn !== null && (
        <p className={styles.countdown}>
          <span className={styles.countdownLabel}>{decision.armed ? 'Shutdown starts in' : 'Would start in'}</span>
          <span className={styles.countdownValue}>{clock(decision.startsIn)}</span>
        </p>
      )}
      <p className={styles.sentence}>{decision.sentence}</p>
      <div className={styles.buttons}>
        {live && <RunButtons run={run} />}
        {live && <Button label="Open run" onPress={() => openRun(run.runId)} />}
        {!plan.sequence && (
          <Button
            label={plan.refused.length > 0 ? 'Show why' : 'Make a plan'}
            look="main"
            onPress={() => goTo('plan')}
          />
        )}
        {!live && plan.sequence && (
          <Button label="Start now…" icon="down" look="danger" onPress={() => void startRun(plan.hash)} />
        )}
      </div>
    </div>
  );
}
