import type { ReactElement } from 'react';
import type { Triggers as TriggersData } from '../../shared/sequence.ts';
import { NumberInput, Tick } from '../parts/fields.tsx';
import { duration, unit } from '../parts/format.ts';
import { edit } from '../store/draft.ts';
import { Fold } from './fold.tsx';
import styles from './settings.module.css';

/** When the plan starts by itself, as one sentence that opens into its numbers. */
export function Triggers({ triggers }: { triggers: TriggersData }): ReactElement {
  const { runtime, charge, onBattery } = triggers;
  const change = (next: Partial<TriggersData>, mark: string) =>
    edit({ type: 'triggers', triggers: { ...triggers, ...next } }, `triggers ${mark}`);
  return (
    <Fold title="Starts" sentence={triggerSentence(triggers)}>
      <div className={styles.group}>
        <Tick
          label="As late as is safe"
          hint="When the runtime left falls to what the plan needs, times a factor"
          isSelected={runtime.enabled}
          onChange={(enabled) => change({ runtime: { ...runtime, enabled } }, 'runtime')}
        />
        <NumberInput
          label="Factor"
          value={runtime.factor}
          min={1}
          max={5}
          step={0.05}
          isDisabled={!runtime.enabled}
          onChange={(factor) => factor !== null && change({ runtime: { ...runtime, factor } }, 'factor')}
        />
        <NumberInput
          label="Never later than, s left"
          value={runtime.floor}
          min={0}
          max={7200}
          isDisabled={!runtime.enabled}
          onChange={(floor) => floor !== null && change({ runtime: { ...runtime, floor } }, 'floor')}
        />
      </div>
      <div className={styles.group}>
        <Tick
          label="At a charge"
          isSelected={charge.enabled}
          onChange={(enabled) => change({ charge: { ...charge, enabled } }, 'charge')}
        />
        <NumberInput
          label="Charge, %"
          value={charge.percent}
          min={1}
          max={99}
          isDisabled={!charge.enabled}
          onChange={(percent) => percent !== null && change({ charge: { ...charge, percent } }, 'percent')}
        />
      </div>
      <div className={styles.group}>
        <Tick
          label="After a time on battery"
          isSelected={onBattery.enabled}
          onChange={(enabled) => change({ onBattery: { ...onBattery, enabled } }, 'battery')}
        />
        <NumberInput
          label="Time on battery, s"
          value={onBattery.seconds}
          min={0}
          max={7200}
          isDisabled={!onBattery.enabled}
          onChange={(seconds) => seconds !== null && change({ onBattery: { ...onBattery, seconds } }, 'seconds')}
        />
      </div>
    </Fold>
  );
}

function triggerSentence({ runtime, charge, onBattery }: TriggersData): string {
  const when = [
    runtime.enabled &&
      `the runtime left falls to ${runtime.factor} × what the plan needs, ${duration(runtime.floor)} at least`,
    charge.enabled && `the charge falls to ${unit(charge.percent, '%')}`,
    onBattery.enabled && `it has been on battery for ${duration(onBattery.seconds)}`,
    'the UPS says that its battery is low',
  ].filter((each) => each !== false);
  return `when ${when.join(', or ')}.`;
}
