import type { Probe, StepContext } from '../../../electron/core/ports.ts';
import { FaultError } from '../../../shared/fault.ts';
import { type Bench, bench } from '../bench.ts';
import { Battery } from './battery.ts';
import { type Rack, upsB } from './racks.ts';
import { timeOf } from './row.ts';

/** What a host does besides what the world knows. */
const keyChanged = (where: string) =>
  new FaultError({
    code: 'host-key-changed',
    what: 'another host key than the pinned one',
    where,
    remedy: 'Check it.',
  });
const noPacket = new FaultError({
  code: 'wake-not-sent',
  what: 'no magic packet left this computer',
  where: 'wake',
  remedy: 'none',
});

/** A rack, its batteries and Glidepath, of which each can end without the others. */
export class Room {
  readonly bench: Bench;
  readonly rack: Rack;
  readonly first: Battery;
  readonly second: Battery;
  /** Runs as they were first seen. */
  readonly runs: { at: number; cause: string; why: string }[] = [];
  /** What was shown, and what was refused, each once. */
  readonly shown = new Set<string>();
  readonly cut: string[] = [];
  readonly changedKeys = new Set<string>();
  /** Seconds for which a host goes on as if nothing were, once it has been told to power off. */
  readonly lingers = new Map<string, number>();
  /** No magic packet leaves this computer. */
  isMute = false;
  #life = 0;
  #isAlive = true;
  /** Ms that the table's time is ahead of the monotonic clock: since the row began, and slept. */
  #ahead: number;

  static async of(rack: Rack): Promise<Room> {
    const { hosts, sequence, isArmed } = rack;
    const second = rack.hasSecond ? { second: upsB } : {};
    const room = new Room(rack, await bench({ hosts, sequence, armed: isArmed ?? true, isWarm: true, ...second }));
    await room.#begin();
    return room;
  }

  private constructor(rack: Rack, made: Bench) {
    this.rack = rack;
    this.bench = made;
    this.first = new Battery(made.ups);
    this.second = new Battery(made.second);
    this.#ahead = -made.clock.monotonic();
    this.#wrapSteps();
    made.world.upses.onOff = (ups, comesBack) =>
      this.#batteries.find((battery) => battery.ups.identity.id === ups)?.turnOff(comesBack);
  }

  async #begin(): Promise<void> {
    const { tells } = this.rack;
    if (tells !== undefined) {
      // What it said before it was made so must not be remembered.
      this.first.told = tells === 'nothing' ? { runtime: null, charge: null } : { charge: null };
      this.first.pass(0);
      await this.bench.restart();
      await this.bench.seconds(3);
    }
    this.#ahead = -this.bench.clock.monotonic();
    this.bench.clock.after(999, () => this.#pass());
  }

  /** Seconds since the row began. */
  get now(): number {
    return (this.bench.clock.monotonic() + this.#ahead) / 1000;
  }

  get isAlive(): boolean {
    return this.#isAlive;
  }

  /** Plays on up to a time of the row, in seconds. */
  async playTo(seconds: number): Promise<void> {
    while (this.now < seconds) {
      await this.bench.seconds(1);
      this.look();
    }
  }

  /** Takes down what there is to be seen now. */
  look(): void {
    if (!this.#isAlive) return;
    const { engine } = this.bench;
    const run = engine.run();
    const isNew = run !== null && run.phase !== 'ended' && this.#last !== run.runId;
    if (run && isNew) {
      this.#last = run.runId;
      this.runs.push({ at: this.now, cause: run.cause, why: run.why });
    }
    this.shown.add(`shown: ${engine.status().decision.sentence}`);
  }
  #last: string | null = null;

  /** What Glidepath refuses is told, not thrown. */
  async ask(what: string, call: () => unknown): Promise<void> {
    try {
      await call();
    } catch (error) {
      if (!(error instanceof FaultError)) throw error;
      this.shown.add(`refused at ${timeOf(this.now)}: ${what}: ${error.fault.what}`);
    }
  }

  kill(): void {
    this.#life += 1;
    this.#isAlive = false;
    this.#hear(false);
    const { journals, world } = this.bench;
    journals.cutAfter = journals.written;
    world.forgetActs();
    this.bench.kill();
  }

  async start(): Promise<void> {
    this.#isAlive = true;
    await this.bench.restart();
    this.#hear(true);
  }

  /** This computer stands still, the rest of the room does not. */
  sleep(seconds: number, isBackWhenItWakes: boolean): void {
    for (const battery of this.#batteries) battery.isHeard = false;
    this.bench.clock.jump(seconds * 1000);
    this.#ahead += seconds * 1000;
    for (const battery of this.#batteries) battery.pass(seconds);
    if (isBackWhenItWakes) for (const battery of this.#batteries) battery.back();
    for (const battery of this.#batteries) battery.isHeard = true;
    this.bench.engine.resumedFromSleep();
  }

  get #batteries(): Battery[] {
    return this.rack.hasSecond ? [this.first, this.second] : [this.first];
  }

  #hear(isHeard: boolean): void {
    for (const battery of this.#batteries) battery.isHeard = isHeard;
  }

  /** A second passes for everything that hangs on a battery. */
  #pass(): void {
    for (const battery of this.#batteries) battery.pass(1);
    for (const host of this.rack.hosts) {
      const found = this.bench.world.host(host.id);
      if (found.power === 'off' || this.#isFed(host.fedBy)) continue;
      this.bench.world.cut(host.id);
      this.cut.push(host.id);
    }
    this.bench.clock.after(1000, () => this.#pass());
  }

  #isFed({ upses, need }: Rack['hosts'][number]['fedBy']): boolean {
    const mine = this.#batteries.filter(({ ups }) => upses.length === 0 || upses.includes(ups.identity.id));
    const isOn = (battery: Battery) => battery.feeds;
    return need === 'any' && upses.length > 0 ? mine.some(isOn) : mine.every(isOn);
  }

  /** What was asked by a process that has been killed is answered to nobody. */
  async #living<T>(call: () => Promise<T>): Promise<T> {
    const mine = this.#life;
    const answer = call();
    await answer.catch(() => undefined);
    return mine === this.#life ? answer : new Promise<never>(() => undefined);
  }

  #wrapSteps(): void {
    for (const [kind, actions] of Object.entries(this.bench.world.steps)) {
      const { act, probe } = actions;
      const needsLogin = kind !== 'power-off' && kind !== 'wake';
      const hasOtherKey = ({ host }: StepContext) => host !== null && this.changedKeys.has(host.id);
      actions.act = (context) =>
        this.#living(async () => {
          if (kind === 'wake' && this.isMute) throw noPacket;
          if (kind !== 'wake' && hasOtherKey(context)) throw keyChanged(context.host?.name ?? '');
          const name = context.host?.id ?? '';
          const linger = kind === 'power-off' ? this.lingers.get(name) : undefined;
          if (linger === undefined) return act(context);
          const { world, clock } = this.bench;
          world.acts.push(`${kind} ${name}`);
          clock.after(linger * 1000, () => Object.assign(world.host(name), { power: 'off' }));
          return {};
        });
      actions.probe = (context) =>
        this.#living(async (): Promise<Probe> => {
          const { fault } = keyChanged(context.host?.name ?? '');
          // Marked as looked at all the same.
          const seen = await probe(context);
          return needsLogin && hasOtherKey(context) ? { state: 'unknown', fault } : seen;
        });
    }
  }
}
