import type { Fault } from '../../shared/fault.ts';
import type { Host } from '../../shared/inventory.ts';
import type { UpsesSaid } from '../../shared/kept-on.ts';
import type { Discharge } from '../../shared/learned.ts';
import { type Reading, type Ups, upsSources } from '../../shared/reading.ts';
import type { KnownSupply } from '../../shared/supplies.ts';
import type { PowerView } from '../../shared/view.ts';
import { isFailing, serve } from './failing.ts';
import { type PlanPower, planPower } from './feeding.ts';
import { forget, isSilent, lose, type Moment, type Monitored, observe, powerState, watch } from './monitor.ts';
import type { UpsEvent } from './ports.ts';
import { powerView } from './power-view.ts';

/** Ms after the start in which a UPS may still be found before it is missed. */
const missedAfter = 15_000;

/** Every UPS that has been seen since the start or belongs to the rack, by id: one that is unplugged is not forgotten. */
export class Supplies {
  readonly #byId = new Map<string, Monitored>();
  /** Under which id a UPS is known now that was found under another one before. */
  readonly #movedTo = new Map<string, string>();
  /** Trouble of each source, by its index: one that has none must not hide another's. */
  readonly #troubles = new Map<number, Fault>();
  readonly #learned: (upsId: string) => readonly Discharge[];
  #known = new Map<string, KnownSupply>();
  #isResumed = false;
  /** What each UPS calls itself. */
  readonly #ownNames = new Map<string, string>();

  constructor(learned: (upsId: string) => readonly Discharge[]) {
    this.#learned = learned;
  }

