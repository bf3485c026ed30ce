import type { Host } from '../../../shared/inventory.ts';
import type { Ups } from '../../../shared/reading.ts';
import type { PowerView } from '../../../shared/view.ts';
import { ModelSupply } from './supply.ts';

/** How a host hangs on its UPSes. */
interface Feed {
  need: 'any' | 'all';
  /** With the percent of its nominal power that the host draws while all of them feed it. */
  from: { supply: ModelSupply; share: number }[];
}

/**
 * The UPSes, their mains and what hangs on them. The present load of a UPS is shared equally by its hosts: nobody has
 * measured them one by one. A host that several feed draws from those that are left.
 */
export class PowerRoom {
  readonly supplies: readonly ModelSupply[];
  readonly #feeds: ReadonlyMap<string, Feed>;
  /** Those whose mains fail: that run from their batteries now, and if none does, all. */
  readonly #failing: readonly ModelSupply[];

  /**
   * @param powers what the UPSes say now; one that a host names and nobody sees is played with a full battery of an hour
   * @param factor the load, as a multiple of the present one
   */
  constructor(hosts: readonly Host[], powers: readonly PowerView[], factor: number) {
    const views = new Map(powers.map((view) => [view.ups.id, view]));
    const known = new Set(hosts.map((host) => host.id));
    // What runs on another host has its power, and draws what that one draws.
    const fed = hosts.filter(({ runsOn }) => runsOn === undefined || !known.has(runsOn));
    const ids = new Set([...views.keys(), ...fed.flatMap((host) => host.fedBy.upses)]);
    if (ids.size === 0) ids.add('model');
    this.supplies = [...ids].map((id) => {
      const view = views.get(id) ?? null;
      return new ModelSupply(view?.ups ?? modelUps(id), view, factor);
    });
    const onBattery = this.supplies.filter(({ ups }) => isOnBattery(views.get(ups.id)));
    this.#failing = onBattery.length > 0 ? onBattery : this.supplies;
    this.#feeds = new Map(fed.map((host) => [host.id, feedOf(host, this.supplies)]));
    const all = [...this.#feeds.values()].flatMap(({ from }) => from);
    const hanging = new Map<ModelSupply, number>();
    for (const { supply } of all) hanging.set(supply, (hanging.get(supply) ?? 0) + 1);
    for (const each of all) each.share = each.supply.fullLoad / (hanging.get(each.supply) ?? 1);
  }

  /** The mains fail, or are back. */
  setMains(hasMains: boolean): void {
    for (const supply of this.#failing) supply.hasMains = hasMains;
  }

  get hasMains(): boolean {
    return this.supplies.every((supply) => supply.hasMains);
  }

  /** There is power for it. What runs on another host has it as long as that one is on. */
  isFed(hostId: string): boolean {
    return this.#hasOf(hostId, ({ isUp }) => isUp);
  }

  /** There will be power for it, however long the outage lasts. */
  isSafe(hostId: string): boolean {
    return this.#hasOf(hostId, ({ hasMains }) => hasMains);
  }

  #hasOf(hostId: string, gives: (supply: ModelSupply) => boolean): boolean {
    const feed = this.#feeds.get(hostId);
    if (!feed) return true;
    const test = ({ supply }: Feed['from'][number]) => gives(supply);
    return feed.need === 'all' ? feed.from.every(test) : feed.from.some(test);
  }

  /** Lets time pass. `isOn`: whether a host draws power. */
  pass(seconds: number, isOn: (hostId: string) => boolean): void {
    this.#share(isOn);
    for (const supply of this.supplies) {
      // Also with the mains there it is off for a while first, and what was on is cut.
      if (seconds > 0) supply.settle();
      if (supply.hasMains) supply.battery.fill(seconds);
      else if (!supply.isTurnedOff) supply.battery.drain(seconds, supply.load);
    }
    this.#share(isOn);
  }

  /** What is drawn of each UPS now. One on which no host hangs carries what it carries. */
  #share(isOn: (hostId: string) => boolean): void {
    const drawn = new Map<ModelSupply, number>();
    for (const [hostId, { from }] of this.#feeds) {
      const up = from.filter(({ supply }) => supply.isUp);
      for (const { supply } of from) drawn.set(supply, drawn.get(supply) ?? 0);
      if (!isOn(hostId)) continue;
      for (const { supply, share } of up)
        drawn.set(supply, (drawn.get(supply) ?? 0) + (share * from.length) / up.length);
    }
    for (const supply of this.supplies) supply.load = drawn.get(supply) ?? supply.fullLoad;
  }

  /** The lowest charge of those on which hosts hang, in percent. */
  get lowest(): number {
    return Math.min(100, ...this.#used().map(({ percent }) => percent));
  }

  /**
   * Seconds from now until the first host has no power any more, if the mains fail now and nothing is switched off;
   * null: not known for a UPS on which hosts hang, or never. Empties the batteries: ask one that is made for it.
   */
  emptyAfter(): number | null {
    const failing = this.#used().filter((supply) => this.#failing.includes(supply));
    if (!failing.every(({ isKnown }) => isKnown)) return null;
    this.setMains(false);
    this.#share(() => true);
    let seconds = 0;
    for (;;) {
      if (![...this.#feeds.keys()].every((hostId) => this.isFed(hostId))) return seconds;
      // Each turn empties one of them.
      const left = failing.filter(({ isUp }) => isUp);
      if (left.length === 0) return this.#feeds.size === 0 ? seconds : null;
      const next = Math.min(...left.map(({ secondsLeft }) => secondsLeft));
      this.pass(next, () => true);
      seconds += next;
    }
  }

  #used(): readonly ModelSupply[] {
    const used = new Set([...this.#feeds.values()].flatMap(({ from }) => from.map(({ supply }) => supply)));
    return used.size > 0 ? [...used] : this.supplies;
  }
}

const isOnBattery = (view: PowerView | undefined): boolean => view?.state === 'battery' || view?.state === 'low';

/** One that names none is taken to go down with any there is. */
function feedOf({ fedBy }: Host, supplies: readonly ModelSupply[]): Feed {
  const named = supplies.filter(({ ups }) => fedBy.upses.includes(ups.id));
  const from = (named.length > 0 ? named : supplies).map((supply) => ({ supply, share: 0 }));
  return { need: named.length > 0 ? fedBy.need : 'all', from };
}

const modelUps = (id: string): Ups => ({
  id,
  name: 'a UPS of an hour',
  manufacturer: '',
  serial: '',
  firmware: '',
  source: 'simulated',
  via: '',
  offers: [],
});
