import type { ReactElement } from 'react';
import type { KeyOwner } from '../../shared/inventory.ts';
import { platforms, usualPort } from '../../shared/platforms.ts';
import type { SecretSlot } from '../../shared/secret-slot.ts';
import type { HostView } from '../../shared/view.ts';
import { Button } from '../parts/button.tsx';
import { cx } from '../parts/cx.ts';
import { Fact } from '../parts/fact.tsx';
import { MenuButton } from '../parts/menu.tsx';
import { useSlice } from '../store/live.ts';
import { useSupplies } from '../supply/use-supplies.ts';
import { fedByWords } from './fed-by-words.ts';
import { cannotBeWoken, hostFacts } from './host-facts.ts';
import { isConfirmed, isKept, keyNoun, keyOwnersOf, secretWords, slotsOf } from './host-secrets.ts';
import type { HostPopup } from './hosts.tsx';
import styles from './setup.module.css';

interface HostRowProps {
  view: HostView;
  onPopup: (popup: HostPopup) => void;
}

/** More would push its name away; the menu has them all. */
const mostButtons = 2;

/** A host with what it needs before anything is sent to it: its key confirmed, its secrets kept. */
export function HostRow({ view, onPopup }: HostRowProps): ReactElement {
  const { host } = view;
  const { all, nameOf } = useSupplies();
  // A guest of which nothing is said has the power of what it runs on, and that is told.
  const isCarried = host.fedBy.upses.length === 0 && host.runsOn !== undefined;
  const fed = isCarried ? null : fedByWords(host.fedBy, all.length, nameOf);
  const hosts = useSlice('hosts').hosts.map((each) => each.host);
  const needs = [
    ...keyOwnersOf(host).map((of) => keyNeed(of, view)),
    ...slotsOf(host).map((slot) => secretNeed(slot, view)),
  ];
  const unmet = needs.filter((need) => !need.isMet);
  return (
    <li className={cx(styles.row, unmet.length === 0 && styles.plain)}>
      <span className={styles.name}>
        <b>{host.name}</b>
        <span className={styles.soft}>
          {`${platforms[host.kind].label} · ${host.user}`}
          <wbr />
          {`@${host.address}${host.port === usualPort(host.kind) ? '' : `:${host.port}`}`}
        </span>
      </span>
      <span className={styles.facts}>
        {needs.map(({ isMet, words }) => (
          <Need key={words} isMet={isMet} words={words} />
        ))}
        {cannotBeWoken(host) && <Need isMet={false} words="no MAC, cannot be woken" />}
        {fed && <Fact tone="calm" icon="plug" words={fed} />}
        {hostFacts(host, hosts).map((words) => (
          <Fact key={words} tone="calm" icon="dot" words={words} />
        ))}
      </span>
      <span className={styles.actions}>
        <span className={styles.fixes}>
          {unmet.slice(0, mostButtons).map(({ fix, popup }, at) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: what is next takes the place, and so the focus, of what was done.
            <Button key={at} label={fix} acts onPress={() => onPopup(popup)} />
          ))}
        </span>
        <MenuButton
          label={`Actions for ${host.name}`}
          icon="more"
          entries={[
            { id: 'edit', acts: true, label: 'Edit…', onAction: () => onPopup({ type: 'edit', view }) },
            ...slotsOf(host).map((slot) => ({
              id: `secret ${slot}`,
              acts: true,
              label: `Set ${secretWords(slot, host).noun}…`,
              onAction: () => onPopup({ type: 'secret', view, slot }),
            })),
            ...keyOwnersOf(host).map((of) => ({
              id: `key ${of}`,
              acts: true,
              label: `Read ${keyNoun(of, host)}…`,
              onAction: () => onPopup({ type: 'key', view, of }),
            })),
            {
              id: 'remove',
              acts: true,
              label: 'Remove…',
              isBad: true,
              startsGroup: true,
              onAction: () => onPopup({ type: 'remove', view }),
            },
          ]}
        />
      </span>
    </li>
  );
}

/** What a host needs, whether it has it, and the way to it. */
interface HostNeed {
  isMet: boolean;
  words: string;
  /** The button's label. */
  fix: string;
  popup: HostPopup;
}

function keyNeed(of: KeyOwner, view: HostView): HostNeed {
  const noun = keyNoun(of, view.host);
  const isMet = isConfirmed(of, view.host);
  const words = `${noun} ${isMet ? 'confirmed' : 'not confirmed'}`;
  return { isMet, words, fix: `Confirm ${noun}…`, popup: { type: 'key', view, of } };
}

function secretNeed(slot: SecretSlot, view: HostView): HostNeed {
  const { noun } = secretWords(slot, view.host);
  const isMet = isKept(slot, view);
  return {
    isMet,
    words: isMet ? `${noun} set` : `no ${noun}`,
    fix: `Set ${noun}…`,
    popup: { type: 'secret', view, slot },
  };
}

function Need({ isMet, words }: { isMet: boolean; words: string }): ReactElement {
  return <Fact tone={isMet ? 'good' : 'warn'} icon={isMet ? 'check' : 'alert'} words={words} />;
}
