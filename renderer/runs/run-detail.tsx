import { type ReactElement, useMemo, useState } from 'react';
import type { RunView } from '../../shared/run.ts';
import type { Stage } from '../../shared/sequence.ts';
import { cx } from '../parts/cx.ts';
import { clock, dateTime } from '../parts/format.ts';
import { Icon } from '../parts/icons.tsx';
import titles from '../parts/title.module.css';
import tones from '../parts/tone.module.css';
import { useNow } from '../parts/use-now.ts';
import { findStep } from '../plan/step-words.ts';
import { useSlice } from '../store/live.ts';
import { type GuestSteps, guestStepsOf, guestsNote } from './guest-words.ts';
import { isLive, RunButtons } from './run-buttons.tsx';
import styles from './run-detail.module.css';
import { RunLog } from './run-log.tsx';
import { RunStep } from './run-step.tsx';
import { causeWords, lineWords, runWords } from './run-words.ts';
import { SkipDialog } from './skip-dialog.tsx';
import { canSkip } from './skip-words.ts';
import { UpsCountdowns, type UpsOff, upsOffsOf } from './ups-countdown.tsx';
import { givenUpWords, heldWords, wantedWords } from './wanted-words.ts';

/** One run, live or long over, drawn from its journal against the sequence as it was. */
export function RunDetail({ run }: { run: RunView }): ReactElement {
  const [skipping, setSkipping] = useState<string | null>(null);
  const plan = useSlice('plan').sequence;
  // A big run has thousands of steps, and is drawn anew with each of its records.
  const named = useMemo(() => guestStepsOf(plan), [plan]);
  const offs = upsOffsOf(run);
  const result = runWords(run);
  const step = skipping === null ? undefined : findStep(run.sequence, skipping);
  return (
    <article className={styles.run} aria-label={`Run of ${dateTime(run.begunAt)}`}>
      <header className={styles.head}>
        <div className={titles.title}>
          <h2>{dateTime(run.begunAt)}</h2>
          <span className={cx(titles.chip, tones[result.tone])}>
            <Icon name={result.icon} />
            {result.words}
          </span>
          <Gone run={run} />
        </div>
        <p>{`${causeWords(run.cause)}: ${run.why}`}</p>
        {[wantedWords(run), givenUpWords(run)].map((sentence) => sentence && <p key={sentence}>{sentence}</p>)}
        {run.cancelled !== null && <p>{`Stopped: ${run.cancelled}`}</p>}
        {run.resumes > 0 && (
          <p className={styles.soft}>{`Taken up again ${run.resumes} times after Glidepath was restarted.`}</p>
        )}
        {isLive(run) && <UpsCountdowns offs={offs} />}
        <RunButtons run={run} />
      </header>
      {run.sequence.stages.map((stage) => (
        <div key={stage.id}>
          {stage.id === run.sequence.pointOfNoReturn && <Line run={run} />}
          <StageRun
            stage={stage}
            run={run}
            named={named}
            offs={offs}
            isOver={run.phase !== 'down'}
            onSkip={setSkipping}
          />
        </div>
      ))}
      {run.sequence.returnStages.length > 0 && (
        <section>
          <h3 className={styles.part}>When power returns</h3>
          {run.sequence.returnStages.map((stage) => (
            <StageRun
              key={stage.id}
              stage={stage}
              run={run}
              named={named}
              offs={offs}
              isOver={!isLive(run)}
              onSkip={setSkipping}
            />
          ))}
        </section>
      )}
      <RunLog run={run} />
      {step && <SkipDialog run={run} step={step} onClose={() => setSkipping(null)} />}
    </article>
  );
}

function Gone({ run }: { run: RunView }): ReactElement {
  const now = useNow();
  const seconds = ((run.endedAt ?? now) - run.begunAt) / 1000;
  return <span className={styles.gone}>{`${clock(seconds)} ${isLive(run) ? 'gone' : 'in all'}`}</span>;
}

function Line({ run }: { run: RunView }): ReactElement {
  return <p className={cx(styles.line, run.noReturnAt !== null && styles.passed)}>{lineWords(run)}</p>;
}

interface StageRunProps {
  stage: Stage;
  run: RunView;
  /** The steps of the plan as it is now, which know the names of their groups. */
  named: GuestSteps;
  offs: readonly UpsOff[];
  isOver: boolean;
  onSkip: (stepId: string) => void;
}

function StageRun({ stage, run, named, offs, isOver, onSkip }: StageRunProps): ReactElement {
  const { powers } = useSlice('status');
  return (
    <section className={styles.stage}>
      <h3>{stage.name}</h3>
      <ul>
        {stage.steps.map((step) => {
          const view = run.steps[step.id];
          return (
            view && (
              <RunStep
                key={step.id}
                step={step}
                view={view}
                hosts={run.hosts}
                held={heldWords(step, view, run, powers)}
                guests={guestsNote(step, view, named)}
                upsOff={offs.find(({ stepId }) => stepId === step.id) ?? null}
                canSkip={canSkip(run, stage, step)}
                isOver={isOver}
                onSkip={onSkip}
              />
            )
          );
        })}
      </ul>
      {stage.steps.length === 0 && <p className={styles.soft}>No steps.</p>}
    </section>
  );
}
