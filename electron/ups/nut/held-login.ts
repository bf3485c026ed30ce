import type { LookupFunction } from 'node:net';
import type { Fault } from '../../../shared/fault.ts';
import type { NutServer } from '../../../shared/supplies.ts';
import type { Clock } from '../../core/ports.ts';
import { noAnswer } from '../net/server-fault.ts';
import { converse } from './converse.ts';
import { signIn } from './sign-in.ts';

/** Milliseconds. upsd ends a connection on which nothing was said for a minute. */
const sayEvery = 20_000;
const againAfter = 30_000;
/** Nothing is read here: an answer may take long, as long as the login stands. */
const patience = 30_000;

export interface HeldDeps {
  clock: Clock;
  lookup: LookupFunction;
  password: () => Promise<string | null>;
}

/**
 * A login for one more UPS. upsd takes one LOGIN a connection, and a primary waits only for those who are logged in to
 * its own UPS: so each UPS but the first has a connection of its own that does nothing else. It outlives the connection
 * that reads: a late answer there must not log us out here.
 */
export class HeldLogin {
  readonly #server: NutServer;
  readonly #ups: string;
  readonly #deps: HeldDeps;
  readonly #stop = new AbortController();
  #end: () => void = () => undefined;
  #fault: Fault | null = null;

  constructor(server: NutServer, ups: string, deps: HeldDeps) {
    this.#server = server;
    this.#ups = ups;
    this.#deps = deps;
    void this.#live();
  }

  /** Why the primary of this UPS does not wait for us; null: it does, or nobody has said no yet. */
  get fault(): Fault | null {
    return this.#fault;
  }

  stop(): void {
    this.#stop.abort();
    this.#end();
  }

  /** A login that was refused is not tried again before the server is connected to anew. */
  async #live(): Promise<void> {
    while (!this.#stop.signal.aborted) {
      try {
        this.#fault = await this.#connection();
        if (this.#fault) return;
      } catch {
        // The server did not answer: the connection that reads says so.
      }
      await this.#rest(againAfter);
    }
  }

  /** Lasts until the connection ends. @returns why the login was refused */
  async #connection(): Promise<Fault | null> {
    const { clock, lookup, password } = this.#deps;
    const talk = await converse(this.#server, { clock, lookup, signal: this.#stop.signal, limit: patience });
    const fault = await signIn(this.#server, talk, this.#ups, password);
    if (fault) {
      talk.end(noAnswer(this.#server, 'The login was not possible.'));
      return fault.code === 'ups-no-answer' ? null : fault;
    }
    while (!this.#stop.signal.aborted) {
      await talk.ask('GET', 'NUMLOGINS', this.#ups);
      await this.#rest(sayEvery);
    }
    talk.end(noAnswer(this.#server, 'The connection was given up.'));
    return null;
  }

  #rest(ms: number): Promise<void> {
    if (this.#stop.signal.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const cancel = this.#deps.clock.after(ms, resolve);
      this.#end = () => {
        cancel();
        resolve();
      };
    });
  }
}
