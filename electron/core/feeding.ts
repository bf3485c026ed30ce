import { asFed } from '../../shared/as-fed.ts';
import type { Host } from '../../shared/inventory.ts';
import { listed } from '../../shared/listed.ts';
import type { Sequence } from '../../shared/sequence.ts';
import type { CriticalHost } from '../../shared/view.ts';
import { isFailing } from './failing.ts';
import { isSilent, type Moment, type Monitored, powerState, proofLasts } from './monitor.ts';
import { withDependents } from './plan/dependents.ts';
import { targetOf } from './plan/target-of.ts';

/** Hosts that hang on the same UPSes in the same way: they lose their power together. */
export interface FedGroup {
  hosts: readonly Host[];
  /** `all`: they go down with the first of the UPSes; `any`: one of them is enough. */
  need: 'any' | 'all';
  /** Those of its UPSes that are known. A name that nobody knows gives no proof of anything. */
  supplies: readonly Monitored[];
  /** Its hosts lose their power when the batteries now in use are empty. */
  failing: boolean;
  /** It fails, or would if what a UPS has only hinted at were confirmed. */
  threatened: boolean;
  /** It is not failing, and has the word of a UPS of its own that the mains are there; of each that failed. */
  mains: boolean;
  /** Those of its UPSes for whose failure the run was begun. */
  failed: readonly Monitored[];
}

/** The power as the hosts of a plan see it. A UPS that feeds none of them has no say. */
export interface PlanPower {
  groups: readonly FedGroup[];
  /** At least one group is failing, with proof. */
  failing: boolean;
  /** Each group has the mains. */
  mains: boolean;
  /** Every UPS that has been seen or is known, whether it feeds a host or not. */
  everyone: readonly Monitored[];
}

/** What finds the UPS behind an id that a host names; undefined: nobody knows it. */
export type Find = (upsId: string) => Monitored | undefined;

/**
 * One that said a moment ago that the mains are there still proves it, so that a blip of its cable is no outage; and
 * one that has only just been found is given the time to speak.
 */
function mayProveMains(one: Monitored, at: Moment): boolean {
  if (isFailing(one, at)) return false;
  const since = one.confirmed === 'mains' ? (one.mainsSaidMono ?? one.watchedMono) : one.watchedMono;
  return at.mono - since <= proofLasts;
}

/** The hosts that steps of the sequence are aimed at, with what feeds them. `hosts`: all there are. */
export function hostsOf(sequence: Sequence, hosts: readonly Host[]): Host[] {
  const targets = new Set(
    [...sequence.stages, ...sequence.returnStages].flatMap((stage) => stage.steps.map((step) => targetOf(step))),
  );
  return asFed(hosts).filter((host) => targets.has(host.id));
}

/**
 * Judges the power for these hosts. Without any host it is as for one that hangs on every UPS there is. `failed`: the
 * UPSes for whose failure a run was begun.
 */
export function planPower(
  hosts: readonly Host[],
  everyone: readonly Monitored[],
  at: Moment,
  find: Find = (id) => everyone.find((one) => one.ups.id === id),
  failed: readonly string[] = [],
): PlanPower {
  const byFeed = new Map<string, Host[]>();
  for (const host of hosts) {
    const { upses, need } = host.fedBy;
    const key = upses.length === 0 ? '' : JSON.stringify([need, ...[...new Set(upses)].sort()]);
    byFeed.set(key, [...(byFeed.get(key) ?? []), host]);
  }
  const all = { everyone, at, find, failed: found(failed, find) };
  const fed = byFeed.size > 0 ? [...byFeed.values()] : [[]];
  const standing = fed.map((hosts) => groupOf(hosts, all));
  const groups = standing.map((group) => ({ ...group, mains: !group.failing && hasMains(group, standing, at) }));
  const failing = groups.some((group) => group.failing);
  return { groups, failing, mains: groups.every((group) => group.mains), everyone };
}

/** The UPSes that fail and feed hosts of these groups. */
export const failedIn = (groups: readonly FedGroup[], at: Moment): Monitored[] => [
  ...new Set(groups.flatMap((group) => group.supplies.filter((one) => isFailing(one, at)))),
];

interface All {
  everyone: readonly Monitored[];
  at: Moment;
  find: Find;
  failed: readonly Monitored[];
}

const found = (ids: readonly string[], find: Find): Monitored[] =>
  [...new Set(ids.map(find))].filter((one) => one !== undefined);

