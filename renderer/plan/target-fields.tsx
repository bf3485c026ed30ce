import type { ReactElement } from 'react';
import type { Host } from '../../shared/inventory.ts';
import type { Step } from '../../shared/sequence.ts';
import { SelectInput } from '../parts/fields.tsx';
import { edit } from '../store/draft.ts';
import { isGroup, membersWords, targetOptions } from './targets.ts';

interface TargetFieldsProps {
  step: Extract<Step, { target: string }>;
  hosts: readonly Host[];
}

/** Which hosts a step is for, and for several how it goes through them. */
export function TargetFields({ step, hosts }: TargetFieldsProps): ReactElement {
  const members = membersWords(step.kind, step.target, hosts);
  return (
    <>
      <SelectInput
        label="Target"
        value={step.target}
        options={targetOptions(step.kind, step.target, hosts)}
        {...(members ? { hint: members } : {})}
        onChange={(target) => edit({ type: 'change-step', step: { ...step, target } })}
      />
      {isGroup(step.target) && (
        <SelectInput
          label="Several hosts"
          value={step.each}
          options={[
            { value: 'parallel', label: 'All at once' },
            { value: 'one-by-one', label: 'One by one' },
          ]}
          onChange={(each) => edit({ type: 'change-step', step: { ...step, each } })}
        />
      )}
    </>
  );
}
