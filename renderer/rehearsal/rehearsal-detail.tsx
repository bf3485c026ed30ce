import { type ReactElement, useEffect, useState } from 'react';
import type { Fault } from '../../shared/fault.ts';
import type { Rehearsal } from '../../shared/rehearsal.ts';
import type { RehearsalProgress } from '../../shared/view.ts';
import { ask } from '../bridge/bridge.ts';
import { Button } from '../parts/button.tsx';
import { FaultBox } from '../parts/fault-box.tsx';
import { stopRehearsal } from '../store/commands.ts';
import { useSlice } from '../store/live.ts';
import { RehearsalReport } from './rehearsal-report.tsx';
import styles from './report.module.css';
import { StartRehearsal } from './start-rehearsal.tsx';

/** The rehearsal of an id; null: the one that goes on, else the newest. */
export function RehearsalDetail({ id }: { id: string | null }): ReactElement {
  const { latest, running, editedSince, list } = useSlice('rehearsals');
  if (id === null && running) return <Progress of={running} />;
  // Not the latest: that is the newest that went to its end, and the one that was just stopped is newer.
  const shown = id ?? list[0]?.id;
  if (latest && shown === latest.id) return <RehearsalReport rehearsal={latest} isOld={editedSince} />;
  if (shown !== undefined) return <PastRehearsal key={shown} id={shown} />;
  return (
    <div className={styles.none}>
      <h2>No rehearsal yet</h2>
      <p>
        A rehearsal goes through the plan and tries everything that a step needs: the host, its key, the login, the
        right to do it. Nothing is switched off.
      </p>
      <div>
        <StartRehearsal />
      </div>
    </div>
  );
}

function Progress({ of }: { of: RehearsalProgress }): ReactElement {
  return (
    <section className={styles.progress} aria-label="Rehearsal">
      <h2>Rehearsing</h2>
      <progress value={of.done} max={Math.max(1, of.of)} aria-label="Steps looked at" />
      <p>{`${of.done} of ${of.of} steps looked at. Nothing is switched off.`}</p>
      <div>
        <Button label="Stop rehearsal" icon="stop" acts onPress={() => void stopRehearsal()} />
      </div>
    </section>
  );
}

function PastRehearsal({ id }: { id: string }): ReactElement {
  const [answer, setAnswer] = useState<{ rehearsal: Rehearsal } | { fault: Fault } | null>(null);
  useEffect(() => {
    let isWanted = true;
    void ask('rehearsal.read', { id }).then((got) => {
      if (isWanted) setAnswer(got.ok ? { rehearsal: got.value } : { fault: got.fault });
    });
    return () => {
      isWanted = false;
    };
  }, [id]);
  if (answer === null) return <p className={styles.none}>Reading the report…</p>;
  return 'rehearsal' in answer ? (
    <RehearsalReport rehearsal={answer.rehearsal} isOld={false} />
  ) : (
    <FaultBox fault={answer.fault} />
  );
}
