import { type Fault, FaultError } from '../../../shared/fault.ts';
import type { Host } from '../../../shared/inventory.ts';
import type { Setting } from '../../../shared/platforms.ts';
import type { Sequence, Step } from '../../../shared/sequence.ts';
import type { Clock } from '../ports.ts';

type Guests = Extract<Step, { kind: 'shut-down-guests' }>['guests'];

/** The guests of a host that nobody has named. */
const unnamed = 'the other guests';

/** One host of the simulation. */
export interface HostModel {
  readonly host: Host;
  power: 'on' | 'going' | 'off' | 'booting';
  /** What is switched on there. */
  settings: Set<Setting>;
  /** What is sent to it never ends, until its power has gone. */
  hangs: boolean;
  /** How often its power has gone: what was going on in it then goes on no more. */
  cuts: number;
}

/** The hosts of the simulation: what is on, what runs on what, and who calls when that changes. */
export class HostModels {
  readonly all: readonly HostModel[];
  readonly #clock: Clock;
  readonly #byId: ReadonlyMap<string, HostModel>;
  /** Guests that are no hosts of the inventory, by the id of their host: those that the sequence deals with. */
  readonly #guests = new Map<string, Set<string>>();
  readonly #cargo: ReadonlyMap<string, readonly HostModel[]>;
  readonly #listeners = new Map<string, Set<() => void>>();

  /**
   * @param compiled the sequence, every step of it aimed at one host
   * @param hangs the id of the host that hangs; null: none
   */
  constructor(clock: Clock, hosts: readonly Host[], compiled: Sequence, hangs: string | null) {
    this.#clock = clock;
    this.all = hosts.map((host) => ({
      host,
      power: 'on',
      settings: new Set<Setting>(['ha', 'vcls', 'member-updates']),
      hangs: host.id === hangs,
      cuts: 0,
    }));
    this.#byId = new Map(this.all.map((model) => [model.host.id, model]));
    const cargo = new Map<string, HostModel[]>();
    for (const model of this.all) {
      const { runsOn } = model.host;
      if (runsOn !== undefined) cargo.set(runsOn, [...(cargo.get(runsOn) ?? []), model]);
    }
    this.#cargo = cargo;
    for (const step of compiled.stages.flatMap((stage) => stage.steps))
      if (step.kind === 'shut-down-guests') this.#addGuests(step.target, step.guests);
  }

  #addGuests(hostId: string, guests: Guests): void {
    // That a guest is left out does not tell on which host it is.
    const names = guests && 'only' in guests ? guests.only : [unnamed];
    const cargo = new Set((this.#cargo.get(hostId) ?? []).map(({ host }) => host.name));
    const known = this.#guests.get(hostId) ?? new Set<string>();
    for (const name of names) if (!cargo.has(name)) known.add(name);
    this.#guests.set(hostId, known);
  }

  /** @throws FaultError `reference-missing` */
  of(host: Host | null): HostModel {
    const model = host && this.#byId.get(host.id);
    if (model) return model;
    throw new FaultError({
      code: 'reference-missing',
      what: 'there is no such host',
      where: host?.id ?? 'a step without a host',
      remedy: 'Choose another target.',
    });
  }

  /** The machine whose power it has: itself, or what carries it in the end. */
  carrierOf(model: HostModel): HostModel {
    let at = model;
    for (const seen = new Set([at]); ; seen.add(at)) {
      const next = this.#byId.get(at.host.runsOn ?? '');
      if (!next || seen.has(next)) return at;
      at = next;
    }
  }

  /** The name of its guest in which Glidepath runs; null: it runs elsewhere. */
  ownOn({ host }: HostModel): string | null {
    return this.#cargo.get(host.id)?.find((each) => each.host.isThisComputer)?.host.name ?? null;
  }

  isOn(hostId: string): boolean {
    return this.#byId.get(hostId)?.power !== 'off';
  }

  /** The names of those of its guests that are on. */
  guestsOn({ host }: HostModel, which: Guests = undefined): string[] {
    const cargo = (this.#cargo.get(host.id) ?? []).filter(({ power }) => power !== 'off').map((each) => each.host.name);
    return [...(this.#guests.get(host.id) ?? []), ...cargo].filter((name) => isMeant(which, name));
  }

  stopGuests(model: HostModel, names: readonly string[]): void {
    const guests = this.#guests.get(model.host.id);
    for (const name of names) guests?.delete(name);
    for (const each of this.#cargo.get(model.host.id) ?? []) if (names.includes(each.host.name)) this.#off(each);
    this.#changed(model);
  }

  startGuests(model: HostModel, names: readonly string[]): void {
    const cargo = this.#cargo.get(model.host.id) ?? [];
    const guests = this.#guests.get(model.host.id);
    for (const name of names) {
      const host = cargo.find((each) => each.host.name === name);
      if (host) this.setPower(host, 'on');
      else guests?.add(name);
    }
    this.#changed(model);
  }

  setPower(model: HostModel, power: HostModel['power']): void {
    if (power === 'off') {
      this.#off(model);
    } else {
      model.power = power;
      this.#changed(model);
    }
  }

  switch(model: HostModel, setting: Setting, on: boolean): void {
    if (on) model.settings.add(setting);
    else model.settings.delete(setting);
    this.#changed(model);
  }

  /** Its power is gone, or what it runs on. */
  cut(model: HostModel): void {
    if (model.power === 'off') return;
    model.cuts += 1;
    model.hangs = false;
    this.#off(model);
  }

  #off(model: HostModel): void {
    model.power = 'off';
    // What still runs on it goes with it.
    this.#guests.get(model.host.id)?.clear();
    for (const each of this.#cargo.get(model.host.id) ?? []) this.cut(each);
    this.#changed(model);
  }

  /** Calls after `seconds`, unless the host loses its power before. */
  later(model: HostModel, seconds: number, call: () => void): void {
    const { cuts } = model;
    const unlessCut = () => {
      if (model.cuts === cuts) call();
    };
    if (seconds > 0) this.#clock.after(seconds * 1000, unlessCut);
    else unlessCut();
  }

  /** Calls when something of the host has changed. Returns what ends it. */
  onChange({ host }: HostModel, call: () => void): () => void {
    const calls = this.#listeners.get(host.id) ?? new Set();
    this.#listeners.set(host.id, calls);
    calls.add(call);
    return () => calls.delete(call);
  }

  #changed({ host }: HostModel): void {
    for (const call of [...(this.#listeners.get(host.id) ?? [])]) call();
  }
}

export function isMeant(which: Guests, name: string): boolean {
  if (!which) return true;
  return 'only' in which ? which.only.includes(name) : !which.except.includes(name);
}

export const modelFault = (code: Fault['code'], what: string, { host }: HostModel): FaultError =>
  new FaultError({ code, what, where: host.name, remedy: 'This is a simulation: nothing needs to be done.' });
