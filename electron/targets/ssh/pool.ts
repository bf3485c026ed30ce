import type { Duplex } from 'node:stream';
import { FaultError } from '../../../shared/fault.ts';
import type { Host, HostKey } from '../../../shared/inventory.ts';
import type { Clock, Credentials, Warmer } from '../../core/ports.ts';
import { hostFault } from '../host-fault.ts';
import type { LookAt } from '../reach.ts';
import { resolveName } from '../resolve-name.ts';
import { connect } from './connect.ts';
import { type CommandResult, type ExecOptions, exec } from './exec.ts';
import { endLine, isIdle, type Line, newLine, whenOver } from './line.ts';
import { RefusedLogins } from './refused-logins.ts';
import type { Tunnel } from './tunnel.ts';
import type { Way } from './way.ts';
import { type Lent, type Surroundings, Ways } from './ways.ts';

/** Milliseconds of the clock after which a connection that nobody uses is closed. */
const idleMs = 60_000;

/** Milliseconds of the clock for which a connection to a host that was told to go down is watched. */
const leftMs = 15 * 60_000;

/** What step kinds need of SSH. */
export interface RemoteShell {
  /**
   * Runs one command on a host.
   * @throws FaultError everything of `connect` and `exec`; `unexpected-answer` when it takes no command
   */
  run(host: Host, command: string, options: ExecOptions): Promise<CommandResult>;
  /** A connection to it is signed in, and has not ended as far as can be told. */
  stands(host: Host): boolean;
  /**
   * The host is going down: its connection takes no more commands and is not missed when it ends. It stays open, as
   * its end tells that the host ended it.
   */
  leave(host: Host): void;
  /** Drops its connection, unless a command uses it or it is kept warm: what comes next signs in anew. */
  forget(host: Host): void;
  /** How often the host itself ended a connection of ours. */
  endedByHost(host: Host): Endings;
  /** Calls when the host itself ends a connection of ours. Returns what ends it. */
  onEndedByHost(host: Host, call: () => void): () => void;
}

export interface Endings {
  count: number;
  /** The last one, in monotonic ms. */
  at: number;
}

const noEnding: Endings = { count: 0, at: Number.NEGATIVE_INFINITY };

/** Nobody else is known, and names are resolved when they are needed. */
const alone: Surroundings = { hosts: () => null, addresses: { of: resolveName } };

/**
 * One connection per host, shared by the steps that need it; made when first used or warmed, and anew when it has died.
 * That of a jump host is shared, too, by the connections that go through it, and stays open as long as they do. A
 * password that a host refused is not tried again for 15 min by the same pool, but for once in each run.
 */
export class SshPool implements RemoteShell, Warmer {
  readonly #credentials: Credentials;
  readonly #clock: Clock;
  readonly #refused: RefusedLogins;
  /** Until each has ended. */
  readonly #all = new Set<Line>();
  /** That take commands. */
  readonly #lines = new Map<string, Line>();
  /** By host id: an edited host takes the place of what it was. */
  readonly #held = new Map<string, Line>();
  readonly #left = new Map<string, Line>();
  readonly #endings = new Map<string, Endings>();
  readonly #onLost = new Set<(hostId: string) => void>();
  readonly #onEnded = new Set<(key: string) => void>();
  readonly #ways: Ways;
  /** Looks once at a host's SSH port, through its jump host if it has one. */
  readonly look: LookAt;
  /** As `readHostKey`, through its jump host if it has one. */
  readonly readHostKey: (host: Host) => Promise<HostKey>;

  constructor(credentials: Credentials, clock: Clock, around: Surroundings = alone) {
    this.#credentials = credentials;
    this.#clock = clock;
    this.#refused = new RefusedLogins(clock);
    this.#ways = new Ways(around, (jump, work) => this.#lend(jump, work));
    this.look = this.#ways.look;
    this.readHostKey = this.#ways.readHostKey;
  }

