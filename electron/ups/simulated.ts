import { assertNever } from '../../shared/assert-never.ts';
import { FaultError } from '../../shared/fault.ts';
import type { Detail, Reading, Ups } from '../../shared/reading.ts';
import { type Order, realDelay } from '../../shared/ups-command.ts';
import type { Clock, UpsEvent, UpsSource } from '../core/ports.ts';
import { SimulatedModel } from './simulated/model.ts';
import { simulatedOffers } from './simulated/offers.ts';
import { type SimulatedEvent, type SimulatedScript, towerScript } from './simulated/script.ts';

const pace = { onBattery: 1000, onMains: 2000 }; // ms

/**
 * A UPS that is only a model, driven by a clock and by a script or by hand: for the demo, for practice and for
 * scenarios. On battery the charge falls with the load, on mains it rises; its runtime is what is truly left, so that
 * plans can be judged against it.
 */
export class SimulatedUps implements UpsSource {
  readonly #clock: Clock;
  readonly #ups: Ups;
  readonly #timeline: readonly SimulatedEvent[];
  readonly #model: SimulatedModel;
  #listener: ((event: UpsEvent) => void) | null = null;
  #isPlugged = true;
  #isSilent = false;
  #frozen: Reading | null = null;
  #hurry = false;
  #cancelPoll: () => void = () => undefined;
  #cancels: (() => void)[] = [];

