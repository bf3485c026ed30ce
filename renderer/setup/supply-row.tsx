import type { ReactElement } from 'react';
import type { KnownSupply } from '../../shared/supplies.ts';
import type { PowerView } from '../../shared/view.ts';
import { cx } from '../parts/cx.ts';
import { Fact } from '../parts/fact.tsx';
import { moment } from '../parts/format.ts';
import { MenuButton } from '../parts/menu.tsx';
import { viaWords } from '../supply/supply-names.ts';
import styles from './setup.module.css';
import type { SupplyPopup } from './supplies.tsx';

interface SupplyRowProps {
  supply: KnownSupply;
  /** null: not found since the program was started. */
  power: PowerView | null;
  onPopup: (popup: SupplyPopup) => void;
}

/** A UPS of the rack: how it is reached, whether it is there, whether it may be commanded. */
export function SupplyRow({ supply, power, onPopup }: SupplyRowProps): ReactElement {
  const isThere = power !== null && power.state !== 'lost-contact';
  return (
    <li className={cx(styles.row, styles.plain)}>
      <span className={styles.name}>
        <b>{supply.name}</b>
        <span className={styles.soft}>{power ? viaWords(power.ups) : supply.id}</span>
      </span>
      <span className={styles.facts}>
        <Fact tone={isThere ? 'good' : 'warn'} icon={isThere ? 'check' : 'alert'} words={presence(power)} />
        <Fact
          tone="calm"
          icon={supply.commandsAllowed ? 'terminal' : 'dot'}
          words={supply.commandsAllowed ? 'commands allowed' : 'only read, commands not allowed'}
        />
      </span>
      <span className={styles.actions}>
        <MenuButton
          label={`Actions for ${supply.name}`}
          icon="more"
          entries={[
            { id: 'edit', acts: true, label: 'Edit…', onAction: () => onPopup({ type: 'edit', supply }) },
            {
              id: 'details',
              label: 'What it says…',
              isDisabled: !isThere,
              ...(isThere ? {} : { hint: 'It is not there' }),
              onAction: () => onPopup({ type: 'details', supply }),
            },
            {
              id: 'forget',
              acts: true,
              label: 'Forget…',
              isBad: true,
              startsGroup: true,
              isDisabled: isThere,
              ...(isThere ? { hint: 'It is there: unplug it, or remove its server, first' } : {}),
              onAction: () => onPopup({ type: 'forget', supply }),
            },
          ]}
        />
      </span>
    </li>
  );
}

function presence(power: PowerView | null): string {
  if (!power) return 'missing since Glidepath was started';
  return power.state === 'lost-contact' ? `missing since ${moment(power.since)}` : 'present';
}
