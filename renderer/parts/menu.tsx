import type { ReactElement } from 'react';
import { Keyboard, Menu, MenuItem, MenuTrigger, Popover, Separator, SubmenuTrigger, Text } from 'react-aria-components';
import { Button } from './button.tsx';
import { cx } from './cx.ts';
import { Icon, type IconName } from './icons.tsx';
import styles from './menu.module.css';

export interface MenuEntry {
  id: string;
  label: string;
  hint?: string;
  icon?: IconName;
  keys?: string;
  isDisabled?: boolean;
  isBad?: boolean;
  /** A line above it. */
  startsGroup?: boolean;
  onAction?: () => void;
  submenu?: readonly MenuEntry[];
}

interface MenuButtonProps {
  label: string;
  icon: IconName;
  entries: readonly MenuEntry[];
}

export function MenuButton({ label, icon, entries }: MenuButtonProps): ReactElement {
  return (
    <MenuTrigger>
      <Button label={label} icon={icon} iconOnly look="quiet" />
      <Popover className={cx(styles.popover)} placement="bottom end">
        <Entries label={label} entries={entries} />
      </Popover>
    </MenuTrigger>
  );
}

function Entries({ label, entries }: { label: string; entries: readonly MenuEntry[] }): ReactElement {
  return (
    <Menu className={cx(styles.menu)} aria-label={label}>
      {entries.flatMap((entry) => [
        ...(entry.startsGroup ? [<Separator key={`${entry.id} line`} className={cx(styles.line)} />] : []),
        entry.submenu ? (
          <SubmenuTrigger key={entry.id}>
            <Item entry={entry} />
            <Popover className={cx(styles.popover)}>
              <Entries label={entry.label} entries={entry.submenu} />
            </Popover>
          </SubmenuTrigger>
        ) : (
          <Item key={entry.id} entry={entry} />
        ),
      ])}
    </Menu>
  );
}

function Item({ entry }: { entry: MenuEntry }): ReactElement {
  return (
    <MenuItem
      id={entry.id}
      className={cx(styles.item, entry.isBad && styles.bad)}
      textValue={entry.label}
      isDisabled={entry.isDisabled ?? false}
      {...(entry.onAction ? { onAction: entry.onAction } : {})}
    >
      <span className={styles.icon}>{entry.icon && <Icon name={entry.icon} />}</span>
      <span className={styles.words}>
        <Text slot="label">{entry.label}</Text>
        {entry.hint && (
          <Text slot="description" className={cx(styles.hint)}>
            {entry.hint}
          </Text>
        )}
      </span>
      {entry.keys && <Keyboard className={cx(styles.keys)}>{entry.keys}</Keyboard>}
      {entry.submenu && <span aria-hidden="true">›</span>}
    </MenuItem>
  );
}
