import type { ReactElement } from 'react';
import type { Sequence } from '../../shared/sequence.ts';
import { NumberInput, SelectInput, Tick } from '../parts/fields.tsx';
import { OrderButtons } from '../parts/order-buttons.tsx';
import { edit } from '../store/draft.ts';
import { Fold } from './fold.tsx';
import { moved } from './guest-groups.ts';
import { Parameters } from './parameter-list.tsx';
import {
  type PlanSettings,
  parametersSentence,
  scopeSentence,
  shedSentence,
  sheds,
  shedWords,
  withShed,
} from './plan-settings.ts';
import styles from './settings.module.css';
import { Triggers } from './triggers.tsx';

/** What holds for the whole plan, one line each: when it starts, for whom, what it gives up, what it is told. */
export function PlanFolds({ sequence }: { sequence: Sequence }): ReactElement {
  return (
    <div className={styles.folds}>
      <Triggers triggers={sequence.triggers} />
      <Scope settings={sequence} />
      <ShedOrder shed={sequence.shed} />
      <Fold title="Parameters" sentence={parametersSentence(sequence.parameters)}>
        <Parameters parameters={sequence.parameters} />
      </Fold>
    </div>
  );
}

const change = (settings: Partial<PlanSettings>, mark: string | null = null) =>
  edit({ type: 'settings', settings }, mark && `settings ${mark}`);

function Scope({ settings }: { settings: PlanSettings }): ReactElement {
  const { scope, faultTolerance } = settings;
  return (
    <Fold title="For" sentence={scopeSentence(settings)}>
      <div className={styles.group}>
        <SelectInput
          label="A run is for"
          value={scope}
          options={[
            { value: 'all', label: 'The whole rack' },
            { value: 'critical', label: 'Only hosts that lose their power' },
          ]}
          hint={
            scope === 'all'
              ? 'Every host of the plan goes down, whichever UPS fails.'
              : 'And those that depend on them. When another UPS fails, the run takes in more hosts.'
          }
          onChange={(next) => change({ scope: next })}
        />
      </div>
      <div className={styles.group}>
        <Tick
          label="Tolerates failed UPSes"
          hint="Conditions of stages and steps can ask for it"
          isSelected={faultTolerance !== null}
          onChange={(isOn) => change({ faultTolerance: isOn ? { level: 1, beyond: 'all' } : null })}
        />
        {faultTolerance && (
          <>
            <NumberInput
              label="So many may fail"
              value={faultTolerance.level}
              min={0}
              max={8}
              onChange={(level) =>
                level !== null && change({ faultTolerance: { ...faultTolerance, level } }, 'tolerance')
              }
            />
            <SelectInput
              label="When more have failed"
              value={faultTolerance.beyond}
              options={[
                { value: 'all', label: 'The run is for the whole rack' },
                { value: 'critical', label: 'The run stays for whom it is' },
              ]}
              onChange={(beyond) => change({ faultTolerance: { ...faultTolerance, beyond } })}
            />
          </>
        )}
      </div>
    </Fold>
  );
}

function ShedOrder({ shed }: { shed: Sequence['shed'] }): ReactElement {
  const rest = sheds.filter((measure) => !shed.includes(measure));
  return (
    <Fold title="If the battery runs short" sentence={shedSentence(shed)}>
      <ol className={styles.list} aria-label="What is given up, in this order">
        {[...shed, ...rest].map((measure, at) => (
          <li key={measure}>
            <Tick
              label={sentenceCase(shedWords(measure))}
              isSelected={shed.includes(measure)}
              onChange={(isOn) => change({ shed: withShed(shed, measure, isOn) })}
            />
            {shed.includes(measure) && (
              <OrderButtons
                what={`"${shedWords(measure)}"`}
                isFirst={at === 0}
                isLast={at === shed.length - 1}
                onMove={(by) => change({ shed: moved(shed, at, by) })}
              />
            )}
          </li>
        ))}
      </ol>
    </Fold>
  );
}

const sentenceCase = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
