import { setMaxListeners } from 'node:events';
import type { Fault } from '../../../shared/fault.ts';
import { FaultError } from '../../../shared/fault.ts';
import type { Host } from '../../../shared/inventory.ts';
import { platforms } from '../../../shared/platforms.ts';
import type { Check } from '../../../shared/rehearsal.ts';
import type { CheckContext, Clock } from '../../core/ports.ts';
import { hostFault } from '../host-fault.ts';
import { ownOn } from '../kinds/deps.ts';
import type { Session } from '../platforms/session.ts';
import { platformTable } from '../platforms/table.ts';
import type { LookAt } from '../reach.ts';
import { apiOf, lookingOnly, type VsphereApi } from '../soap/api.ts';
import type { SoapServers } from '../soap/pool.ts';
import type { CommandResult } from '../ssh/exec.ts';
import type { RemoteShell } from '../ssh/pool.ts';
import { looked, ready } from './check.ts';
import { asking } from './commands.ts';
import { isHarmless } from './harmless.ts';

/** Milliseconds of the clock for signing in, looks at the port not counted: with those a host that hangs costs 15 s. */
const loginMs = 12_000;
/** Milliseconds of real time for one command that only looks. */
const commandMs = 10_000;

export interface HostLooksDeps {
  clock: Clock;
  shell: RemoteShell;
  soap: SoapServers;
  look: LookAt;
  hosts(id: string): Host | null;
  own(): Host | null;
}

/** What one rehearsal has seen of one host: nothing is looked at twice, and a password is tried once. */
interface Seen {
  reach: Promise<Check> | null;
  login: Promise<Check[]> | null;
  answers: Map<string, Promise<CommandResult>>;
  /** It stopped answering: nothing more is asked. */
  gone: Fault | null;
}

/** How the checks of all step kinds look at hosts. What belongs to one rehearsal hangs on its abort signal. */
export class HostLooks {
  readonly clock: Clock;
  readonly #shell: RemoteShell;
  readonly #soap: SoapServers;
  readonly #look: LookAt;
  readonly #hosts: (id: string) => Host | null;
  readonly #own: () => Host | null;
  readonly #seen = new WeakMap<AbortSignal, Map<string, Seen>>();

  constructor({ clock, shell, soap, look, hosts, own }: HostLooksDeps) {
    this.clock = clock;
    this.#shell = shell;
    this.#soap = soap;
    this.#look = look;
    this.#hosts = hosts;
    this.#own = own;
  }

