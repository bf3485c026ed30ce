import type { ReactElement } from 'react';
import type { Sequence, Step } from '../../shared/sequence.ts';
import { stepKinds } from '../../shared/step-kinds.ts';
import { Remedy } from '../parts/fault-box.tsx';
import { NumberInput, SelectInput } from '../parts/fields.tsx';
import { duration } from '../parts/format.ts';
import { Icon, stepIcon } from '../parts/icons.tsx';
import { edit, useDraft } from '../store/draft.ts';
import { useSlice } from '../store/live.ts';
import styles from './inspector.module.css';
import { KindFields } from './kind-fields.tsx';
import { Needs } from './needs-list.tsx';
import { hostsFor } from './new-step.ts';
import { stageOfStep, stepTitle, targetOf } from './step-words.ts';

interface InspectorProps {
  sequence: Sequence;
  step: Step | null;
}

/** Everything about the selected step. Each change is an edit of its own and can be undone. */
export function Inspector({ sequence, step }: InspectorProps): ReactElement {
  const hosts = useSlice('hosts').hosts.map((each) => each.host);
  const problems = useDraft((draft) => draft.checked.problems);
  const stage = step && stageOfStep(sequence, step.id);
  if (!step || !stage) return <NothingSelected />;
  const kind = stepKinds[step.kind];
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
        {'target' in step && (
          <SelectInput
            label="Target"
            value={step.target}
            options={targetOptions(step, hosts)}
            onChange={(target) => edit({ type: 'change-step', step: { ...step, target } })}
          />
        )}
        <KindFields step={step} />
        {step.kind !== 'wait' && (
          <NumberInput
            label="Limit, s"
            value={step.limit ?? null}
            min={1}
            max={7200}
            whenEmpty={`default ${kind.limit}`}
            hint={`Proven within this time, or it has failed. Default: ${duration(kind.limit)}.`}
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
      </div>
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

/** A target that is not in the inventory stays visible, so that it is seen before it is replaced. */
function targetOptions(step: Step, hosts: Parameters<typeof hostsFor>[1]) {
  const fitting = hostsFor(step.kind, hosts).map((host) => ({ value: host.id, label: `${host.name} (${host.kind})` }));
  const target = targetOf(step);
  const isKnown = target === null || fitting.some((option) => option.value === target);
  return isKnown ? fitting : [{ value: target, label: `${target}: no such host` }, ...fitting];
}

function withLimit(step: Step, limit: number | null): Step {
  if (limit !== null) return { ...step, limit };
  const { limit: _, ...rest } = step;
  return rest;
}
