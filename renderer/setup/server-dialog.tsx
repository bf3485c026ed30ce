import { type ReactElement, useState } from 'react';
import type { ServerView } from '../../shared/view.ts';
import { Button } from '../parts/button.tsx';
import { Dialog } from '../parts/dialog.tsx';
import { differs } from '../parts/differs.ts';
import { NumberInput, SelectInput, TextInput, Tick } from '../parts/fields.tsx';
import { useSlice } from '../store/live.ts';
import { say } from '../store/ui.ts';
import { Certificate } from './certificate.tsx';
import { changeServer, missingIn, type ServerForm, serverFormOf, serverName, serverOf } from './server-form.ts';
import styles from './setup.module.css';
import { useSending } from './use-sending.ts';

interface ServerDialogProps {
  /** null: a new one. */
  view: ServerView | null;
  onClose: () => void;
}

export function ServerDialog({ view, onClose }: ServerDialogProps): ReactElement {
  const { servers } = useSlice('supplies');
  const [old] = useState<ServerForm>(() => serverFormOf(view?.server ?? null));
  const [form, setForm] = useState<ServerForm>(old);
  // Chosen once: a second try after a refused password must not add a second server.
  const [taken] = useState(() => new Set(servers.map(({ server }) => server.id)));
  const { isBusy, fault, send } = useSending();
  const set = (change: Partial<ServerForm>) => setForm((last) => changeServer(last, change));
  const missing = missingIn(form, view?.hasSecret ? view.server : null);
  const save = async () => {
    const server = serverOf(form, view?.server ?? null, taken);
    if (!(await send('servers.save', { server }))) return;
    const needsPassword = form.kind === 'nut' && form.password !== '';
    if (needsPassword && !(await send('servers.setPassword', { id: server.id, password: form.password }))) return;
    say(`${serverName(server)} saved.`);
    onClose();
  };
  const actions = (
    <>
      {missing && <p className={styles.missing}>{missing}</p>}
      <Button label="Cancel" onPress={onClose} />
      <Button
        label="Save server"
        acts
        look="main"
        isDisabled={missing !== null}
        onPress={() => !isBusy && void save()}
      />
    </>
  );
  return (
    <Dialog
      title={view ? `Edit ${serverName(view.server)}` : 'Add a UPS server'}
      onClose={onClose}
      actions={actions}
      fault={fault}
      isChanged={differs(form, old)}
    >
      <div className={styles.form}>
        <SelectInput
          label="Kind"
          value={form.kind}
          options={[
            { value: 'nut', label: 'NUT (upsd)' },
            { value: 'apcupsd', label: 'apcupsd' },
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
          label="Port"
          value={form.port}
          min={1}
          max={65535}
          onChange={(port) => port !== null && set({ port })}
        />
        {form.kind === 'nut' && (
          <>
            <TextInput
              label="User"
              value={form.user}
              hint="Only for commands, or if its upsd wants a login"
              onChange={(user) => set({ user })}
            />
            <TextInput
              label="Password"
              type="password"
              value={form.password}
              hint={view?.hasSecret ? 'One is kept; empty leaves it as it is' : ''}
              onChange={(password) => set({ password })}
            />
            <Tick
              label="Encrypted (TLS)"
              hint="Else its password crosses the network in plain text"
              isSelected={form.isEncrypted}
              onChange={(isEncrypted) => set({ isEncrypted })}
            />
          </>
        )}
      </div>
      {form.kind === 'nut' && form.isEncrypted && (
        <Certificate
          // What was read at another address is not shown for this one.
          key={`${form.address.trim()}:${form.port}`}
          address={form.address}
          port={form.port}
          certificate={form.certificate}
          onChange={(certificate) => set({ certificate })}
        />
      )}
    </Dialog>
  );
}
