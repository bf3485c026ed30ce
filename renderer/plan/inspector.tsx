import type { ReactElement } from 'react';
import type { Sequence, Step } from '../../shared/sequence.ts';
import { stepKinds } from '../../shared/step-kinds.ts';
import type { PlannedStep } from '../../shared/view.ts';
import { Remedy } from '../parts/fault-box.tsx';
import { NumberInput, SelectInput, Tick } from '../parts/fields.tsx';
import { count, duration } from '../parts/format.ts';
import { Icon, stepIcon } from '../parts/icons.tsx';
import { edit, useDraft } from '../store/draft.ts';
import { useSlice } from '../store/live.ts';
import { Conditions } from './conditions.tsx';
import { GuestsBack } from './group-list.tsx';
import { GuestFields } from './guest-fields.tsx';
import { GuestLimits } from './guest-limits.tsx';
import styles from './inspector.module.css';
import { KindFields } from './kind-fields.tsx';
import { Needs } from './needs-list.tsx';
import { stageOfStep, stepTitle } from './step-words.ts';
import { TargetFields } from './target-fields.tsx';

interface InspectorProps {
  sequence: Sequence;
  step: Step | null;
}

/** Everything about the selected step. Each change is an edit of its own and can be undone. */
export function Inspector({ sequence, step }: InspectorProps): ReactElement {
  const hosts = useSlice('hosts').hosts.map((each) => each.host);
  const { problems, steps: planned } = useDraft((draft) => draft.checked);
  const stage = step && stageOfStep(sequence, step.id);
  if (!step || !stage) return <NothingSelected />;
  const kind = stepKinds[step.kind];
  const usual = usualWords(planned, step.id);
  const mine = problems.filter((problem) => problem.stepId === step.id);
  return (
    <div className={styles.inspector}>
      <header>
        <h2 className={styles.title}>
          <Icon name={stepIcon(step.kind)} />
          {stepTitle(step, hosts)}
        </h2>
        <p className={styles.soft}>{`${kind.label} · ${stage.name}`}</p>
      </header>
      {mine.map((problem) => (
        <div key={problem.what} className={styles.problem}>
          <p>
            <b>{problem.severity === 'error' ? 'Error' : 'Warning'}</b>
            {`: ${problem.what}`}
          </p>
          <Remedy text={problem.remedy} />
        </div>
      ))}
      <div className={styles.fields}>
        {'target' in step && <TargetFields step={step} hosts={hosts} />}
        <KindFields step={step} hosts={hosts} />
        {step.kind !== 'wait' && (
          <NumberInput
            label="Limit, s"
            value={step.limit ?? null}
            min={1}
            max={7200}
            whenEmpty={`default ${kind.limit}`}
            hint={`Proven within this time, or it has failed. Default: ${duration(kind.limit)}.${usual}`}
            onChange={(limit) => edit({ type: 'change-step', step: withLimit(step, limit) }, `${step.id} limit`)}
          />
        )}
        <NumberInput
          label="Retries"
          value={step.retries}
          min={0}
          max={10}
          onChange={(retries) =>
            retries !== null && edit({ type: 'change-step', step: { ...step, retries } }, `${step.id} retries`)
          }
        />
        <SelectInput
          label="If it fails"
          value={step.onFailure}
          options={[
            { value: 'continue', label: 'Go on' },
            { value: 'stop', label: 'Stop the run' },
          ]}
          hint={step.onFailure === 'continue' ? 'The failure is noted.' : 'Nothing that comes later is begun.'}
          onChange={(onFailure) => edit({ type: 'change-step', step: { ...step, onFailure } })}
        />
        <NumberInput
          label="Waits first, s"
          value={step.after}
          min={0}
          max={7200}
          onChange={(after) =>
            after !== null && edit({ type: 'change-step', step: { ...step, after } }, `${step.id} after`)
          }
        />
        <Tick
          label="Optional"
          hint="May be left out when the battery runs short"
          isSelected={step.optional}
          onChange={(optional) => edit({ type: 'change-step', step: { ...step, optional } })}
        />
      </div>
      {step.kind === 'shut-down-guests' && <GuestFields step={step} />}
      {step.kind === 'shut-down-guests' && <GuestLimits step={step} />}
      {step.kind === 'start-guests' && <GuestsBack step={step} />}
      <Conditions
        when={step.when}
        isAimed={'target' in step}
        parameters={sequence.parameters}
        onChange={(when, mark) => edit({ type: 'change-step', step: { ...step, when } }, mark && `${step.id} ${mark}`)}
      />
      <Needs stage={stage} step={step} hosts={hosts} />
    </div>
  );
}

function NothingSelected(): ReactElement {
  return (
    <div className={styles.soft}>
      <h2>No step selected</h2>
      <p>
        Choose a row to see and change what it does. Rows can be dragged by their handle, or moved with Alt and the
        arrows.
      </p>
    </div>
  );
}

/** What was learned of how long it takes; of several hosts the slowest. Nothing while nothing was learned. */
function usualWords(planned: readonly PlannedStep[], stepId: string): string {
  const learned = planned.filter((each) => each.from === stepId && each.samples > 0);
  if (learned.length === 0) return '';
  const longest = (of: (each: PlannedStep) => number) => duration(Math.max(...learned.map(of)));
  const runs = count(Math.max(...learned.map((each) => each.samples)), 'time');
  return ` Usually ${longest((each) => each.p50)}, ${longest((each) => each.seconds)} in the slowest of ten; seen ${runs}.`;
}

function withLimit(step: Step, limit: number | null): Step {
  if (limit !== null) return { ...step, limit };
  const { limit: _, ...rest } = step;
  return rest;
}
