import type { Host } from '../../shared/inventory.ts';
import type { Sequence } from '../../shared/sequence.ts';
import type { CriticalHost } from '../../shared/view.ts';
import { isFailing, isSilent, type Moment, type Monitored, powerState } from './monitor.ts';
import { targetOf } from './problems.ts';

/** Hosts that hang on the same UPSes in the same way: they lose their power together. */
export interface FedGroup {
  hosts: readonly Host[];
  /** `all`: they go down with the first of the UPSes; `any`: one of them is enough. */
  need: 'any' | 'all';
  /** Those of its UPSes that are known. A name that nobody knows gives no proof of anything. */
  supplies: readonly Monitored[];
  /** Its hosts lose their power when the batteries now in use are empty. */
  failing: boolean;
}

/** The power as the hosts of a plan see it. A UPS that feeds none of them has no say. */
export interface PlanPower {
  groups: readonly FedGroup[];
  /** At least one group is failing, with proof. */
  failing: boolean;
  /** None is failing, and one UPS at least says, confirmed, that the mains are there. */
  mains: boolean;
  /** Every UPS that has been seen or is known, whether it feeds a host or not. */
  everyone: readonly Monitored[];
}

/** What finds the UPS behind an id that a host names; undefined: nobody knows it. */
export type Find = (upsId: string) => Monitored | undefined;

/** Ms without a word after which a UPS no longer proves that the mains are there (NUT's DEADTIME). */
const proofLasts = 15_000;

/**
 * One that was heard on mains a moment ago still proves it, so that a blip of its cable is no outage; and one that
 * has only just been found is given the time to speak.
 */
function mayProveMains(one: Monitored, at: Moment): boolean {
  if (isFailing(one)) return false;
  const since = one.confirmed === 'mains' ? one.heardMono : one.watchedMono;
  return at.mono - since <= proofLasts;
}

/** The hosts that steps of the sequence are aimed at. */
export function hostsOf(sequence: Sequence, hosts: readonly Host[]): Host[] {
  const targets = new Set(
    [...sequence.stages, ...sequence.returnStages].flatMap((stage) => stage.steps.map((step) => targetOf(step))),
  );
  return hosts.filter((host) => targets.has(host.id));
}

/** Judges the power for these hosts. Without any host it is as for one that hangs on every UPS there is. */
export function planPower(
  hosts: readonly Host[],
  everyone: readonly Monitored[],
  at: Moment,
  find: Find = (id) => everyone.find((one) => one.ups.id === id),
): PlanPower {
  const byFeed = new Map<string, Host[]>();
  for (const host of hosts) {
    const { upses, need } = host.fedBy;
    const key = upses.length === 0 ? '' : JSON.stringify([need, ...[...new Set(upses)].sort()]);
    byFeed.set(key, [...(byFeed.get(key) ?? []), host]);
  }
  const seen = everyone.filter((one) => !one.unseen);
  const groups = [...byFeed.values()].map((fed) => groupOf(fed, seen, at, find));
  if (groups.length === 0) groups.push({ hosts: [], need: 'all', supplies: seen, failing: seen.some(isFailing) });
  const failing = groups.some((group) => group.failing);
  const saysMains = groups.some((group) =>
    group.supplies.some((one) => !isFailing(one) && powerState(one, at) === 'mains'),
  );
  return { groups, failing, mains: !failing && saysMains, everyone };
}

function groupOf(hosts: readonly Host[], seen: readonly Monitored[], at: Moment, find: Find): FedGroup {
  const { upses, need } = (hosts[0] as Host).fedBy;
  // Not known what feeds it: it is taken to go down with any UPS there is.
  if (upses.length === 0) return { hosts, need: 'all', supplies: seen, failing: seen.some(isFailing) };
  const supplies = [...new Set(upses.map(find))].filter((one) => one !== undefined);
  const proven = supplies.some(isFailing);
  const failing = need === 'all' ? proven : proven && !supplies.some((one) => mayProveMains(one, at));
  return { hosts, need, supplies, failing };
}

/** The hosts that lose their power when the batteries now in use are empty, each with why. */
export function criticalHosts(power: PlanPower, at: Moment): CriticalHost[] {
  return power.groups
    .filter((group) => group.failing)
    .flatMap((group) => {
      const shown = group.need === 'all' ? group.supplies.filter(isFailing) : group.supplies;
      const why = `fed by ${shown.map((one) => `${one.ups.name}, ${standing(one, at)}`).join(' and ')}`;
      return group.hosts.map((host) => ({ hostId: host.id, why }));
    });
}

function standing(one: Monitored, at: Moment): string {
  if (one.confirmed === 'battery') return isSilent(one, at) ? 'silent since it was on battery' : 'on battery';
  if (isFailing(one)) return 'told to shut down';
  return one.unseen ? 'not seen' : isSilent(one, at) ? 'silent' : 'which has not told where its power comes from';
}

/** Why UPSes that fail start nothing, one sentence; null: none fails, or a group does. */
export function whyNothing(power: PlanPower): string | null {
  const failing = power.everyone.filter(isFailing);
  const [first] = failing;
  if (power.failing || !first) return null;
  const names = failing.map((one) => one.ups.name).join(' and ');
  const touched = power.groups.filter((group) => group.supplies.some(isFailing));
  const verb = failing.length === 1 ? 'is' : 'are';
  if (touched.length === 0) {
    return `${names} ${verb} on battery and ${failing.length === 1 ? 'feeds' : 'feed'} no host of the plan`;
  }
  const carriers = [...new Set(touched.flatMap((group) => group.supplies.filter((one) => !isFailing(one))))];
  const carrier = carriers.map((one) => one.ups.name).join(' and ');
  const hosts = touched.flatMap((group) => group.hosts.map((host) => host.name)).join(', ');
  return `${names} ${verb} on battery, and ${carrier} ${carriers.length === 1 ? 'carries' : 'carry'} ${hosts}`;
}
