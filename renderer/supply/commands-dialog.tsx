import { type ReactElement, useState } from 'react';
import type { Fault } from '../../shared/fault.ts';
import type { Ups } from '../../shared/reading.ts';
import type { Offer, UpsCommand } from '../../shared/ups-command.ts';
import { Button } from '../parts/button.tsx';
import { Dialog } from '../parts/dialog.tsx';
import { FaultBox } from '../parts/fault-box.tsx';
import { Icon } from '../parts/icons.tsx';
import { useSending } from '../setup/use-sending.ts';
import { useSlice } from '../store/live.ts';
import { goTo, say } from '../store/ui.ts';
import { CommandRow } from './command-row.tsx';
import { commandWords, groups } from './command-words.ts';
import styles from './supply.module.css';

interface CommandsDialogProps {
  ups: Ups;
  name: string;
  onClose: () => void;
}

/** What this UPS takes, and nothing else. Whether it is asked about once more is for the main process to say. */
export function CommandsDialog({ ups, name, onClose }: CommandsDialogProps): ReactElement {
  const { known } = useSlice('supplies');
  const [given, setGiven] = useState<{ command: UpsCommand; sentence: string | null } | null>(null);
  const { isBusy, fault, send } = useSending();
  const isAllowed = known.some((supply) => supply.id === ups.id && supply.commandsAllowed);
  const give = async (offer: Offer, delay: number | null) => {
    setGiven({ command: offer.command, sentence: null });
    const answer = await send('ups.command', { upsId: ups.id, order: { command: offer.command, delay } });
    if (!answer) return;
    setGiven({ command: offer.command, sentence: answer.value.sentence });
    say(answer.value.sentence);
  };
  return (
    <Dialog
      title={`Commands for ${name}`}
      onClose={onClose}
      actions={<Button label="Close" onPress={onClose} />}
      isWide
    >
      {!isAllowed && (
        <div className={styles.notAllowed}>
          <p>Commands to this UPS are not allowed. Until you allow them, Glidepath only reads it.</p>
          <Button
            label="Allow them in Setup"
            onPress={() => {
              onClose();
              goTo('setup');
            }}
          />
        </div>
      )}
      {groups.map((group) => {
        const offers = ups.offers.filter((offer) => commandWords(offer.command).group === group.id);
        if (offers.length === 0) return null;
        return (
          <section key={group.id} className={styles.group} aria-label={group.title}>
            <h3>{group.title}</h3>
            {offers.map((offer) => (
              <CommandRow
                key={offer.command}
                offer={offer}
                isDisabled={!isAllowed || isBusy}
                onGive={(delay) => void give(offer, delay)}
              >
                {given?.command === offer.command && <Outcome sentence={given.sentence} fault={fault} />}
              </CommandRow>
            ))}
          </section>
        );
      })}
    </Dialog>
  );
}

/** What became of the last command: under it, where one looks. Nothing while it is asked, or after a no. */
function Outcome({ sentence, fault }: { sentence: string | null; fault: Fault | null }): ReactElement | null {
  if (fault) return <FaultBox fault={fault} />;
  if (!sentence) return null;
  return (
    <p className={styles.result}>
      {/* No check mark: the sentence may as well say that it was taken and not proven. */}
      <Icon name="terminal" />
      {sentence}
    </p>
  );
}
