import type { ReactElement } from 'react';
import { assertNever } from '../../shared/assert-never.ts';
import type { Host } from '../../shared/inventory.ts';
import { platforms } from '../../shared/platforms.ts';
import type { Step } from '../../shared/sequence.ts';
import { NumberInput, SelectInput, Tick } from '../parts/fields.tsx';
import { edit } from '../store/draft.ts';
import { DraftText } from './draft-text.tsx';
import { isName } from './names.ts';
import { NotifyFields } from './notify-fields.tsx';
import { membersOf } from './targets.ts';
import { UpsOffFields } from './ups-off-fields.tsx';

interface KindFieldsProps {
  step: Step;
  hosts: readonly Host[];
}

/** The fields that only some kinds of step have. */
export function KindFields({ step, hosts }: KindFieldsProps): ReactElement | null {
  const change = (next: Step, mark: string | null = null) => edit({ type: 'change-step', step: next }, mark);
  switch (step.kind) {
    case 'power-off':
      return (
        <SelectInput
          label="Proven by"
          value={step.until}
          options={[
            { value: 'silent', label: 'Silence' },
            { value: 'port-closed', label: 'Port closed' },
          ]}
          hint={
            step.until === 'silent'
              ? 'Nothing answers any more, for 20 s.'
              : 'The port of its SSH or API no longer accepts, some seconds before it is really off.'
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
        <>
          <DraftText
            label="Command"
            value={step.command}
            isValid={(text) => text.trim().length > 0 && text.length <= longestCommand}
            error={`A command of 1 to ${longestCommand} characters`}
            lines={3}
            onChange={(command) => change({ ...step, command: command.trim() }, `${step.id} command`)}
          />
          <DraftText
            label="Proven by this command"
            value={step.proof ?? ''}
            isValid={(text) => text.length <= longestCommand}
            error={`${longestCommand} characters at most`}
            hint="It ends with 0 when the effect is there, and changes nothing. Empty: the command itself must end with 0."
            lines={2}
            onChange={(proof) => change(withProof(step, proof.trim()), `${step.id} proof`)}
          />
          <Tick
            label="Also on a host that keeps its power"
            hint="Ticked: in every run, whichever UPS has failed. Otherwise only if its host loses its power."
            isSelected={step.always}
            onChange={(always) => change({ ...step, always })}
          />
        </>
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
        <>
          <DraftText
            label="Message"
            value={step.message}
            isValid={isName}
            error="One line of 1 to 100 characters"
            onChange={(message) => change({ ...step, message: message.trim() }, `${step.id} message`)}
          />
          <NotifyFields step={step} />
        </>
      );
    case 'enter-maintenance':
      return <Evacuation step={step} hosts={hosts} onChange={change} />;
    case 'ups-off':
      return <UpsOffFields step={step} />;
    case 'exit-maintenance':
    case 'start-guests':
    case 'wake':
    case 'migrate-guests':
    case 'disable-ha':
    case 'enable-ha':
    case 'retreat-vcls':
    case 'restore-vcls':
    case 'ignore-member-updates':
    case 'heed-member-updates':
    case 'wait-resync':
    case 'prepare-vsan':
    case 'recover-vsan':
    case 'set-ceph-flags':
    case 'unset-ceph-flags':
      return null;
    default:
      return assertNever(step, 'step kind');
  }
}

const longestCommand = 2000;

type CommandStep = Extract<Step, { kind: 'command' }>;

function withProof(step: CommandStep, proof: string): CommandStep {
  const { proof: _, ...rest } = step;
  return proof === '' ? rest : { ...rest, proof };
}

type MaintenanceStep = Extract<Step, { kind: 'enter-maintenance' }>;

interface EvacuationProps {
  step: MaintenanceStep;
  hosts: readonly Host[];
  onChange: (step: MaintenanceStep) => void;
}

/** Only hosts that may hold data of a vSAN cluster are asked what becomes of it. */
function Evacuation({ step, hosts, onChange }: EvacuationProps): ReactElement | null {
  const mayHold = membersOf(step.kind, step.target, hosts).some((host) => platforms[host.kind].vsan);
  if (!mayHold && step.evacuation === 'no-action') return null;
  return (
    <SelectInput
      label="Its vSAN data"
      value={step.evacuation}
      options={[
        { value: 'no-action', label: 'Stays where it is' },
        { value: 'ensure-accessibility', label: 'Moves where it would be missed' },
        { value: 'full', label: 'Moves, all of it' },
      ]}
      hint={
        step.evacuation === 'no-action'
          ? 'For a cluster that goes down as a whole, or a host without vSAN.'
          : 'It can take hours, on battery as well: only where other hosts keep their power.'
      }
      onChange={(evacuation) => onChange({ ...step, evacuation })}
    />
  );
}
