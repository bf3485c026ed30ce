import type { ReactElement } from 'react';
import { assertNever } from '../../shared/assert-never.ts';
import type { Step } from '../../shared/sequence.ts';
import { NumberInput, SelectInput, Tick } from '../parts/fields.tsx';
import { edit } from '../store/draft.ts';
import { DraftText } from './draft-text.tsx';
import { isName } from './names.ts';

/** The fields that only some kinds of step have. */
export function KindFields({ step }: { step: Step }): ReactElement | null {
  const change = (next: Step, mark: string | null = null) => edit({ type: 'change-step', step: next }, mark);
  switch (step.kind) {
    case 'power-off':
      return (
        <SelectInput
          label="Proven by"
          value={step.until}
          options={[
            { value: 'silent', label: 'Silence' },
            { value: 'port-closed', label: 'SSH port closed' },
          ]}
          hint={
            step.until === 'silent'
              ? 'Nothing answers any more, for 20 s.'
              : 'Its SSH port no longer accepts, some seconds before it is really off.'
          }
          onChange={(until) => change({ ...step, until })}
        />
      );
    case 'shut-down-guests':
      return (
        <Tick
          label="Power off those that do not stop"
          hint="When two thirds of the limit are over"
          isSelected={step.force}
          onChange={(force) => change({ ...step, force })}
        />
      );
    case 'command':
      return (
        <DraftText
          label="Command"
          value={step.command}
          isValid={(text) => text.trim().length > 0 && text.length <= 2000}
          error="A command of 1 to 2000 characters"
          lines={3}
          onChange={(command) => change({ ...step, command: command.trim() }, `${step.id} command`)}
        />
      );
    case 'wait':
      return (
        <NumberInput
          label="Seconds"
          value={step.seconds}
          min={1}
          max={7200}
          onChange={(seconds) => seconds !== null && change({ ...step, seconds }, `${step.id} seconds`)}
        />
      );
    case 'notify':
      return (
        <DraftText
          label="Message"
          value={step.message}
          isValid={isName}
          error="One line of 1 to 100 characters"
          onChange={(message) => change({ ...step, message: message.trim() }, `${step.id} message`)}
        />
      );
    case 'enter-maintenance':
    case 'exit-maintenance':
    case 'start-guests':
    case 'wake':
      return null;
    default:
      return assertNever(step, 'step kind');
  }
}
