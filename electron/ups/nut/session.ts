import { type Fault, FaultError, toFault } from '../../../shared/fault.ts';
import { nonsense, serverPlace, upsFault } from '../net/server-fault.ts';
import { signIn } from './sign-in.ts';
import { Refusal } from './talk.ts';
import { type WatchedDeps, WatchedUps } from './watched-ups.ts';

/** Milliseconds. */
const pace = { onBattery: 1000, onMains: 2000 };
const listEvery = 30_000;
/** As many as the list of known UPSes holds. Names may come and go: it is counted how many there have ever been. */
const mostUpses = 50;

export interface SessionDeps extends WatchedDeps {
  password: () => Promise<string | null>;
  /** The names under which UPSes have been read since the server was set up: grows, by 50 at most. */
  met: Set<string>;
  /** Every UPS has been read once, or anew, or `fault` has changed. */
  news: () => void;
}

/** What is done on one connection, from its first word to its end. */
export class NutSession {
  readonly #deps: SessionDeps;
  readonly #upses = new Map<string, WatchedUps>();
  #listedAt = Number.NEGATIVE_INFINITY;
  #onBattery: boolean;
  /** The UPS whose login was begun. */
  #login: string | null = null;
  #signedIn = false;
  #wake: () => void = () => undefined;
  #loginFault: Fault | null = null;
  #listFault: Fault | null = null;
  /** Monotonic ms of the first round that went through; null: none has. */
  usefulSince: number | null = null;

  constructor(deps: SessionDeps, onBattery: boolean) {
    this.#deps = deps;
    this.#onBattery = onBattery;
    deps.talk.onEnd = () => this.#wake();
  }

  /** What upsd has said to the login on this connection. */
  get login(): 'waiting' | 'taken' | 'refused' {
    if (this.#signedIn) return 'taken';
    return this.#loginFault && this.#loginFault.code !== 'ups-no-answer' ? 'refused' : 'waiting';
  }

  /** What is wrong although the connection stands. */
  get fault(): Fault | null {
    return this.#listFault ?? this.#loginFault;
  }

  /** The names of its UPSes, the one first for which this connection logs in. */
  get names(): string[] {
    const names = [...this.#upses.keys()].filter((name) => name !== this.#login);
    return this.#login === null ? names : [this.#login, ...names];
  }

  /** Reads until the connection is over. Resolves with why. */
  async run(): Promise<FaultError> {
    try {
      for (;;) {
        await this.#round();
        this.usefulSince ??= this.#deps.clock.monotonic();
        this.#deps.news();
        await this.#pause();
      }
    } catch (error) {
      const fault =
        error instanceof FaultError ? error : new FaultError(toFault(error, serverPlace(this.#deps.server)));
      this.#deps.talk.end(fault);
      return fault;
    }
  }

  hurry(onBattery: boolean): void {
    this.#onBattery = onBattery;
    if (onBattery) this.#wake();
  }

  ups(id: string): WatchedUps | undefined {
    return [...this.#upses.values()].find((one) => one.id === id);
  }

  async #round(): Promise<void> {
    const { clock } = this.#deps;
    // Something is asked in every round: an answer is the only sign that the connection still stands.
    if (this.#upses.size === 0 || clock.monotonic() - this.#listedAt >= listEvery) await this.#list();
    for (const ups of this.#upses.values()) await ups.poll(this.#onBattery);
    const [first] = this.#upses.values();
    // Beside the reading: a keychain that hangs must not hold it up.
    if (first && this.#login === null && this.#deps.server.user !== '') void this.#signIn(first.name);
  }

  async #list(): Promise<void> {
    const { server, talk, clock, met } = this.#deps;
    const listed = new Map<string, string>();
    for (const [name, description] of await talk.list('UPS').catch((error) => this.#notListed(error))) {
      if (!name || !/^[!-~]{1,100}$/.test(name)) throw nonsense(server, 'It lists a UPS without a proper name.');
      listed.set(name, description ?? '');
    }
    this.#listedAt = clock.monotonic();
    for (const [name, ups] of this.#upses) {
      if (listed.has(name)) continue;
      ups.lose(upsFault('ups-lost', name, 'The server does not list it any more.', 'Look at ups.conf on the server.'));
      this.#upses.delete(name);
    }
    for (const [name, description] of listed) {
      if (this.#upses.has(name) || (!met.has(name) && met.size >= mostUpses)) continue;
      met.add(name);
      this.#upses.set(name, new WatchedUps(name, description, this.#deps));
    }
    const fault = this.#judge(listed.size);
    // The same one again is no news.
    if (fault?.what !== this.#listFault?.what) this.#listFault = fault;
  }

  /** upsd says no to nobody who asks for this, but what stands before it may. */
  #notListed(error: unknown): never {
    if (!(error instanceof Refusal)) throw error;
    const what = `It does not tell its UPSes: it answered ${error.code}.`;
    const remedy = 'Look at who may ask it: its own configuration, or what stands between it and this computer.';
    throw upsFault('ups-refused', serverPlace(this.#deps.server), what, remedy);
  }

  #judge(listed: number): Fault | null {
    const where = serverPlace(this.#deps.server);
    const fault = (what: string): Fault => upsFault('ups-unsupported', where, what, 'Look at ups.conf on it.').fault;
    if (listed === 0) return fault('The server has no UPS.');
    if (listed > mostUpses) return fault(`The server has ${listed} UPSes; only ${mostUpses} of them are read.`);
    if (listed === this.#upses.size) return null;
    return fault(
      `The server has named more than ${mostUpses} different UPSes; no new one is read before it is set up anew.`,
    );
  }

  async #signIn(ups: string): Promise<void> {
    this.#login = ups;
    const { server, talk, password } = this.#deps;
    this.#loginFault = await signIn(server, talk, ups, password);
    this.#signedIn = this.#loginFault === null;
    this.#deps.news();
  }

  #pause(): Promise<void> {
    return new Promise((resolve) => {
      const cancel = this.#deps.clock.after(this.#onBattery ? pace.onBattery : pace.onMains, resolve);
      this.#wake = () => {
        cancel();
        resolve();
      };
    });
  }
}
