import type { Bmc, Host } from '../../shared/inventory.ts';
import { platforms, usualPort } from '../../shared/platforms.ts';
import { groupTargets } from '../../shared/target.ts';
import { differs } from '../parts/differs.ts';
import { freshId, losesLetters, slug } from '../plan/ids.ts';
import { managersOf, takesCommand } from './host-kinds.ts';

export interface BmcForm {
  protocol: Bmc['protocol'];
  address: string;
  /** null: the usual one of its protocol. */
  port: number | null;
  user: string;
}

/** The fields as they are typed. Whether they are right is for the main process to say, with its schema. */
export interface HostForm {
  kind: Host['kind'];
  name: string;
  address: string;
  port: number;
  user: string;
  /** It was typed here, and stays whatever the kind. */
  isUserTyped: boolean;
  login: Host['login'];
  oldAlgorithms: boolean;
  /** The id of the host through which it is reached; null: straight. */
  jump: string | null;
  /** The id of the host that manages it; null: none. */
  managedBy: string | null;
  /** The kind for which that was chosen. */
  managedAs: Host['kind'];
  sudo: boolean;
  powerOffCommand: string;
  macs: string;
  secureOn: boolean;
  /** null: it has none that is used. */
  bmc: BmcForm | null;
  fedBy: Host['fedBy'];
  tags: string;
  uses: string[];
  /** The id of a host; null: it is a machine of its own. */
  runsOn: string | null;
  isThisComputer: boolean;
}

export const formOf = (host: Host | null): HostForm => ({
  kind: host?.kind ?? 'linux',
  name: host?.name ?? '',
  address: host?.address ?? '',
  port: host?.port ?? usualPort('linux'),
  user: host?.user ?? platforms.linux.user,
  isUserTyped: false,
  login: host?.login ?? 'key',
  oldAlgorithms: host?.oldAlgorithms ?? false,
  jump: host?.jump ?? null,
  managedBy: host?.managedBy ?? null,
  managedAs: host?.kind ?? 'linux',
  sudo: host?.sudo ?? false,
  powerOffCommand: host?.powerOffCommand ?? '',
  macs: host?.macs.join(', ') ?? '',
  secureOn: host?.secureOn ?? false,
  bmc: host?.bmc ? { ...host.bmc, port: host.bmc.port ?? null } : null,
  fedBy: host?.fedBy ?? { upses: [], need: 'any' },
  tags: host?.tags.join(', ') ?? '',
  uses: host?.uses ?? [],
  runsOn: host?.runsOn ?? null,
  isThisComputer: host?.isThisComputer ?? false,
});

/**
 * Port and user follow the kind until they are others than its usual ones. What a kind cannot have stays in the form: with
 * the arrows one goes through other kinds on the way to the one that is meant.
 */
export function changeHost(form: HostForm, change: Partial<HostForm>): HostForm {
  const next = { ...form, ...change };
  if (change.user !== undefined) next.isUserTyped = true;
  if (change.managedBy !== undefined) next.managedAs = next.kind;
  if (next.kind === form.kind) return next;
  if (form.port === usualPort(form.kind)) next.port = usualPort(next.kind);
  if (!next.isUserTyped && form.user === platforms[form.kind].user) next.user = platforms[next.kind].user;
  return next;
}

/** Something was entered that is not as it was: how it came there does not count. */
export const isHostChanged = (form: HostForm, old: HostForm): boolean =>
  differs({ ...form, isUserTyped: old.isUserTyped, managedAs: old.managedAs }, old);

/** How it signs in: an API takes nothing but a password. */
export const loginOf = ({ kind, login }: Pick<HostForm, 'kind' | 'login'>): Host['login'] =>
  platforms[kind].by === 'soap' ? 'password' : login;

/** What manages it: what was chosen for a kind that is managed otherwise is nothing for this one. */
export const managerOf = ({ kind, managedBy, managedAs }: Pick<HostForm, 'kind' | 'managedBy' | 'managedAs'>) =>
  managersOf(managedAs, [])?.label === managersOf(kind, [])?.label ? managedBy : null;

/** Why it cannot be saved yet, one sentence; null: it can. */
export function missingInHost({ name, address, user, kind, powerOffCommand, bmc }: HostForm): string | null {
  if (name.trim() === '') return 'It needs a name.';
  if (address.trim() === '') return 'It needs an address.';
  if (user.trim() === '') return 'It needs a user.';
  if (kind === 'other' && powerOffCommand.trim() === '') return 'It needs the command that powers it off.';
  if (!platforms[kind].isMachine || bmc === null) return null;
  if (bmc.address.trim() === '') return 'Its management controller needs an address.';
  return bmc.user.trim() === '' ? 'Its management controller needs a user.' : null;
}

export const splitWords = (text: string): string[] => text.split(/[\s,;]+/).filter(Boolean);

/** As a plan can name it. What would become another tag's equal stays as it was typed, and the schema says what a tag may be. */
const tagOf = (typed: string): string => (losesLetters(typed) ? typed : slug(typed));

/** A new host gets an id from its name; an old one keeps its id, its keys and so everything that refers to it. */
export function hostOf(form: HostForm, old: Host | null, taken: ReadonlySet<string>): Host {
  const { by, isMachine, sudo } = platforms[form.kind];
  const managedBy = managerOf(form);
  const address = form.address.trim();
  const command = form.powerOffCommand.trim();
  return {
    id: old?.id ?? freshId(form.name, new Set([...taken, ...groupTargets])),
    name: form.name.trim(),
    kind: form.kind,
    address,
    port: form.port,
    user: form.user.trim(),
    login: loginOf(form),
    // Another address or port may be another machine, and an SSH key is no certificate: it must be confirmed anew.
    hostKeys:
      old && old.address === address && old.port === form.port && platforms[old.kind].by === by ? old.hostKeys : [],
    oldAlgorithms: by === 'ssh' && form.oldAlgorithms,
    sudo: sudo && form.sudo,
    ...(by === 'ssh' && form.jump !== null ? { jump: form.jump } : {}),
    ...(managedBy === null ? {} : { managedBy }),
    ...(takesCommand(form.kind) && command !== '' ? { powerOffCommand: command } : {}),
    macs: isMachine ? splitWords(form.macs) : [],
    secureOn: isMachine && form.secureOn,
    bmc: isMachine && form.bmc ? bmcOf(form.bmc, old?.bmc ?? null) : null,
    fedBy: form.fedBy,
    tags: [...new Set(splitWords(form.tags).map(tagOf))],
    uses: form.uses,
    ...(form.runsOn === null ? {} : { runsOn: form.runsOn }),
    isThisComputer: form.isThisComputer,
  };
}

function bmcOf({ protocol, address, port, user }: BmcForm, old: Bmc | null): Bmc {
  const place = { address: address.trim(), ...(port === null ? {} : { port }) };
  // As with the host itself.
  const isSame = old?.address === place.address && old.port === place.port;
  return { protocol, ...place, user: user.trim(), certificate: isSame ? old.certificate : null };
}
