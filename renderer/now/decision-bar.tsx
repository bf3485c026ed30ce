import type { ReactElement } from 'react';
import { Button } from '../parts/button.tsx';
import { clock, hourMinute } from '../parts/format.ts';
import { isLive, RunButtons } from '../runs/run-buttons.tsx';
import { postpone, startRun } from '../store/commands.ts';
import { useSlice } from '../store/live.ts';
import { goTo, openRun } from '../store/ui.ts';
import styles from './now.module.css';

const postponeMinutes = 5;

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
      <div className={styles.sentence}>
        {decision.postponedUntil !== null && (
          <p className={styles.postponed}>{`Postponed until ${hourMinute(decision.postponedUntil)}`}</p>
        )}
        <p>{decision.sentence}</p>
        {decision.latestStartIn !== null && <p className={styles.latest}>{latestWords(decision.latestStartIn)}</p>}
      </div>
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
        {decision.armed && decision.state === 'counting' && (
          <Button
            label={`Postpone ${postponeMinutes} min`}
            icon="clock"
            acts
            onPress={() => void postpone(postponeMinutes)}
          />
        )}
        {!live && plan.sequence && (
          <Button label="Start now…" acts icon="down" look="danger" onPress={() => void startRun(plan.hash)} />
        )}
      </div>
    </div>
  );
}

const latestWords = (seconds: number): string =>
  seconds > 0
    ? `Latest safe start in ${clock(seconds)}`
    : 'The latest safe start has passed: the battery may not last for the whole plan';
