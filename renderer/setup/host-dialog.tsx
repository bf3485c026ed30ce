import { type ReactElement, useState } from 'react';
import type { Host } from '../../shared/inventory.ts';
import { Button } from '../parts/button.tsx';
import { Dialog } from '../parts/dialog.tsx';
import { FaultBox } from '../parts/fault-box.tsx';
import { NumberInput, SelectInput, TextInput, Tick } from '../parts/fields.tsx';
import { useSlice } from '../store/live.ts';
import { say } from '../store/ui.ts';
import { DependsOn } from './depends-on.tsx';
import { FedBy } from './fed-by.tsx';
import { formOf, type HostForm, hostOf } from './host-form.ts';
import styles from './setup.module.css';
import { useSending } from './use-sending.ts';

interface HostDialogProps {
  /** null: a new one. */
  host: Host | null;
  onClose: () => void;
}

export function HostDialog({ host, onClose }: HostDialogProps): ReactElement {
  const { hosts } = useSlice('hosts');
  const [form, setForm] = useState<HostForm>(() => formOf(host));
  const { isBusy, fault, send } = useSending();
  const set = (change: Partial<HostForm>) => setForm((old) => ({ ...old, ...change }));
  const isFilled = form.name.trim() !== '' && form.address.trim() !== '' && form.user.trim() !== '';
  const save = async () => {
    const taken = new Set(hosts.map((each) => each.host.id));
    const next = hostOf(form, host, taken);
    if (!(await send('hosts.save', { host: next }))) return;
    say(`${next.name} saved.`);
    onClose();
  };
  const actions = (
    <>
      <Button label="Cancel" onPress={onClose} />
      <Button label="Save host" acts look="main" isDisabled={!isFilled || isBusy} onPress={() => void save()} />
    </>
  );
  return (
    <Dialog title={host ? `Edit ${host.name}` : 'Add a host'} onClose={onClose} actions={actions}>
      <div className={styles.form}>
        <TextInput label="Name" value={form.name} onChange={(name) => set({ name })} />
        <SelectInput
          label="Kind"
          value={form.kind}
          options={[
            { value: 'linux', label: 'Linux, or anything with a shell' },
            { value: 'esxi', label: 'ESXi' },
          ]}
          onChange={(kind) => set({ kind })}
        />
        <TextInput
          label="Address"
          value={form.address}
          hint="An IP address is safer: the name server may be off by then"
          onChange={(address) => set({ address })}
        />
        <NumberInput
          label="SSH port"
          value={form.port}
          min={1}
          max={65535}
          onChange={(port) => port !== null && set({ port })}
        />
        <TextInput label="User" value={form.user} onChange={(user) => set({ user })} />
        <SelectInput
          label="Signs in with"
          value={form.login}
          options={[
            { value: 'key', label: 'A private key' },
            { value: 'password', label: 'A password' },
          ]}
          onChange={(login) => set({ login })}
        />
        {form.kind === 'linux' && (
          <>
            <TextInput
              label="Power off command"
              value={form.powerOffCommand}
              mono
              onChange={(powerOffCommand) => set({ powerOffCommand })}
            />
            <Tick
              label="Run it with sudo"
              hint="sudo -n, without a password"
              isSelected={form.sudo}
              onChange={(sudo) => set({ sudo })}
            />
          </>
        )}
        <TextInput
          label="MAC addresses"
          value={form.macs}
          placeholder="00:11:22:33:44:55"
          hint="For wake-on-LAN; several with commas"
          mono
          onChange={(macs) => set({ macs })}
        />
        <TextInput
          label="Tags"
          value={form.tags}
          placeholder="storage, lab"
          hint="Steps can be aimed at all hosts of a tag"
          onChange={(tags) => set({ tags })}
        />
      </div>
      <FedBy fedBy={form.fedBy} onChange={(fedBy) => set({ fedBy })} />
      <DependsOn
        form={form}
        others={hosts.map((each) => each.host).filter((each) => each.id !== host?.id)}
        onChange={set}
      />
      {fault && <FaultBox fault={fault} />}
    </Dialog>
  );
}
