import type { ReactElement } from 'react';
import type { Step } from '../../shared/sequence.ts';
import { delayOfAtLeast, type Offer, type Offered, type OutletGroup, offersTo } from '../../shared/ups-command.ts';
import { NumberInput, SelectInput, Tick } from '../parts/fields.tsx';
import { duration } from '../parts/format.ts';
import { edit } from '../store/draft.ts';
import { useSlice } from '../store/live.ts';
import { useSupplies } from '../supply/use-supplies.ts';

type UpsOffStep = Extract<Step, { kind: 'ups-off' }>;

/** Which UPS turns off, after how long, and whether it comes back by itself. */
export function UpsOffFields({ step }: { step: UpsOffStep }): ReactElement {
  const { all } = useSupplies();
  const { known } = useSlice('supplies');
  const { powers } = useSlice('status');
  const change = (next: UpsOffStep, mark: string | null = null) =>
    edit({ type: 'change-step', step: next }, mark && `${step.id} ${mark}`);
  const options = all.map(({ id, name }) => ({ value: id, label: name }));
  const isThere = all.some(({ id }) => id === step.ups);
  const isAllowed = known.some(({ id, commandsAllowed }) => id === step.ups && commandsAllowed);
  const offered: Offered = powers.find(({ ups }) => ups.id === step.ups)?.ups ?? { offers: [] };
  const groups = outletOptions(step.outlet, offered.outletGroups ?? []);
  return (
    <>
      <SelectInput
        label="UPS"
        value={step.ups}
        options={isThere ? options : [{ value: step.ups, label: `${step.ups}: no such UPS` }, ...options]}
        hint={
          isThere && !isAllowed
            ? 'Commands are not allowed for it: allow them under Setup'
            : 'In an outage it is turned off only if it has failed'
        }
        onChange={(ups) => change({ ...step, ups, outlet: null })}
      />
      {groups.length > 1 && (
        <SelectInput
          label="Group of outlets"
          value={String(step.outlet ?? 'all')}
          options={groups}
          hint={step.outlet === null ? '' : 'Every host that this UPS feeds counts as cut with it'}
          onChange={(chosen) => change({ ...step, outlet: chosen === 'all' ? null : Number(chosen) })}
        />
      )}
      <NumberInput
        label="Turns off after, s"
        value={step.delay}
        min={10}
        max={7200}
        hint={delayHint(step, offersTo(offered, step.outlet))}
        onChange={(delay) => delay !== null && change({ ...step, delay }, 'delay')}
      />
      <Tick
        label="Turns on again when the mains are back"
        hint={step.returns ? '' : 'It stays off until somebody switches it on'}
        isSelected={step.returns}
        onChange={(returns) => change({ ...step, returns })}
      />
    </>
  );
}

/** All of the UPS, and the groups of its outlets that can be turned off alone; the chosen one too if it cannot. */
export function outletOptions(chosen: number | null, groups: readonly OutletGroup[]) {
  const isThere = chosen === null || groups.some(({ number }) => number === chosen);
  return [
    { value: 'all', label: 'All of the UPS' },
    ...groups.map(({ number, name }) => ({
      value: String(number),
      label: name === '' ? `${number}` : `${number}: ${name}`,
    })),
    ...(isThere ? [] : [{ value: String(chosen), label: `${chosen}: cannot be turned off alone` }]),
  ];
}

/** The delay as this UPS keeps it, never shorter than was asked for. One that it cannot keep is a problem of the plan. */
export function delayHint({ delay, returns }: UpsOffStep, offers: readonly Offer[]): string {
  const command = returns ? 'shutdown.return' : 'shutdown.stayoff';
  const kept = offers.find((offer) => offer.command === command)?.delay;
  const real = kept ? (delayOfAtLeast(kept, delay) ?? delay) : delay;
  const rounded = real === delay ? '' : `This UPS makes ${duration(real)} of it. `;
  return `${rounded}What is still on after ${duration(real)} is cut hard.`;
}
