import type { ReactElement } from 'react';
import type { Host } from '../../shared/inventory.ts';
import { NumberInput, SelectInput } from '../parts/fields.tsx';
import { askWhatIf, useSimulation } from '../store/simulation.ts';
import styles from './simulation.module.css';

const loads = ['0.5', '1', '1.25', '1.5', '2'] as const;
const loadLabels: Readonly<Record<(typeof loads)[number], string>> = {
  '0.5': 'Half of now',
  '1': 'As now',
  '1.25': '25 % more',
  '1.5': '50 % more',
  '2': 'Twice as now',
};

/** How would it go if... */
export function WhatIfControls({ hosts }: { hosts: readonly Host[] }): ReactElement {
  const { load, hangs, powerBackAt } = useSimulation((simulation) => simulation.whatIf);
  const isGone = hangs !== null && !hosts.some((host) => host.id === hangs);
  return (
    <fieldset className={styles.whatIf}>
      <legend>What if</legend>
      <SelectInput
        label="The load is"
        value={loads.find((each) => Number(each) === load) ?? '1'}
        options={loads.map((value) => ({ value, label: loadLabels[value] }))}
        onChange={(value) => askWhatIf({ load: Number(value) })}
      />
      <SelectInput
        label="A host hangs"
        value={hangs ?? ''}
        options={[
          { value: '', label: 'None' },
          ...(isGone ? [{ value: hangs, label: `${hangs}: no such host` }] : []),
          ...hosts.map((host) => ({ value: host.id, label: host.name })),
        ]}
        onChange={(value) => askWhatIf({ hangs: value === '' ? null : value })}
      />
      <NumberInput
        label="Power is back after, min"
        value={powerBackAt === null ? null : powerBackAt / 60}
        min={1}
        max={1440}
        whenEmpty="stays away"
        onChange={(minutes) => askWhatIf({ powerBackAt: minutes === null ? null : minutes * 60 })}
      />
    </fieldset>
  );
}