  async run(host: Host, command: string, options: ExecOptions): Promise<CommandResult> {
    for (;;) {
      const reused = this.#lines.has(keyOf(host));
      const line = this.#lines.get(keyOf(host)) ?? this.#open(host);
      const answer = await this.#use(line, async () => exec(await line.client, host, command, options)).catch(
        (error) => {
          // The end of a dead connection may be long in coming: it takes no more commands now.
          if (error instanceof FaultError && error.fault.code === 'dead-peer') this.#part(host, line);
          throw error;
        },
      );
      if (!('notSent' in answer)) return answer;
      // It may be that it takes no second command at once.
      if (answer.lost) this.#drop(host, line);
      else this.#part(host, line);
      // A connection from before the host went down and came back: the next one tells how things are.
      if (reused) continue;
      throw hostFault(
        host,
        answer.lost ? 'dead-peer' : 'unexpected-answer',
        `it let us in and took no command (${answer.notSent})`,
        'Try to run a command there by hand: ssh USER@HOST true',
      );
    }
  }

  stands(host: Host): boolean {
    return (this.#left.get(keyOf(host)) ?? this.#lines.get(keyOf(host)))?.stands ?? false;
  }

  leave(host: Host): void {
    const key = keyOf(host);
    const line = this.#lines.get(key);
    if (!line) return;
    this.#lines.delete(key);
    line.left = true;
    this.#letGo(host.id, line);
    const before = this.#left.get(key);
    if (before) endLine(before);
    this.#left.set(key, line);
    line.stopIdle = this.#clock.after(leftMs, () => {
      if (isIdle(line)) endLine(line);
      else line.left = false;
    });
  }

  forget(host: Host): void {
    const line = this.#lines.get(keyOf(host));
    if (!line || line.busy > 0 || line.held) return;
    if (line.carries > 0) this.#detach(host, line);
    else this.#drop(host, line);
  }

  endedByHost(host: Host): Endings {
    return this.#endings.get(keyOf(host)) ?? noEnding;
  }

  onEndedByHost(host: Host, call: () => void): () => void {
    const key = keyOf(host);
    const listener = (ended: string): void => {
      if (ended === key) call();
    };
    this.#onEnded.add(listener);
    return () => this.#onEnded.delete(listener);
  }

  async warm(host: Host, signal: AbortSignal): Promise<void> {
    const line = this.#lines.get(keyOf(host)) ?? this.#open(host);
    const before = this.#held.get(host.id);
    if (before && before !== line) this.#letGo(host.id, before);
    this.#held.set(host.id, line);
    line.held = true;
    line.stopIdle();
    const giveUp = (): void => {
      if (!line.stands) this.#letGo(host.id, line);
    };
    signal.addEventListener('abort', giveUp, { once: true });
    try {
      if (signal.aborted) giveUp();
      await line.client;
    } finally {
      signal.removeEventListener('abort', giveUp);
    }
  }

  onLost(call: (hostId: string) => void): () => void {
    this.#onLost.add(call);
    return () => this.#onLost.delete(call);
  }

  release(): void {
    for (const [hostId, line] of [...this.#held]) this.#letGo(hostId, line);
  }

  runBegins(): void {
    this.#refused.forget();
  }

  /** Ends every connection, and those that are being made. */
  close(): void {
    for (const line of this.#all) endLine(line);
    for (const known of [this.#lines, this.#held, this.#left]) known.clear();
  }

  #open(host: Host): Line {
    const abort = new AbortController();
    const wayTo = async (): Promise<Way> => {
      line.way = await this.#ways.to(host).catch((cause: unknown) => {
        throw new NoWay(cause);
      });
      return line.way;
    };
    const client = this.#refused
      .guard(host, this.#credentials, (watched) => connect(host, watched, abort.signal, wayTo))
      .catch((error: unknown) => {
        throw error instanceof NoWay ? error.cause : error;
      });
    const line: Line = newLine(client, abort);
    this.#all.add(line);
    this.#lines.set(keyOf(host), line);
    client.then(
      (made) => {
        line.stands = true;
        whenOver(line, made, (byHost) => this.#over(host, line, byHost));
      },
      () => this.#drop(host, line),
    );
    return line;
  }

  async #use<T>(line: Line, work: () => Promise<T>): Promise<T> {
    line.busy += 1;
    line.stopIdle();
    try {
      return await work();
    } finally {
      line.busy -= 1;
      this.#rest(line);
    }
  }

  /** Works over the connection to a jump host. One from before it was away turns out to be lost: then over a new one. */
  async #lend(jump: Host, work: (lent: Lent) => Promise<Tunnel>): Promise<Tunnel> {
    for (;;) {
      const reused = this.#lines.has(keyOf(jump));
      const line = this.#lines.get(keyOf(jump)) ?? this.#open(jump);
      const tunnel = await this.#use(line, async () =>
        work({ client: await line.client, stands: () => line.stands, carry: (stream) => this.#carry(line, stream) }),
      );
      if (tunnel.is !== 'lost') return tunnel;
      this.#part(jump, line);
      if (!reused) return tunnel;
    }
  }

  #carry(line: Line, stream: Duplex): void {
    line.carries += 1;
    stream.once('close', () => {
      line.carries -= 1;
      this.#rest(line);
    });
  }

  /** Nobody may be using it any more: then it is closed after a while. */
  #rest(line: Line): void {
    if (!isIdle(line) || line.held || line.left || line.abort.signal.aborted) return;
    line.stopIdle();
    line.stopIdle = this.#clock.after(idleMs, () => endLine(line));
  }

  #letGo(hostId: string, line: Line): void {
    if (this.#held.get(hostId) === line) this.#held.delete(hostId);
    line.held = false;
    line.stopIdle();
    // One that is still being made was made for this alone, unless a command waits for it.
    if (!line.stands && isIdle(line)) endLine(line);
    else this.#rest(line);
  }

  #over(host: Host, line: Line, byHost: boolean): void {
    const key = keyOf(host);
    if (this.#left.get(key) === line) this.#left.delete(key);
    this.#drop(host, line);
    if (!byHost) return;
    this.#endings.set(key, { count: this.endedByHost(host).count + 1, at: this.#clock.monotonic() });
    for (const call of [...this.#onEnded]) call(key);
  }

  /** It is not used any more. What goes on over it must not be cut off: if it is dead, that ends by the keepalive. */
  #part(host: Host, line: Line): void {
    if (isIdle(line)) this.#drop(host, line);
    else this.#detach(host, line);
  }

  /** No new command uses it; it is closed when it has rested. */
  #detach(host: Host, line: Line): void {
    if (this.#lines.get(keyOf(host)) === line) this.#lines.delete(keyOf(host));
  }

  #drop(host: Host, line: Line): void {
    const wasHeld = this.#held.get(host.id) === line;
    const stood = line.stands;
    line.stands = false;
    this.#all.delete(line);
    if (wasHeld) this.#held.delete(host.id);
    this.#detach(host, line);
    endLine(line);
    if (wasHeld && stood) for (const call of [...this.#onLost]) call(host.id);
  }
}

/** What keeps us out of a jump host: that one's refusal is none of the password of the host behind it. */
class NoWay extends Error {
  constructor(cause: unknown) {
    super('no way to the host', { cause });
  }
}

/** A host whose address, user or pinned keys were edited is another host: its old connection is not for it. */
const keyOf = (host: Host): string => JSON.stringify(host);