  /** Whether the port at which it is spoken to answers. */
  reach(context: CheckContext, host: Host): Promise<Check> {
    const seen = this.#of(context, host);
    seen.reach ??= looked(this.clock, context, 'reach', () => this.#reach(host));
    return seen.reach;
  }

  /**
   * Reach, host key and login, in this order; what comes after one that fails is left out. Signs in anew: a
   * connection from before would not show that a key or a password has changed since.
   */
  enter(context: CheckContext, host: Host): Promise<Check[]> {
    const seen = this.#of(context, host);
    seen.login ??= this.#enter(context, host);
    return seen.login;
  }

  /**
   * Asks one thing of a host that let us in.
   * @throws FaultError what kept it from answering
   */
  async ask(context: CheckContext, host: Host, command: string): Promise<CommandResult> {
    const seen = this.#of(context, host);
    const known = seen.answers.get(command);
    if (known) return known;
    const asked = this.#ask(context, host, seen, command);
    seen.answers.set(command, asked);
    return asked;
  }

  /** The host for looking only. A management service that does not answer is not waited for. */
  session(context: CheckContext, host: Host): Session {
    return {
      host,
      clock: this.clock,
      signal: context.signal,
      patience: 1,
      run: (command) => this.ask(context, host, command),
      api: this.#api(context, host),
      tell: () => undefined,
      other: (id) => {
        const found = this.#hosts(id);
        return found && this.session(context, found);
      },
      own: ownOn({ own: this.#own }, host),
      spared: () => [],
    };
  }

  #of({ signal }: CheckContext, host: Host): Seen {
    let hosts = this.#seen.get(signal);
    if (!hosts) {
      // All that goes on at once waits for the one signal: ten, at which Node warns of a leak, are few.
      setMaxListeners(0, signal);
      hosts = new Map<string, Seen>();
      this.#seen.set(signal, hosts);
    }
    const key = JSON.stringify(host);
    const seen = hosts.get(key) ?? { reach: null, login: null, answers: new Map(), gone: null };
    hosts.set(key, seen);
    return seen;
  }

  async #reach(host: Host): Promise<string> {
    const look = await this.#look(host);
    if (look === 'open') return `port ${host.port} answers`;
    const what = {
      closed: `it answers, and nothing listens on port ${host.port}`,
      silent: `no answer on port ${host.port}`,
      blind: 'this computer has no way to it',
    }[look];
    const remedy =
      look === 'blind'
        ? 'Check the network of this computer, and that its name has an address.'
        : `Check that it is on, its address and port${platforms[host.kind].by === 'ssh' ? ', and that SSH is enabled' : ''}.`;
    throw hostFault(host, 'unreachable', what, remedy);
  }

  async #enter(context: CheckContext, host: Host): Promise<Check[]> {
    const reach = await this.reach(context, host);
    // Broken off meanwhile: a run may have begun, and signing in is its turn now.
    if (reach.verdict !== 'ready' || context.signal.aborted) return [reach];
    this.#shell.forget(host);
    this.#soap.forget(host);
    const login = await looked(this.clock, context, 'login', () => this.#signIn(context, host));
    const code = login.fault?.code;
    if (code === 'host-key-unknown' || code === 'host-key-changed') return [reach, { ...login, what: 'host-key' }];
    // Without a credential nothing was sent, and a host that hung did not come to show its key.
    if (code !== undefined && code !== 'login-refused' && code !== 'not-allowed') return [reach, login];
    return [reach, ready('host-key', 'it shows the key that was confirmed', null), login];
  }

  #api(context: CheckContext, host: Host): VsphereApi {
    return lookingOnly(apiOf(this.#soap, host, { signal: context.signal }));
  }

  async #signIn(context: CheckContext, host: Host): Promise<string> {
    if (platforms[host.kind].by === 'soap') {
      await this.#within(this.#api(context, host).content(), host);
      return `${host.user} is let in by ${host.login}`;
    }
    const { code, stdout, stderr } = await this.#within(
      this.ask(context, host, platformTable[host.kind].signIn ?? asking.signIn),
      host,
    );
    if (code === 0) return `${host.user} is let in by ${host.login}`;
    const said = (stderr.trim() || stdout.trim()).slice(0, 300);
    const what = `it lets ${host.user} in and runs no command for it: ${said || `exit code ${code}`}`;
    throw hostFault(host, 'not-allowed', what, `Give ${host.user} a shell there, or let another user sign in.`);
  }

  async #ask(context: CheckContext, host: Host, seen: Seen, command: string): Promise<CommandResult> {
    if (!isHarmless(command)) throw new Error(`no command for looking only: ${command}`);
    if (seen.gone) throw new FaultError(seen.gone);
    try {
      const result = await this.#shell.run(host, command, { limitMs: commandMs, signal: context.signal });
      if (!result.dropped) return result;
      throw hostFault(host, 'dead-peer', 'it ended the connection while it was asked', 'Look whether it is still up.');
    } catch (error) {
      if (error instanceof FaultError) seen.gone = error.fault;
      throw error;
    }
  }

  /** @throws FaultError `dead-peer` when a host that took the connection has not let us in in time */
  #within<T>(work: Promise<T>, host: Host): Promise<T> {
    return new Promise((resolve, reject) => {
      const cancel = this.clock.after(loginMs, () =>
        reject(
          hostFault(
            host,
            'dead-peer',
            `it took the connection and has not let us in within ${loginMs / 1000} s`,
            'Look whether its SSH service is healthy; something else may be listening on this port.',
          ),
        ),
      );
      work.finally(cancel).then(resolve, reject);
    });
  }
}

/** Whether what was entered by `enter` lets more be asked. */
export const isIn = (checks: readonly Check[]): boolean =>
  checks.some((check) => check.what === 'login' && check.verdict === 'ready');
