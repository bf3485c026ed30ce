import type { Client } from 'ssh2';
import type { Host } from '../../../shared/inventory.ts';
import type { Clock, Credentials } from '../../core/ports.ts';
import { hostFault } from '../host-fault.ts';
import { connect } from './connect.ts';
import { type CommandResult, type ExecOptions, exec } from './exec.ts';
import { RefusedLogins } from './refused-logins.ts';

/** Milliseconds of the clock after which a connection that nobody uses is closed. */
const idleMs = 60_000;

/** What step kinds need of SSH. */
export interface RemoteShell {
  /**
   * Runs one command on a host.
   * @throws FaultError everything of `connect` and `exec`; `unexpected-answer` when it takes no command
   */
  run(host: Host, command: string, options: ExecOptions): Promise<CommandResult>;
  /** Drops the connection to a host that is going down: it would only time out. */
  forget(host: Host): void;
}

interface Line {
  client: Promise<Client>;
  abort: AbortController;
  busy: number;
  stopIdle: () => void;
}

/**
 * One connection per host, shared by the steps that need it; made when first used, and anew when it has died. A
 * password that a host refused is not tried again for 15 min by the same pool.
 */
export class SshPool implements RemoteShell {
  readonly #credentials: Credentials;
  readonly #clock: Clock;
  readonly #refused: RefusedLogins;
  readonly #lines = new Map<string, Line>();

  constructor(credentials: Credentials, clock: Clock) {
    this.#credentials = credentials;
    this.#clock = clock;
    this.#refused = new RefusedLogins(clock);
  }

  async run(host: Host, command: string, options: ExecOptions): Promise<CommandResult> {
    for (;;) {
      const reused = this.#lines.has(keyOf(host));
      const line = this.#lines.get(keyOf(host)) ?? this.#open(host);
      const answer = await this.#use(line, async () => exec(await line.client, host, command, options));
      if (!('notSent' in answer)) return answer;
      this.#drop(host, line);
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

  forget(host: Host): void {
    const line = this.#lines.get(keyOf(host));
    if (line) this.#drop(host, line);
  }

  /** Ends every connection, and those that are being made. */
  close(): void {
    for (const line of this.#lines.values()) end(line);
    this.#lines.clear();
  }

  #open(host: Host): Line {
    const abort = new AbortController();
    const client = this.#refused.guard(host, this.#credentials, (watched) => connect(host, watched, abort.signal));
    const line: Line = { client, abort, busy: 0, stopIdle: () => undefined };
    this.#lines.set(keyOf(host), line);
    client.then(
      (made) => made.once('close', () => this.#drop(host, line)),
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
      if (line.busy === 0 && !line.abort.signal.aborted) line.stopIdle = this.#clock.after(idleMs, () => end(line));
    }
  }

  #drop(host: Host, line: Line): void {
    if (this.#lines.get(keyOf(host)) === line) this.#lines.delete(keyOf(host));
    end(line);
  }
}

/** A host whose address, user or pinned keys were edited is another host: its old connection is not for it. */
const keyOf = (host: Host): string => JSON.stringify(host);

function end(line: Line): void {
  line.stopIdle();
  // connect() destroys the connection on this signal, however far it has come.
  line.abort.abort();
}