  /** @param number tells several ones apart: it is part of the id */
  constructor(clock: Clock, script: SimulatedScript = towerScript, number = 1) {
    this.#clock = clock;
    this.#model = new SimulatedModel(script, clock.monotonic());
    this.#timeline = script.timeline;
    this.#ups = {
      id: `simulated:${number}`,
      name: script.name,
      manufacturer: 'Glidepath',
      serial: `SIM-${number}`,
      firmware: '',
      source: 'simulated',
      via: 'simulated',
      offers: simulatedOffers,
    };
  }

  start(listener: (event: UpsEvent) => void): void {
    this.#listener = listener;
    this.#cancels = this.#timeline.map((event) => this.#clock.after(event.at * 1000, () => this.#play(event)));
    listener({ type: 'found', ups: this.#ups });
    this.#poll();
  }

  stop(): Promise<void> {
    this.#cancelPoll();
    for (const cancel of this.#cancels) cancel();
    this.#listener = null;
    return Promise.resolve();
  }

  hurry(onBattery: boolean): void {
    if (this.#hurry === onBattery) return;
    this.#hurry = onBattery;
    if (onBattery && this.#listener) this.#poll();
  }

  has(upsId: string): boolean {
    return upsId === this.#ups.id;
  }

  /** The mains fail. */
  cut(): void {
    this.#change((model) => {
      model.mains = false;
    });
  }

  /** The mains are back. */
  restore(): void {
    this.#change((model) => {
      model.mains = true;
    });
  }

  /** Percent of the nominal power, 0..200. */
  setLoad(percent: number): void {
    this.#change((model) => {
      model.load = percent / 100;
    });
  }

  /** Percent, 0..100. */
  setCharge(percent: number): void {
    this.#change((model) => {
      model.battery.charge = percent / 100;
    });
  }

  async command(upsId: string, { command, delay }: Order): Promise<string> {
    if (!this.#isPlugged || this.#isSilent) throw this.#fault('ups-lost', 'it does not answer');
    const offer = simulatedOffers.find((each) => each.command === command);
    if (upsId !== this.#ups.id || !offer) throw this.#fault('ups-refused', `it does not take "${command}"`);
    const seconds = offer.delay ? realDelay(offer.delay, delay ?? 0) : 0;
    let answer = '';
    this.#change((model) => {
      answer = this.#obey(model, command, seconds);
    });
    return answer;
  }

  #obey(model: SimulatedModel, command: Order['command'], seconds: number): string {
    switch (command) {
      case 'shutdown.return':
      case 'shutdown.stayoff': {
        const now = this.#clock.monotonic();
        // A tick behind the moment, so that the switch is told without waiting for a poll.
        this.#cancels.push(this.#clock.after(seconds * 1000 + 1, () => this.#change(() => undefined)));
        return model.outlets.switchOff(seconds, command === 'shutdown.return', now);
      }
      case 'shutdown.stop':
        return model.outlets.stop();
      case 'beeper.enable':
        model.beeper = 'enabled';
        return 'Its beeper is on';
      case 'beeper.disable':
        model.beeper = 'disabled';
        return 'Its beeper is off';
      case 'beeper.mute':
        model.beeper = 'muted';
        return 'Its beeper is silent until the next alarm';
      case 'test.battery.start.quick':
      case 'test.battery.start.deep': {
        if (!model.mains) throw this.#fault('ups-refused', 'it is on battery');
        const kind = command.endsWith('deep') ? 'deep' : 'quick';
        model.beginTest(kind);
        return kind === 'deep' ? 'It drains its battery to 25 %' : 'It tests its battery for 10 s';
      }
      case 'test.battery.stop':
        model.endTest('aborted');
        return 'No test is going on any more';
      default:
        return assertNever(command, 'command');
    }
  }

  async details(): Promise<Detail[]> {
    if (!this.#isPlugged || this.#isSilent) throw this.#fault('ups-lost', 'it does not answer');
    return Object.entries(this.#now())
      .filter(([name, value]) => name !== 'upsId' && name !== 'at' && value !== null)
      .map(([name, value]) => ({
        name,
        place: '',
        raw: String(value),
        value: String(value),
        feeds: name,
        repair: '',
      }));
  }

  #fault(code: 'ups-lost' | 'ups-refused', what: string): FaultError {
    return new FaultError({ code, what, where: this.#ups.name, remedy: 'Look at the script of this simulated UPS.' });
  }

  #play(event: SimulatedEvent): void {
    switch (event.do) {
      case 'cut':
        this.cut();
        return;
      case 'restore':
        this.restore();
        return;
      case 'load':
        this.setLoad(event.value);
        return;
      case 'charge':
        this.setCharge(event.value);
        return;
      case 'silent':
        this.#isSilent = true;
        return;
      case 'answer':
        this.#isSilent = false;
        this.#frozen = null;
        this.#tell('poll');
        return;
      case 'freeze':
        this.#frozen = this.#now();
        return;
      case 'zeros':
        this.#zeros();
        return;
      case 'unplug':
        this.#unplug();
        return;
      case 'replug':
        if (this.#isPlugged) this.#unplug();
        this.#isPlugged = true;
        this.#listener?.({ type: 'found', ups: this.#ups });
        return;
      case 'self-test':
        this.#change((model) => model.mains && model.beginTest(event.value));
        return;
      case 'flag':
        this.#change((model) => model.flags.set(event.flag, event.value));
        return;
      default:
        assertNever(event, 'event of a simulated UPS');
    }
  }

  #unplug(): void {
    this.#isPlugged = false;
    this.#listener?.({ type: 'lost', upsId: this.#ups.id, fault: this.#fault('ups-lost', 'it was unplugged').fault });
  }

  #zeros(): void {
    if (!this.#isPlugged || this.#isSilent) return;
    const zeros = { charge: 0, runtime: 0, load: 0, power: 0, inputVoltage: 0, outputVoltage: 0, batteryVoltage: 0 };
    this.#listener?.({ type: 'reading', reading: { ...this.#now(), ...zeros }, fresh: 'poll' });
  }

  #change(change: (model: SimulatedModel) => unknown): void {
    this.#model.settle(this.#clock.monotonic());
    change(this.#model);
    this.#tell('interrupt');
  }

  #poll(): void {
    this.#cancelPoll();
    this.#tell('poll');
    const every = this.#hurry || !this.#model.mains ? pace.onBattery : pace.onMains;
    this.#cancelPoll = this.#clock.after(every, () => this.#poll());
  }

  #tell(fresh: 'poll' | 'interrupt'): void {
    if (!this.#isPlugged || this.#isSilent) return;
    const reading = this.#frozen ? { ...this.#frozen, at: this.#clock.now() } : this.#now();
    this.#listener?.({ type: 'reading', reading, fresh });
  }

  #now(): Reading {
    this.#model.settle(this.#clock.monotonic());
    return this.#model.reading(this.#ups.id, this.#clock.now());
  }
}

/** One for each script, with ids of their own in the order of the scripts. */
export const simulatedUpses = (clock: Clock, scripts: readonly SimulatedScript[]): SimulatedUps[] =>
  scripts.map((script, index) => new SimulatedUps(clock, script, index + 1));
