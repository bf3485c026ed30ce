import type { Clock, Countdown, OrderedUps, UpsOrders } from '../../electron/core/ports.ts';
import { FaultError } from '../../shared/fault.ts';
import { cutsPower, type Offer, type Order } from '../../shared/ups-command.ts';

const delay = { kind: 'steps', min: 0, max: 7200, step: 1, round: 'down' } as const;
const offers: Offer[] = [
  { command: 'shutdown.return', delay, note: '' },
  { command: 'shutdown.stayoff', delay, note: '' },
  { command: 'shutdown.stop', delay: null, note: '' },
];

/**
 * The UPSes of a world, as they can be told to turn off: they count down by themselves, whoever has told them and
 * whether he still lives.
 */
export class WorldUpses implements UpsOrders {
  /** A UPS turns off. */
  onOff: (upsId: string, comesBack: boolean) => void = () => undefined;
  /** They show their countdowns. */
  showsCountdown = true;
  /** Ms after which a countdown is seen: what a server tells of it may be a poll old. */
  seenAfterMs = 0;
  /** They take no stop. */
  refusesStop = false;
  /** Ms that their answer takes. The order itself is there at once. */
  answerMs = 0;
  readonly #clock: Clock;
  readonly #acts: string[];
  readonly #counting = new Map<string, { toldMono: number; offMono: number; stop: () => void }>();

  /** @param acts takes every order that reached one, as "ups-off id" and "ups-stop id" */
  constructor(clock: Clock, acts: string[]) {
    this.#clock = clock;
    this.#acts = acts;
  }

  /** The ids of those that count down. */
  get counting(): string[] {
    return [...this.#counting.keys()];
  }

  find(upsId: string): OrderedUps {
    return { name: upsId, offers, allowed: true };
  }

  async give(upsId: string, { command, delay: seconds }: Order): Promise<string> {
    const offIn = (seconds ?? 0) * 1000;
    if (cutsPower(command)) {
      this.#acts.push(`ups-off ${upsId}`);
      this.#counting.get(upsId)?.stop();
      const stop = this.#clock.after(offIn, () => {
        this.#counting.delete(upsId);
        this.onOff(upsId, command === 'shutdown.return');
      });
      const toldMono = this.#clock.monotonic();
      this.#counting.set(upsId, { toldMono, offMono: toldMono + offIn, stop });
    } else {
      this.#acts.push(`ups-stop ${upsId}`);
      if (this.refusesStop)
        throw new FaultError({ code: 'ups-refused', what: 'it says no', where: upsId, remedy: 'none' });
      this.#counting.get(upsId)?.stop();
      this.#counting.delete(upsId);
    }
    if (this.answerMs > 0) await new Promise<void>((resolve) => this.#clock.after(this.answerMs, resolve));
    return `does ${command}`;
  }

  async countdown(upsId: string): Promise<Countdown> {
    if (!this.showsCountdown) return { state: 'not-told' };
    const counting = this.#counting.get(upsId);
    if (!counting || this.#clock.monotonic() - counting.toldMono < this.seenAfterMs) return { state: 'none' };
    return { state: 'counting', seconds: (counting.offMono - this.#clock.monotonic()) / 1000 };
  }
}
