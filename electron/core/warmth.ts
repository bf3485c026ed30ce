import { type Fault, type FaultCode, toFault } from '../../shared/fault.ts';
import type { Host } from '../../shared/inventory.ts';
import type { ReachView } from '../../shared/view.ts';
import type { Clock, Warmer } from './ports.ts';

/** Connections that are opened at the same time, so that hundreds of hosts do not starve what is decided meanwhile. */
const width = 10;

/** Ms before a host is tried again; doubled each time. */
const firstWait = 5000;
const longestWait = 60_000;

/** Ms that a connection has to stand: one that is lost sooner counts as a failure, and is not opened again at once. */
const lasting = 60_000;

/** Trying again could lock an account, or send something to a stranger. They stand until the host is edited. */
const standing: ReadonlySet<FaultCode> = new Set(['login-refused', 'host-key-changed', 'host-key-unknown']);

type State =
  | { at: 'queued' }
  | { at: 'opening'; abort: AbortController }
  | { at: 'warm'; since: number }
  | { at: 'failed'; stopWait: () => void };

interface Kept {
  readonly host: Host;
  /** Of the host: when it is edited, all that was found out about it is void. */
  readonly content: string;
  state: State;
  /** Failures in a row. */
  failures: number;
  /** Why it failed last, while it is tried again. */
  last: Fault | null;
}

/** Keeps connections to hosts open before they are needed, and knows which hosts cannot be reached. */
export class Warmth {
  readonly #warmer: Warmer;
  readonly #clock: Clock;
  readonly #changed: () => void;
  readonly #kept = new Map<string, Kept>();
  #stopLost: (() => void) | null = null;

  constructor({ warmer, clock, changed }: { warmer: Warmer; clock: Clock; changed(): void }) {
    this.#warmer = warmer;
    this.#clock = clock;
    this.#changed = changed;
  }

  /**
   * Connections to these hosts are wanted, and to no others. Call it as often as you like: the same hosts again change
   * nothing. A host that was told to go down belongs here no longer, or it would be signed in to on its way.
   */
  keep(hosts: readonly Host[]): void {
    this.#stopLost ??= this.#warmer.onLost((hostId) => this.#lost(hostId));
    const wanted = new Map(hosts.map((host) => [host.id, host]));
    let changed = false;
    for (const [id, kept] of this.#kept) {
      const host = wanted.get(id);
      if (host && (host === kept.host || JSON.stringify(host) === kept.content)) continue;
      this.#forget(id, kept);
      changed = true;
    }
    for (const host of wanted.values()) {
      if (this.#kept.has(host.id)) continue;
      const content = JSON.stringify(host);
      this.#kept.set(host.id, { host, content, state: { at: 'queued' }, failures: 0, last: null });
      changed = true;
    }
    if (!changed) return;
    this.#openNext();
    this.#changed();
  }

  /** A run begins: what was refused before it may be tried once more in it. */
  runBegins(): void {
    this.#warmer.runBegins();
  }

  /** Nothing needs to be kept any longer. */
  release(): void {
    if (this.#stopLost === null) return;
    this.#stopLost();
    this.#stopLost = null;
    for (const [id, kept] of this.#kept) this.#forget(id, kept);
    this.#warmer.release();
    this.#changed();
  }

  /** In the order in which the hosts came. A host that failed says so until it is warm, also while it is tried again. */
  views(): ReachView[] {
    return [...this.#kept].map(([hostId, { state, last }]) => {
      if (state.at === 'warm') return { hostId, state: 'warm', fault: null };
      return last ? { hostId, state: 'failed', fault: last } : { hostId, state: 'opening', fault: null };
    });
  }

  #forget(id: string, kept: Kept): void {
    this.#kept.delete(id);
    if (kept.state.at === 'opening') kept.state.abort.abort();
    if (kept.state.at === 'failed') kept.state.stopWait();
  }

  #openNext(): void {
    let opening = [...this.#kept.values()].filter(({ state }) => state.at === 'opening').length;
    for (const kept of this.#kept.values()) {
      if (opening >= width) return;
      if (kept.state.at !== 'queued') continue;
      opening += 1;
      const abort = new AbortController();
      kept.state = { at: 'opening', abort };
      void this.#open(kept, abort.signal);
    }
  }

  async #open(kept: Kept, signal: AbortSignal): Promise<void> {
    let fault: Fault | null = null;
    try {
      await this.#warmer.warm(kept.host, signal);
    } catch (error) {
      fault = toFault(error, kept.host.name);
    }
    // Forgotten meanwhile: whatever became of it, it is nobody's any more.
    if (signal.aborted) return this.#openNext();
    if (fault) this.#failed(kept, fault);
    else {
      kept.state = { at: 'warm', since: this.#clock.monotonic() };
      kept.last = null;
    }
    this.#openNext();
    this.#changed();
  }

  #failed(kept: Kept, fault: Fault): void {
    kept.last = fault;
    const wait = Math.min(longestWait, firstWait * 2 ** kept.failures);
    kept.failures += 1;
    const again = () => {
      kept.state = { at: 'queued' };
      this.#openNext();
    };
    const stopWait = standing.has(fault.code) ? () => undefined : this.#clock.after(wait, again);
    kept.state = { at: 'failed', stopWait };
  }

  #lost(hostId: string): void {
    const kept = this.#kept.get(hostId);
    if (kept?.state.at !== 'warm') return;
    if (this.#clock.monotonic() - kept.state.since >= lasting) {
      kept.failures = 0;
      kept.state = { at: 'queued' };
      this.#openNext();
    } else this.#failed(kept, lostAgain(kept.host));
    this.#changed();
  }
}

const lostAgain = (host: Host): Fault => ({
  code: 'dead-peer',
  what: 'the connection was lost soon after it was made',
  where: `${host.name} (${host.address}:${host.port})`,
  remedy: 'Look whether its SSH service is healthy, and its network.',
});
