import { type ReactElement, useState } from 'react';
import type { Step } from '../../shared/sequence.ts';
import { cx } from '../parts/cx.ts';
import { SelectInput, Tick } from '../parts/fields.tsx';
import { edit } from '../store/draft.ts';
import { useSlice } from '../store/live.ts';
import fieldset from './fieldset.module.css';

type NotifyStep = Extract<Step, { kind: 'notify' }>;

/** By which channels a message is told, besides this computer. */
export function NotifyFields({ step }: { step: NotifyStep }): ReactElement {
  const channels = useSlice('channels').channels.map(({ channel }) => channel);
  const change = (next: NotifyStep) => edit({ type: 'change-step', step: next });
  const chosen = step.channels;
  const gone = (chosen ?? []).filter((id) => !channels.some((channel) => channel.id === id));
  // A tick must not go away under the finger that takes it off.
  const [seenGone] = useState(gone);
  const missing = [...new Set([...seenGone, ...gone])];
  return (
    <>
      <SelectInput
        label="Told by"
        value={chosen ? 'some' : 'all'}
        options={[
          { value: 'all', label: 'All channels' },
          { value: 'some', label: 'The channels chosen here' },
        ]}
        hint={channels.length === 0 ? 'There are no channels: add one under Setup. On this computer it is shown.' : ''}
        onChange={(which) => change(withChannels(step, which === 'all' ? null : channels.map(({ id }) => id)))}
      />
      {chosen && (
        <fieldset className={cx(fieldset.fieldset, fieldset.close)}>
          <legend>Channels</legend>
          {[...channels, ...missing.map((id) => ({ id, name: `${id}: no such channel` }))].map(({ id, name }) => (
            <Tick
              key={id}
              label={name}
              isSelected={chosen.includes(id)}
              onChange={(isTold) =>
                change(withChannels(step, isTold ? [...chosen, id] : chosen.filter((each) => each !== id)))
              }
            />
          ))}
          {chosen.length === 0 && <p className={fieldset.soft}>None: it is shown on this computer only.</p>}
        </fieldset>
      )}
    </>
  );
}

/** `null`: all. */
export function withChannels(step: NotifyStep, channels: string[] | null): NotifyStep {
  const { channels: _, ...rest } = step;
  return channels === null ? rest : { ...rest, channels };
}
