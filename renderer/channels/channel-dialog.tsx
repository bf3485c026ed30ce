import { type ReactElement, useState } from 'react';
import type { ChannelView } from '../../shared/view.ts';
import { Button } from '../parts/button.tsx';
import { Dialog } from '../parts/dialog.tsx';
import { differs } from '../parts/differs.ts';
import { SelectInput, TextInput, Tick } from '../parts/fields.tsx';
import styles from '../setup/setup.module.css';
import { useSending } from '../setup/use-sending.ts';
import { useSlice } from '../store/live.ts';
import { say } from '../store/ui.ts';
import {
  type ChannelForm,
  type ChannelKind,
  changeChannel,
  channelOf,
  formOfChannel,
  missingInChannel,
  secretOfForm,
} from './channel-form.ts';
import { categories, shapeLabels } from './channel-words.ts';
import { CommandFields, MailFields, WebhookFields } from './kind-fields.tsx';

interface ChannelDialogProps {
  /** null: a new one. */
  view: ChannelView | null;
  onClose: () => void;
}

const kinds: readonly { value: ChannelKind; label: string; group: string }[] = [
  ...(['slack', 'teams', 'discord', 'ntfy', 'json'] as const).map((value) => ({
    value,
    label: shapeLabels[value],
    group: 'Webhooks',
  })),
  { value: 'mail', label: 'E-mail', group: 'Others' },
  { value: 'command', label: 'A program on this computer', group: 'Others' },
];

export function ChannelDialog({ view, onClose }: ChannelDialogProps): ReactElement {
  const { channels } = useSlice('channels');
  const [old] = useState<ChannelForm>(() => formOfChannel(view?.channel ?? null));
  const [form, setForm] = useState<ChannelForm>(old);
  // Chosen once: a second try after a refused secret must not add a second channel.
  const [taken] = useState(() => new Set(channels.map(({ channel }) => channel.id)));
  const { isBusy, fault, send } = useSending();
  const set = (change: Partial<ChannelForm>) => setForm((last) => changeChannel(last, change));
  const missing = missingInChannel(form, view?.hasSecret ? view.channel : null);
  const save = async () => {
    const channel = channelOf(form, view?.channel ?? null, taken);
    if (!(await send('channels.save', { channel }))) return;
    const secret = secretOfForm(form);
    if (secret && !(await send('channels.setSecret', { id: channel.id, ...secret }))) return;
    say(`${channel.name} saved.`);
    onClose();
  };
  const actions = (
    <>
      {missing && <p className={styles.missing}>{missing}</p>}
      <Button label="Cancel" onPress={onClose} />
      <Button
        label="Save channel"
        acts
        look="main"
        isDisabled={missing !== null}
        onPress={() => !isBusy && void save()}
      />
    </>
  );
  return (
    <Dialog
      title={view ? `Edit ${view.channel.name}` : 'Add a channel'}
      onClose={onClose}
      actions={actions}
      fault={fault}
      isChanged={differs(form, old)}
    >
      <div className={styles.form}>
        <TextInput label="Name" value={form.name} onChange={(name) => set({ name })} />
        <SelectInput<ChannelKind> label="Kind" value={form.kind} options={kinds} onChange={(kind) => set({ kind })} />
      </div>
      {form.kind === 'mail' ? (
        <MailFields form={form} hasSecret={view?.hasSecret ?? false} onChange={set} />
      ) : form.kind === 'command' ? (
        <CommandFields form={form} onChange={set} />
      ) : (
        <WebhookFields shape={form.kind} form={form} hasSecret={view?.hasSecret ?? false} onChange={set} />
      )}
      <fieldset className={styles.fieldset}>
        <legend>Tells of</legend>
        <div className={styles.form}>
          {categories.map(({ value, label, hint }) => (
            <Tick
              key={value}
              label={label}
              hint={hint}
              isSelected={form.categories.includes(value)}
              onChange={(isTold) =>
                set({ categories: [...form.categories.filter((each) => each !== value), ...(isTold ? [value] : [])] })
              }
            />
          ))}
        </div>
        <p className={styles.soft}>Besides, it tells what a step of the plan of the kind “Notify” says.</p>
      </fieldset>
    </Dialog>
  );
}