function groupOf(hosts: readonly Host[], { everyone, at, find, failed }: All): Omit<FedGroup, 'mains'> {
  const { upses, need } = hosts[0]?.fedBy ?? { upses: [], need: 'all' as const };
  // Not known what feeds it: it is taken to go down with any UPS there is.
  if (upses.length === 0) {
    const supplies = everyone.filter((one) => !one.unseen || failed.includes(one));
    const failing = supplies.some((one) => isFailing(one, at));
    return { hosts, need: 'all', supplies, failing, threatened: failing || supplies.some(isHinting), failed };
  }
  const supplies = found(upses, find);
  const failing = losesPower(need, supplies, at, (one) => isFailing(one, at));
  const threatened = losesPower(need, supplies, at, (one) => isFailing(one, at) || isHinting(one));
  return { hosts, need, supplies, failing, threatened, failed: failed.filter((one) => supplies.includes(one)) };
}

/** Whether hosts lose their power by those that fail, or would. */
function losesPower(
  need: FedGroup['need'],
  supplies: readonly Monitored[],
  at: Moment,
  fails: (one: Monitored) => boolean,
): boolean {
  if (!supplies.some(fails)) return false;
  return need === 'all' || !supplies.some((one) => !fails(one) && mayProveMains(one, at));
}

/** It has spoken of battery, and nothing has confirmed that yet. */
const isHinting = ({ evidence, lostMono }: Monitored): boolean => evidence?.source === 'battery' && lostMono === null;

/** A group none of whose UPSes is known, while others are, goes by those. */
function hasMains(group: Omit<FedGroup, 'mains'>, groups: readonly Omit<FedGroup, 'mains'>[], at: Moment): boolean {
  const says = (one: Monitored) => powerState(one, at) === 'mains' && !isFailing(one, at);
  if (group.supplies.length === 0) return groups.some((other) => other.supplies.some(says));
  return group.supplies.some(says) && (group.need === 'any' || group.failed.every(says));
}

/**
 * The hosts that lose their power when the batteries now in use are empty, and those that cannot work without them, each
 * with why. `hosts`: all there are, for what depends on what.
 */
export function criticalHosts(power: PlanPower, at: Moment, hosts: readonly Host[] = []): CriticalHost[] {
  const why = new Map<string, string>();
  for (const group of power.groups) {
    if (!group.failing) continue;
    const shown = group.need === 'all' ? group.supplies.filter((one) => isFailing(one, at)) : group.supplies;
    const fed = `fed by ${shown.map((one) => `${one.ups.name}, ${standing(one, at)}`).join(' and ')}`;
    for (const host of group.hosts) why.set(host.id, fed);
  }
  const byId = new Map(hosts.map((host) => [host.id, host]));
  for (const [id, how] of withDependents(why.keys(), hosts)) {
    const host = byId.get(id);
    if (!host || why.has(id)) continue;
    const carriers = [...host.uses, ...(host.runsOn === undefined ? [] : [host.runsOn])];
    const carrier = carriers.find((each) => why.has(each) && how.endsWith(` ${byId.get(each)?.name}`));
    const carried = carrier === undefined ? undefined : why.get(carrier);
    why.set(id, carried === undefined ? how : `${how}, which ${carried.startsWith('fed ') ? 'is ' : ''}${carried}`);
  }
  return [...why].map(([hostId, each]) => ({ hostId, why: each }));
}

function standing(one: Monitored, at: Moment): string {
  if (one.confirmed === 'battery') return isSilent(one, at) ? 'silent since it was on battery' : 'on battery';
  if (isFailing(one, at)) return 'told to shut down';
  return one.unseen ? 'not seen' : isSilent(one, at) ? 'silent' : 'which has not told where its power comes from';
}

/** Why UPSes that fail start nothing, one sentence; null: none fails, or a group does. */
export function whyNothing(power: PlanPower, at: Moment): string | null {
  const failing = power.everyone.filter((one) => isFailing(one, at));
  const [first] = failing;
  if (power.failing || !first) return null;
  const names = failing.map((one) => one.ups.name).join(' and ');
  const touched = power.groups.filter((group) => group.supplies.some((one) => isFailing(one, at)));
  const verb = failing.length === 1 ? 'is' : 'are';
  if (touched.length === 0) {
    return `${names} ${verb} on battery and ${failing.length === 1 ? 'feeds' : 'feed'} no host of the plan`;
  }
  const carriers = [...new Set(touched.flatMap((group) => group.supplies.filter((one) => mayProveMains(one, at))))];
  const carrier = carriers.map((one) => one.ups.name).join(' and ');
  const hosts = listed(touched.flatMap((group) => group.hosts.map((host) => host.name)));
  return `${names} ${verb} on battery, and ${carrier} ${carriers.length === 1 ? 'carries' : 'carry'} ${hosts}`;
}
