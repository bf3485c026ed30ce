import { type ReactElement, useRef } from 'react';
import type { Condition, ParameterValue } from '../../shared/condition.ts';
import { hostKinds, platforms } from '../../shared/platforms.ts';
import { Button } from '../parts/button.tsx';
import { cx } from '../parts/cx.ts';
import { NumberInput, SelectInput } from '../parts/fields.tsx';
import { MenuButton } from '../parts/menu.tsx';
import { conditionNames, newCondition } from './condition-words.ts';
import styles from './conditions.module.css';
import { DraftText } from './draft-text.tsx';
import fieldset from './fieldset.module.css';
import { badParameterText, isParameterText, parameterOf } from './parameters.ts';

const most = 8;
const kinds = Object.keys(conditionNames) as Condition['is'][];

interface ConditionsProps {
  when: readonly Condition[];
  /** Whether there is a host to ask about. */
  isAimed: boolean;
  parameters: Readonly<Record<string, ParameterValue>>;
  /** `mark`: edits in a row with the same one are undone together. */
  onChange: (when: Condition[], mark: string | null) => void;
}

/** What must hold, all of it, for a step or a stage to be done. */
export function Conditions({ when, isAimed, parameters, onChange }: ConditionsProps): ReactElement {
  const list = useRef<HTMLFieldSetElement>(null);
  const addTo = () => requestAnimationFrame(() => list.current?.querySelector<HTMLElement>(':scope > button')?.focus());
  const remove = (at: number) => {
    onChange(
      when.filter((_, index) => index !== at),
      null,
    );
    addTo();
  };
  const entries = kinds
    .filter((is) => isAimed || is !== 'host-kind')
    .map((is) => {
      const condition = newCondition(is, parameters);
      return {
        id: is,
        label: conditionNames[is],
        isDisabled: condition === null,
        ...(condition ? {} : { hint: 'The plan has no parameters: add one above its stages' }),
        onAction: () => condition && onChange([...when, condition], null),
      };
    });
  return (
    <fieldset className={cx(fieldset.fieldset, styles.conditions)} ref={list}>
      <legend>Only if</legend>
      {when.length === 0 && <p className={fieldset.soft}>Always done.</p>}
      {when.map((condition, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: conditions have no names, and are changed in place.
        <div key={at} className={styles.condition}>
          <div className={styles.fields}>
            <ConditionFields
              number={at + 1}
              condition={condition}
              isAimed={isAimed}
              parameters={parameters}
              onChange={(next, mark) =>
                onChange(
                  when.map((each, index) => (index === at ? next : each)),
                  mark && `${mark} ${at}`,
                )
              }
            />
          </div>
          <Button label={`Remove condition ${at + 1}`} icon="cross" iconOnly look="quiet" onPress={() => remove(at)} />
        </div>
      ))}
      {when.length < most && <MenuButton label="Add a condition" icon="plus" entries={entries} isWide />}
    </fieldset>
  );
}

interface ConditionFieldsProps {
  number: number;
  condition: Condition;
  isAimed: boolean;
  parameters: Readonly<Record<string, ParameterValue>>;
  onChange: (condition: Condition, mark: string | null) => void;
}

function ConditionFields(props: ConditionFieldsProps): ReactElement {
  const { number, condition, isAimed, parameters, onChange } = props;
  const options = kinds
    .filter((is) => is === condition.is || ((isAimed || is !== 'host-kind') && newCondition(is, parameters)))
    .map((is) => ({ value: is, label: conditionNames[is] }));
  const turnInto = (is: Condition['is']) => {
    const next = newCondition(is, parameters);
    if (next) onChange(next, null);
  };
  return (
    <>
      <SelectInput label={`Condition ${number}`} value={condition.is} options={options} onChange={turnInto} />
      {condition.is === 'failed-upses' && (
        <NumberInput
          label="At least"
          value={condition.atLeast}
          min={1}
          max={8}
          onChange={(atLeast) => atLeast !== null && onChange({ ...condition, atLeast }, 'at least')}
        />
      )}
      {condition.is === 'host-kind' && (
        <SelectInput
          label="Kind of host"
          value={condition.kind}
          options={hostKinds.map((value) => ({ value, label: platforms[value].label }))}
          onChange={(kind) => onChange({ ...condition, kind }, null)}
        />
      )}
      {condition.is === 'parameter' && (
        <>
          <SelectInput
            label="Parameter"
            value={condition.name}
            options={[...new Set([condition.name, ...Object.keys(parameters)])].map((value) => ({
              value,
              label: Object.hasOwn(parameters, value) ? value : `${value}: no such parameter`,
            }))}
            onChange={(name) => onChange({ ...condition, name, equals: parameters[name] ?? '' }, null)}
          />
          <DraftText
            label="Is"
            value={String(condition.equals)}
            isValid={isParameterText}
            error={badParameterText}
            onChange={(text) => onChange({ ...condition, equals: parameterOf(text) }, 'equals')}
          />
        </>
      )}
    </>
  );
}
