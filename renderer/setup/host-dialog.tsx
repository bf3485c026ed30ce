import { type ReactElement, useState } from 'react';
import type { Host } from '../../shared/inventory.ts';
import { platforms } from '../../shared/platforms.ts';
import { Button } from '../parts/button.tsx';
import { Dialog } from '../parts/dialog.tsx';
import { TextInput, Tick } from '../parts/fields.tsx';
import { useSlice } from '../store/live.ts';
import { say } from '../store/ui.ts';
import { AccessFields } from './access-fields.tsx';
import { DependsOn } from './depends-on.tsx';
import { FedBy } from './fed-by.tsx';
import { changeHost, formOf, type HostForm, hostOf, isHostChanged, missingInHost } from './host-form.ts';
import { takesCommand } from './host-kinds.ts';
import styles from './setup.module.css';
import { useSending } from './use-sending.ts';
import { WakingFields } from './waking-fields.tsx';

interface HostDialogProps {
  /** null: a new one. */
  host: Host | null;
  onClose: () => void;
}

export function HostDialog({ host, onClose }: HostDialogProps): ReactElement {
  const { hosts } = useSlice('hosts');
  const [old] = useState<HostForm>(() => formOf(host));
  const [form, setForm] = useState<HostForm>(old);
  const { isBusy, fault, send } = useSending();
  const set = (change: Partial<HostForm>) => setForm((last) => changeHost(last, change));
  const missing = missingInHost(form);
  const others = hosts.map((each) => each.host).filter((each) => each.id !== host?.id);
  const save = async () => {
    const taken = new Set(hosts.map((each) => each.host.id));
    const next = hostOf(form, host, taken);
    if (!(await send('hosts.save', { host: next }))) return;
    say(`${next.name} saved.`);
    onClose();
  };
  const actions = (
    <>
      {missing && <p className={styles.missing}>{missing}</p>}
      <Button label="Cancel" onPress={onClose} />
      <Button label="Save host" acts look="main" isDisabled={missing !== null} onPress={() => !isBusy && void save()} />
    </>
  );
  return (
    <Dialog
      title={host ? `Edit ${host.name}` : 'Add a host'}
      onClose={onClose}
      actions={actions}
      fault={fault}
      isChanged={isHostChanged(form, old)}
    >
      <AccessFields form={form} id={host?.id ?? ''} others={others} onChange={set} />
      <PowerOffFields form={form} onChange={set} />
      {platforms[form.kind].isMachine && <WakingFields form={form} onChange={set} />}
      <div className={styles.form}>
        <TextInput
          label="Tags"
          value={form.tags}
          placeholder="storage, lab"
          hint="Steps can be aimed at all hosts of a tag"
          onChange={(tags) => set({ tags })}
        />
      </div>
      <FedBy fedBy={form.fedBy} onChange={(fedBy) => set({ fedBy })} />
      <DependsOn form={form} others={others} onChange={set} />
    </Dialog>
  );
}

interface PowerOffFieldsProps {
  form: Pick<HostForm, 'kind' | 'powerOffCommand' | 'sudo'>;
  onChange: (change: Partial<HostForm>) => void;
}

function powerOffHint(kind: HostForm['kind']): string {
  if (kind === 'other') return 'Needed: nothing is known of this system';
  return platforms[kind].powerOff === null ? 'Empty: in this platform’s own way' : 'Empty: the one shown here';
}

/** What its commands are, where they are not the platform's own affair. */
function PowerOffFields({ form: { kind, powerOffCommand, sudo }, onChange }: PowerOffFieldsProps): ReactElement | null {
  const platform = platforms[kind];
  if (!takesCommand(kind) && !platform.sudo) return null;
  return (
    <div className={styles.form}>
      {takesCommand(kind) && (
        <TextInput
          label="Power off command"
          value={powerOffCommand}
          placeholder={platform.powerOff ?? ''}
          hint={powerOffHint(kind)}
          mono
          onChange={(next) => onChange({ powerOffCommand: next })}
        />
      )}
      {platform.sudo && (
        <Tick
          label="Commands run with sudo"
          hint="sudo -n, without a password; not needed for root"
          isSelected={sudo}
          onChange={(next) => onChange({ sudo: next })}
        />
      )}
    </div>
  );
}
