import type { ReactElement } from 'react';
import type { Host } from '../../shared/inventory.ts';
import { type HostKind, platforms } from '../../shared/platforms.ts';
import { NumberInput, SelectInput, TextInput, Tick } from '../parts/fields.tsx';
import { type HostForm, loginOf, managerOf } from './host-form.ts';
import { jumpsFor, kindHint, kindOptions, managersOf } from './host-kinds.ts';
import styles from './setup.module.css';
import { sameName, samePlace } from './twins.ts';

interface AccessFieldsProps {
  form: HostForm;
  /** Empty: a new one. */
  id: string;
  others: readonly Host[];
  onChange: (change: Partial<HostForm>) => void;
}

/** What a host is, where it is, and how Glidepath signs in to it. */
export function AccessFields({ form, id, others, onChange }: AccessFieldsProps): ReactElement {
  const isSsh = platforms[form.kind].by === 'ssh';
  const login = loginOf(form);
  const manager = managersOf(form.kind, others);
  const managedBy = managerOf(form);
  return (
    <>
      <div className={styles.form}>
        <TextInput
          label="Name"
          value={form.name}
          error={sameName(form, others)}
          onChange={(name) => onChange({ name })}
        />
        <SelectInput<HostKind>
          label="Kind"
          value={form.kind}
          options={kindOptions}
          hint={kindHint(form.kind)}
          onChange={(kind) => onChange({ kind })}
        />
        <TextInput
          label="Address"
          value={form.address}
          hint="An IP address is safer: the name server may be off by then"
          error={samePlace(form, others)}
          onChange={(address) => onChange({ address })}
        />
        <NumberInput
          label={isSsh ? 'SSH port' : 'HTTPS port'}
          value={form.port}
          min={1}
          max={65535}
          onChange={(port) => port !== null && onChange({ port })}
        />
        <TextInput label="User" value={form.user} onChange={(user) => onChange({ user })} />
        <SelectInput
          label="Signs in with"
          value={login}
          options={isSsh ? logins : logins.filter(({ value }) => value === 'password')}
          {...(login === 'agent' ? { hint: agentHint } : {})}
          onChange={(next) => onChange({ login: next })}
        />
        {isSsh && (
          <SelectInput
            label="Reached through"
            value={form.jump ?? ''}
            options={hostOptions('Straight, no jump host', jumpsFor(id, others), form.jump, others)}
            {...(form.jump === null ? {} : { hint: 'It goes down after this host' })}
            onChange={(jump) => onChange({ jump: jump === '' ? null : jump })}
          />
        )}
        {(manager || managedBy !== null) && (
          <SelectInput
            label={manager?.label ?? 'Managed by'}
            value={managedBy ?? ''}
            options={hostOptions('None', manager?.hosts ?? [], managedBy, others)}
            {...(manager ? { hint: manager.hint } : {})}
            onChange={(next) => onChange({ managedBy: next === '' ? null : next })}
          />
        )}
      </div>
      {isSsh && (
        <Tick
          label="Offer old algorithms too"
          hint="They are not taken for safe any more: only for systems that speak no others, as ESXi 5.x"
          isSelected={form.oldAlgorithms}
          onChange={(oldAlgorithms) => onChange({ oldAlgorithms })}
        />
      )}
    </>
  );
}

const agentHint = 'The agent of the user who runs Glidepath: it must be running, with the key, when the mains fail';

const logins: readonly { value: Host['login']; label: string }[] = [
  { value: 'key', label: 'A private key' },
  { value: 'password', label: 'A password' },
  { value: 'agent', label: 'An SSH agent' },
];

/** What was chosen stays in the list though it does not fit any more: it is seen, and can be replaced. */
function hostOptions(
  none: string,
  fitting: readonly Host[],
  chosen: string | null,
  all: readonly Host[],
): { value: string; label: string }[] {
  const options = [{ value: '', label: none }, ...fitting.map(({ id, name }) => ({ value: id, label: name }))];
  if (chosen === null || options.some(({ value }) => value === chosen)) return options;
  const known = all.find(({ id }) => id === chosen);
  return [...options, { value: chosen, label: known ? `${known.name}: does not fit` : `${chosen}: no such host` }];
}