  get all(): Monitored[] {
    return [...this.#byId.values()];
  }

  get trouble(): Fault | null {
    return [...this.#troubles].sort(([a], [b]) => a - b)[0]?.[1] ?? null;
  }

  /** The UPS of that id, also when it has moved to another port since. */
  find(upsId: string): Monitored | undefined {
    const here = this.#byId.get(this.#movedTo.get(upsId) ?? upsId);
    return here?.unseen ? (this.#strangerLike(upsId) ?? here) : here;
  }

  /** The user's word on a UPS; undefined: none. */
  known(upsId: string): KnownSupply | undefined {
    const before = [...this.#movedTo].find(([, to]) => to === upsId)?.[0];
    return this.#known.get(upsId) ?? (before === undefined ? undefined : this.#known.get(before));
  }

  /** The UPS of exactly that id, and the user's word on exactly that one. */
  exactly(upsId: string): { one: Monitored | undefined; known: KnownSupply | undefined } {
    return { one: this.#byId.get(upsId), known: this.#known.get(upsId) };
  }

  /** Takes the user's names, and misses those that are not there. */
  setKnown(known: readonly KnownSupply[], at: Moment): void {
    const before = this.#known;
    this.#known = new Map(known.map((supply) => [supply.id, supply]));
    for (const one of this.all) {
      const isForgotten = before.has(one.ups.id) && !this.#known.has(one.ups.id);
      // Gone, and not missed any more. One that still speaks stays: it may carry hosts; and one that was on battery last.
      if (isForgotten && isSilent(one, at) && !isFailing(one, at)) this.#byId.delete(one.ups.id);
      else this.#byId.set(one.ups.id, { ...one, ups: this.#named(one.ups) });
    }
    for (const supply of known) {
      if (this.#byId.has(supply.id) || this.#movedTo.has(supply.id)) continue;
      this.#byId.set(supply.id, { ...watch(neverSeen(supply), at), unseen: true });
    }
  }

  /** @param source the index of the source that tells it */
  take(event: UpsEvent, source: number, at: Moment): void {
    switch (event.type) {
      case 'found':
        this.#found(event.ups, at);
        return;
      case 'reading': {
        const known = this.#byId.get(event.reading.upsId);
        if (known) this.#byId.set(known.ups.id, observe(known, this.#asMeant(event.reading), event.fresh, at));
        return;
      }
      case 'gone':
        this.#gone(event.upsId, at);
        return;
      case 'lost': {
        const known = this.#byId.get(event.upsId);
        if (known) this.#byId.set(known.ups.id, lose(known, event.fault, at));
        return;
      }
      case 'trouble':
        if (event.fault) this.#troubles.set(source, event.fault);
        else this.#troubles.delete(source);
    }
  }

  #found(ups: Ups, at: Moment): void {
    this.#ownNames.set(ups.id, ups.name);
    const known = this.#byId.get(ups.id) ?? this.#moved(ups.id);
    // It is there itself: whoever was taken for it is another one.
    this.#movedTo.delete(ups.id);
    const one = known && !known.unseen ? known : this.#watch(ups, at);
    this.#byId.set(ups.id, { ...one, ups: this.#named(ups) });
  }

  #watch(ups: Ups, at: Moment): Monitored {
    const one = watch(ups, at, this.#learned(ups.id));
    return { ...one, served: { battery: this.#isResumed, forced: this.#isResumed } };
  }

  /** What told of it has been taken away. One that belongs to the rack is missed from now on. */
  #gone(upsId: string, at: Moment): void {
    this.#byId.delete(upsId);
    const known = this.#known.get(upsId);
    if (known) this.#byId.set(upsId, { ...watch(neverSeen(known), at), unseen: true });
  }

  /** A run has been made, or goes on, for whatever fails now. */
  serve(at: Moment): void {
    for (const one of this.all) if (isFailing(one, at)) this.#byId.set(one.ups.id, serve(one, at));
  }

  /** A run was taken up that was made for an outage: what is on battery from the start has had its run. */
  resumed(): void {
    this.#isResumed = true;
  }

  /** The ids of those that fail now. */
  failing(at: Moment): string[] {
    return this.all.filter((one) => isFailing(one, at)).map((one) => one.ups.id);
  }

  /** Of some the user knows that they mean an outage when they discharge, whatever they say of the mains. */
  #asMeant(reading: Reading): Reading {
    const isOutage = reading.acPresent === true && reading.discharging === true && reading.testing !== true;
    if (!isOutage || this.known(reading.upsId)?.dischargeIsOutage !== true) return reading;
    return { ...reading, acPresent: false };
  }

  #named(ups: Ups): Ups {
    return { ...ups, name: this.known(ups.id)?.name ?? this.#ownNames.get(ups.id) ?? ups.name };
  }

  /**
   * A unit without a serial number is known by its USB port (`...@port`): one of the same make that is found while it
   * is lost is the same one, plugged in elsewhere. Left as two, the lost one would count down for ever.
   */
  #moved(id: string): Monitored | undefined {
    if (!id.includes('@')) return undefined;
    const [lost, ...others] = this.all.filter((one) => isOfMake(one.ups.id, id));
    // Of several nobody can tell which it is: orders and outages must not go to the wrong one.
    return lost && lost.lostMono !== null && others.length === 0 ? this.#moveTo(id, lost) : undefined;
  }

  #moveTo(id: string, lost: Monitored): Monitored {
    this.#byId.delete(lost.ups.id);
    for (const [from, to] of this.#movedTo) if (to === lost.ups.id) this.#movedTo.set(from, id);
    this.#movedTo.set(lost.ups.id, id);
    this.#movedTo.delete(id);
    return lost;
  }

  /** Plugged in elsewhere while Glidepath did not run: the only one of that make that nobody knows yet. */
  #strangerLike(id: string): Monitored | undefined {
    if (!id.includes('@')) return undefined;
    const strangers = this.all.filter((one) => !one.unseen && !this.known(one.ups.id) && isOfMake(one.ups.id, id));
    return strangers.length === 1 ? strangers[0] : undefined;
  }

  learn(upsId: string, learned: readonly Discharge[]): void {
    const one = this.#byId.get(upsId);
    if (one) this.#byId.set(upsId, { ...one, learned });
  }

  /** After this computer slept or stood still for `gap` ms: nothing read before counts. */
  forget(gap: number, at: Moment): void {
    for (const one of this.all) this.#byId.set(one.ups.id, forget(one, gap, at));
  }

  /** One that belongs to the rack and has not been found is shown once it has had the time to be. */
  views(at: Moment): PowerView[] {
    return this.all
      .filter((one) => !one.unseen || (at.mono - one.watchedMono >= missedAfter && !this.#strangerLike(one.ups.id)))
      .map((one) => powerView(one, at));
  }

  /** The power as these hosts see it. `failed`: the ids of the UPSes for whose failure a run was begun. */
  powerFor(hosts: readonly Host[], at: Moment, failed: readonly string[] = []): PlanPower {
    return planPower(hosts, this.all, at, (id) => this.find(id), failed);
  }

  /** What each says of its power by now, also under the ids that they had before. */
  said(at: Moment): UpsesSaid {
    const withOld = (found: readonly Monitored[]): Set<string> => {
      const ids = new Set(found.map(({ ups }) => ups.id));
      for (const [from, to] of this.#movedTo) if (ids.has(to)) ids.add(from);
      return ids;
    };
    const mains = this.all.filter((one) => powerState(one, at) === 'mains' && !isFailing(one, at));
    return { failed: withOld(this.all.filter((one) => isFailing(one, at))), mains: withOld(mains) };
  }

  /** At least one UPS runs from its battery, or has spoken of it without being confirmed yet: polls should come soon. */
  get inHurry(): boolean {
    return this.all.some((one) => one.confirmed === 'battery' || (one.evidence !== null && one.lostMono === null));
  }
}

/** Vendor and product are the same; behind the `@` stands the port. At a server's UPS it means something else. */
function isOfMake(one: string, other: string): boolean {
  return one.startsWith('hid:') && one.includes('@') && one.split('@')[0] === other.split('@')[0];
}

/** Of a UPS that has not been found only the id and the name are known; the id begins with the kind of its source. */
function neverSeen({ id, name }: KnownSupply): Ups {
  const source = upsSources.find((each) => id.startsWith(`${each}:`)) ?? 'hid';
  return { id, name, manufacturer: '', serial: '', firmware: '', source, via: '', offers: [] };
}
