import type { ReactElement } from 'react';
import type { Triggers as TriggersData } from '../../shared/triggers.ts';
import { NumberInput, Tick } from '../parts/fields.tsx';
import { duration, unit } from '../parts/format.ts';
import { edit } from '../store/draft.ts';
import { Fold } from './fold.tsx';
import styles from './settings.module.css';

/** When the plan starts by itself, as one sentence that opens into its numbers. */
export function Triggers({ triggers }: { triggers: TriggersData }): ReactElement {
  const { runtime, charge, onBattery, lowBattery, forced, settle, silent } = triggers;
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
      <div className={styles.group}>
        <Tick
          label="When the UPS says that its battery is low"
          isSelected={lowBattery.enabled}
          onChange={(enabled) => change({ lowBattery: { ...lowBattery, enabled } }, 'low')}
        />
        <NumberInput
          label="Said for, s"
          value={lowBattery.lasts}
          min={0}
          max={60}
          isDisabled={!lowBattery.enabled}
          onChange={(lasts) => lasts !== null && change({ lowBattery: { ...lowBattery, lasts } }, 'lasts')}
        />
      </div>
      <div className={styles.group}>
        <Tick
          label="When a UPS falls silent on battery"
          hint="One that never told its runtime; of others it is counted down"
          isSelected={silent.enabled}
          onChange={(enabled) => change({ silent: { ...silent, enabled } }, 'silent')}
        />
        <NumberInput
          label="Silent for, s"
          value={silent.seconds}
          min={0}
          max={600}
          isDisabled={!silent.enabled}
          onChange={(seconds) => seconds !== null && change({ silent: { ...silent, seconds } }, 'silence')}
        />
      </div>
      <div className={styles.group}>
        <Tick
          label="When a UPS server tells everybody to shut down"
          hint="NUT's forced shutdown"
          isSelected={forced.enabled}
          onChange={(enabled) => change({ forced: { enabled } }, 'forced')}
        />
        <NumberInput
          label="Not in the first, s on battery"
          value={settle}
          min={0}
          max={300}
          hint="A low runtime or charge starts nothing before: every flicker would"
          onChange={(seconds) => seconds !== null && change({ settle: seconds }, 'settle')}
        />
      </div>
    </Fold>
  );
}

/**
 * Nothing switched on is said as what it means. The runtime counts even when it is switched off once nothing else can tell
 * how the battery empties.
 */
export function triggerSentence({ runtime, charge, onBattery, lowBattery, forced, silent }: TriggersData): string {
  const isLate = `falls to ${runtime.factor} × what the plan needs (${duration(runtime.floor)} at least)`;
  const when = [
    runtime.enabled && `the runtime left ${isLate}`,
    charge.enabled && `the charge falls to ${unit(charge.percent, '%')}`,
    onBattery.enabled && `it has been on battery for ${duration(onBattery.seconds)}`,
    lowBattery.enabled && 'the UPS says that its battery is low',
    silent.enabled && 'it falls silent on battery',
    forced.enabled && 'a UPS server tells everybody to shut down',
    !runtime.enabled &&
      `the runtime left of a UPS that is silent on battery, or whose charge stands still there, ${isLate}`,
  ].filter((each) => each !== false);
  const last = when.pop();
  const isByHand = when.length === 0 && !runtime.enabled;
  if (isByHand) return `only by hand, or when ${last}.`;
  return `when ${when.length === 0 ? last : `${when.join(', ')}, or ${last}`}.`;
}
