import type { ReactElement } from 'react';
import type { MailChannel, WebhookChannel } from '../../shared/channels.ts';
import { NumberInput, SelectInput, TextInput } from '../parts/fields.tsx';
import { Icon } from '../parts/icons.tsx';
import styles from '../setup/setup.module.css';
import type { ChannelForm } from './channel-form.ts';
import { securities, urlHints } from './channel-words.ts';

interface FieldsProps {
  form: ChannelForm;
  onChange: (change: Partial<ChannelForm>) => void;
}

interface SecretProps extends FieldsProps {
  /** What was entered before is kept, and never shown. */
  hasSecret: boolean;
}

/** The URL is as good as a password, so it is entered like one. */
export function WebhookFields(props: SecretProps & { shape: WebhookChannel['shape'] }): ReactElement {
  const { shape, form, hasSecret, onChange } = props;
  const wantsToken = shape === 'ntfy' || shape === 'json';
  return (
    <>
      <TextInput
        label="URL"
        type="password"
        value={form.url}
        hint={`${hasSecret ? 'One is kept; empty leaves it as it is. ' : ''}${urlHints[shape]}`}
        onChange={(url) => onChange({ url })}
      />
      {/^\s*http:/i.test(form.url) && <InTheClear />}
      {wantsToken && (
        <TextInput
          label="Token, if it wants one"
          type="password"
          value={form.token}
          hint={`Sent as “Authorization: Bearer”.${hasSecret ? ' With a new URL it is entered anew.' : ''}`}
          onChange={(token) => onChange({ token })}
        />
      )}
    </>
  );
}

export function MailFields({ form, hasSecret, onChange }: SecretProps): ReactElement {
  return (
    <>
      <div className={styles.form}>
        <TextInput label="Mail server" value={form.server} onChange={(server) => onChange({ server })} />
        <SelectInput<MailChannel['security']>
          label="Encryption"
          value={form.security}
          options={securities}
          onChange={(security) => onChange({ security })}
        />
        <NumberInput
          label="Port"
          value={form.port}
          min={1}
          max={65535}
          onChange={(port) => port !== null && onChange({ port })}
        />
        <TextInput
          label="User"
          value={form.user}
          hint="Empty: without a login"
          onChange={(user) => onChange({ user })}
        />
        <TextInput
          label="Password"
          type="password"
          value={form.password}
          hint={hasSecret ? 'One is kept; empty leaves it as it is' : ''}
          onChange={(password) => onChange({ password })}
        />
        <TextInput
          label="From"
          value={form.from}
          placeholder="ups@example.com"
          onChange={(from) => onChange({ from })}
        />
      </div>
      <TextInput
        label="To"
        value={form.to}
        placeholder="ada@example.com"
        hint="Several with commas, 10 at most"
        onChange={(to) => onChange({ to })}
      />
      {form.security === 'none' && <InTheClear />}
    </>
  );
}

export function CommandFields({ form, onChange }: FieldsProps): ReactElement {
  return (
    <>
      <TextInput
        label="Program"
        value={form.program}
        mono
        placeholder="/usr/local/bin/tell"
        hint="With its whole path. It gets title and text on its standard input."
        onChange={(program) => onChange({ program })}
      />
      <TextInput
        label="Arguments"
        value={form.arguments}
        lines={3}
        mono
        hint="One a line; no shell reads them"
        onChange={(next) => onChange({ arguments: next })}
      />
    </>
  );
}

function InTheClear(): ReactElement {
  return (
    <p className={styles.warning}>
      <Icon name="alert" />
      Not encrypted: whoever listens on the network reads the messages, and what signs in.
    </p>
  );
}
