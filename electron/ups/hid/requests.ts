import { type Fault, FaultError } from '../../../shared/fault.ts';
import type { Clock } from '../../core/ports.ts';
import type { TakenAnswer } from './messages.ts';

interface Waiting {
  resolve(answer: TakenAnswer): void;
  reject(error: FaultError): void;
  cancel(): void;
}

/** What was asked of the worker and is not answered yet. Every one ends: by an answer, in time, or with the worker. */
export class Requests {
  readonly #clock: Clock;
  readonly #waiting = new Map<number, Waiting>();
  #last = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** `send` is given the request's number. `late`: what it fails with after `ms`. */
  ask(send: (request: number) => void, ms: number, late: Fault): Promise<TakenAnswer> {
    this.#last += 1;
    const request = this.#last;
    return new Promise((resolve, reject) => {
      const cancel = this.#clock.after(ms, () => this.refused(request, late));
      this.#waiting.set(request, { resolve, reject, cancel });
      send(request);
    });
  }

  answered(request: number, answer: TakenAnswer): void {
    this.#take(request)?.resolve(answer);
  }

  refused(request: number, fault: Fault): void {
    this.#take(request)?.reject(new FaultError(fault));
  }

  /** The worker has ended: nobody will answer. */
  fail(fault: Fault): void {
    for (const request of [...this.#waiting.keys()]) this.refused(request, fault);
  }

  #take(request: number): Waiting | undefined {
    const waiting = this.#waiting.get(request);
    this.#waiting.delete(request);
    waiting?.cancel();
    return waiting;
  }
}
