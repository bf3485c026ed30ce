import { createHmac, randomBytes } from 'node:crypto';
import { FaultError } from '../../../shared/fault.ts';
import type { Host } from '../../../shared/inventory.ts';
import type { Clock, Credential, Credentials } from '../../core/ports.ts';

/** Milliseconds of the clock: as long as ESXi keeps an account locked after five wrong passwords. */
const rememberMs = 15 * 60_000;

/**
 * Passwords that a host has refused. Every step and every look signs in for itself, so without this a wrong password
 * would be tried until the account is locked. Another password may be tried at once. A run tries each once anew.
 */
export class RefusedLogins {
  readonly #clock: Clock;
  /** Kept instead of the password; worth nothing outside this process. */
  readonly #salt = randomBytes(32);
  readonly #refused = new Map<string, { fault: FaultError; until: number }>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /**
   * Signs in by `attempt`, unless the same password was refused within the last 15 min.
   * @throws FaultError the refusal of then, without asking the host again
   */
  async guard<T>(host: Host, credentials: Credentials, attempt: (credentials: Credentials) => Promise<T>): Promise<T> {
    let mark = '';
    const watched: Credentials = {
      for: async (asked) => {
        const credential = await credentials.for(asked);
        mark = this.#markOf(host, credential);
        const known = this.#refused.get(mark);
        if (known && this.#clock.monotonic() < known.until) throw known.fault;
        return credential;
      },
    };
    try {
      return await attempt(watched);
    } catch (error) {
      if (mark !== '' && error instanceof FaultError && error.fault.code === 'login-refused') this.#keep(mark, error);
      throw error;
    }
  }

  /**
   * Lets each be tried once more, as for a run: what stood in the way (a directory server, an account locked for a
   * while) may be gone, and a host that is left on for a refusal of the morning is worse than one attempt. What is
   * refused then is refused for the rest of the run, if that is over within 15 min.
   */
  forget(): void {
    this.#refused.clear();
  }

  #keep(mark: string, fault: FaultError): void {
    const known = this.#refused.get(mark);
    if (known?.fault !== fault) this.#refused.set(mark, { fault, until: this.#clock.monotonic() + rememberMs });
  }

  /** Empty for keys, an agent's too: no host locks an account over them. */
  #markOf(host: Host, credential: Credential): string {
    if (credential.kind !== 'password') return '';
    const parts = [host.jump, host.address, host.port, host.user, credential.password];
    return createHmac('sha256', this.#salt).update(JSON.stringify(parts)).digest('hex');
  }
}
