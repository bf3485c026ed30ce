import type { ReactElement } from 'react';
import {
  Header,
  Keyboard,
  Menu,
  MenuItem,
  MenuSection,
  MenuTrigger,
  Popover,
  Separator,
  SubmenuTrigger,
  Text,
} from 'react-aria-components';
import { useIsWatching } from '../store/controller.ts';
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
  /** It changes something, which this window may not do while another Glidepath is in control. */
  acts?: boolean;
  /** A line above it. */
  startsGroup?: boolean;
  /** What it stands under, next to the others of it. All entries of a menu have one, or none. */
  heading?: string;
  onAction?: () => void;
  submenu?: readonly MenuEntry[];
}

interface MenuButtonProps {
  label: string;
  icon: IconName;
  entries: readonly MenuEntry[];
  /** Shows its label beside the icon. */
  isWide?: boolean;
}

export function MenuButton({ label, icon, entries, isWide = false }: MenuButtonProps): ReactElement {
  return (
    <MenuTrigger>
      <Button label={label} icon={icon} iconOnly={!isWide} look="quiet" />
      <Popover className={cx(styles.popover)} placement="bottom end">
        <Entries label={label} entries={entries} />
      </Popover>
    </MenuTrigger>
  );
}

function Entries({ label, entries }: { label: string; entries: readonly MenuEntry[] }): ReactElement {
  const headings = [...new Set(entries.flatMap(({ heading }) => heading ?? []))];
  return (
    <Menu className={cx(styles.menu)} aria-label={label}>
      {headings.length === 0
        ? listed(entries)
        : headings.map((heading) => (
            <MenuSection key={heading} className={cx(styles.section)}>
              <Header className={cx(styles.heading)}>{heading}</Header>
              {listed(entries.filter((entry) => entry.heading === heading))}
            </MenuSection>
          ))}
    </Menu>
  );
}

const listed = (entries: readonly MenuEntry[]): ReactElement[] =>
  entries.flatMap((entry) => [
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
  ]);

function Item({ entry }: { entry: MenuEntry }): ReactElement {
  const isWatching = useIsWatching() && entry.acts === true;
  const hint = isWatching ? 'The Glidepath service is in control' : entry.hint;
  return (
    <MenuItem
      id={entry.id}
      className={cx(styles.item, entry.isBad && styles.bad)}
      textValue={entry.label}
      isDisabled={isWatching || (entry.isDisabled ?? false)}
      {...(entry.onAction ? { onAction: entry.onAction } : {})}
    >
      <span className={styles.icon}>{entry.icon && <Icon name={entry.icon} />}</span>
      <span className={styles.words}>
        <Text slot="label">{entry.label}</Text>
        {hint && (
          <Text slot="description" className={cx(styles.hint)}>
            {hint}
          </Text>
        )}
      </span>
      {entry.keys && <Keyboard className={cx(styles.keys)}>{entry.keys}</Keyboard>}
      {entry.submenu && <span aria-hidden="true">›</span>}
    </MenuItem>
  );
}
