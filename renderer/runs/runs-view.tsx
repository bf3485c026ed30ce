import { type ReactElement, useEffect, useState } from 'react';
import type { Fault } from '../../shared/fault.ts';
import type { RunView } from '../../shared/run.ts';
import { ask } from '../bridge/bridge.ts';
import { FaultBox } from '../parts/fault-box.tsx';
import { RehearsalDetail } from '../rehearsal/rehearsal-detail.tsx';
import { RehearsalList } from '../rehearsal/rehearsal-list.tsx';
import { CommandFault } from '../shell/command-fault.tsx';
import { useSlice } from '../store/live.ts';
import { useUi } from '../store/ui.ts';
import { RunDetail } from './run-detail.tsx';
import { RunList } from './run-list.tsx';
import styles from './runs.module.css';

/** What is happening, can I stop it? And what happened before. */
export function RunsView(): ReactElement {
  const live = useSlice('run');
  const runs = useSlice('runs');
  const wanted = useUi((ui) => ui.runId);
  const rehearsal = useUi((ui) => ui.rehearsal);
  const { running, list } = useSlice('rehearsals');
  const shown = wanted ?? live?.runId ?? runs[0]?.runId ?? null;
  return (
    <div className={styles.view}>
      <h1 className="visually-hidden">Runs</h1>
      <div className={styles.list}>
        <RunList live={live} runs={runs} shown={rehearsal ? null : shown} />
        <RehearsalList shown={rehearsal && (rehearsal.id ?? (running ? 'running' : (list[0]?.id ?? null)))} />
      </div>
      <div className={styles.detail}>
        <CommandFault />
        {rehearsal ? (
          <RehearsalDetail id={rehearsal.id} />
        ) : shown === null ? (
          <div className={styles.none}>
            <h2>No run yet</h2>
            <p>A run appears here when the plan is carried out, and stays here afterwards.</p>
          </div>
        ) : shown === live?.runId ? (
          <RunDetail key={live.runId} run={live} />
        ) : (
          <PastRun key={shown} runId={shown} />
        )}
      </div>
    </div>
  );
}

/** A run read from its journal, drawn as it was. */
function PastRun({ runId }: { runId: string }): ReactElement {
  const [answer, setAnswer] = useState<{ run: RunView } | { fault: Fault } | null>(null);
  useEffect(() => {
    let isWanted = true;
    void ask('run.read', { runId }).then((got) => {
      if (isWanted) setAnswer(got.ok ? { run: got.value } : { fault: got.fault });
    });
    return () => {
      isWanted = false;
    };
  }, [runId]);
  if (answer === null) return <p className={styles.none}>Reading the journal…</p>;
  return 'run' in answer ? <RunDetail run={answer.run} /> : <FaultBox fault={answer.fault} />;
}
