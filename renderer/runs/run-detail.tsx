import type { ReactElement } from 'react';
import type { RunView } from '../../shared/run.ts';
import type { Stage } from '../../shared/sequence.ts';
import { cx } from '../parts/cx.ts';
import { clock, dateTime } from '../parts/format.ts';
import { Icon } from '../parts/icons.tsx';
import tones from '../parts/tone.module.css';
import { useNow } from '../parts/use-now.ts';
import { isLive, RunButtons } from './run-buttons.tsx';
import styles from './run-detail.module.css';
import { RunLog } from './run-log.tsx';
import { RunStep } from './run-step.tsx';
import { causeWords, lineWords, runWords } from './run-words.ts';

/** One run, live or long over, drawn from its journal against the sequence as it was. */
export function RunDetail({ run }: { run: RunView }): ReactElement {
  const now = useNow();
  const result = runWords(run);
  const until = run.endedAt ?? now;
  return (
    <article className={styles.run} aria-label={`Run of ${dateTime(run.begunAt)}`}>
      <header className={styles.head}>
        <div className={styles.title}>
          <h2>{dateTime(run.begunAt)}</h2>
          <span className={cx(styles.chip, tones[result.tone])}>
            <Icon name={result.icon} />
            {result.words}
          </span>
          <span
            className={styles.gone}
          >{`${clock((until - run.begunAt) / 1000)} ${isLive(run) ? 'gone' : 'in all'}`}</span>
        </div>
        <p>{`${causeWords(run.cause)}: ${run.why}`}</p>
        {run.cancelled !== null && <p>{`Stopped: ${run.cancelled}`}</p>}
        {run.resumes > 0 && (
          <p className={styles.soft}>{`Taken up again ${run.resumes} times after Glidepath was restarted.`}</p>
        )}
        <RunButtons run={run} />
      </header>
      {run.sequence.stages.map((stage) => (
        <div key={stage.id}>
          {stage.id === run.sequence.pointOfNoReturn && <Line run={run} />}
          <StageRun stage={stage} run={run} now={now} isOver={run.phase !== 'down'} />
        </div>
      ))}
      {run.sequence.returnStages.length > 0 && (
        <section>
          <h3 className={styles.part}>When power returns</h3>
          {run.sequence.returnStages.map((stage) => (
            <StageRun key={stage.id} stage={stage} run={run} now={now} isOver={!isLive(run)} />
          ))}
        </section>
      )}
      <RunLog run={run} />
    </article>
  );
}

function Line({ run }: { run: RunView }): ReactElement {
  return <p className={cx(styles.line, run.noReturnAt !== null && styles.passed)}>{lineWords(run)}</p>;
}

interface StageRunProps {
  stage: Stage;
  run: RunView;
  now: number;
  isOver: boolean;
}

function StageRun({ stage, run, now, isOver }: StageRunProps): ReactElement {
  return (
    <section className={styles.stage}>
      <h3>{stage.name}</h3>
      <ul>
        {stage.steps.map((step) => {
          const view = run.steps[step.id];
          return view && <RunStep key={step.id} step={step} view={view} hosts={run.hosts} now={now} isOver={isOver} />;
        })}
      </ul>
      {stage.steps.length === 0 && <p className={styles.soft}>No steps.</p>}
    </section>
  );
}
