import { type ReactElement, useState } from 'react';
import type { Ups } from '../../shared/reading.ts';
import { MenuButton } from '../parts/menu.tsx';
import { openHistory } from '../store/ui.ts';
import { CommandsDialog } from './commands-dialog.tsx';
import { DetailsDialog } from './details-dialog.tsx';

interface SupplyMenuProps {
  ups: Ups;
  name: string;
}

/** What can be done with a UPS, on its card. */
export function SupplyMenu({ ups, name }: SupplyMenuProps): ReactElement {
  const [open, setOpen] = useState<'details' | 'commands' | null>(null);
  const close = () => setOpen(null);
  const takesNone = ups.offers.length === 0;
  return (
    <>
      <MenuButton
        label={`Actions for ${name}`}
        icon="more"
        entries={[
          { id: 'details', label: 'What it says…', icon: 'list', onAction: () => setOpen('details') },
          {
            id: 'commands',
            acts: true,
            label: 'Commands…',
            icon: 'terminal',
            isDisabled: takesNone,
            ...(takesNone ? { hint: 'This UPS takes none' } : {}),
            onAction: () => setOpen('commands'),
          },
          { id: 'history', label: 'History', icon: 'chart', onAction: () => openHistory(ups.id) },
        ]}
      />
      {open === 'details' && <DetailsDialog upsId={ups.id} name={name} onClose={close} />}
      {open === 'commands' && <CommandsDialog ups={ups} name={name} onClose={close} />}
    </>
  );
}
