import { assertNever } from '../../shared/assert-never.ts';
import type { Host } from '../../shared/inventory.ts';
import { platforms } from '../../shared/platforms.ts';
import type { Look } from './reach.ts';

/** What proves that a host is off; the words are those of the power-off step. */
export type OffProof = 'silent' | 'port-closed';

const needs = {
  /** A host that restarts its network, or drops one packet, is not off: ms without any answer, and looks. */
  silent: { looks: 4, ms: 20_000 },
  'port-closed': { looks: 3, ms: 2000 },
} as const;

/**
 * What `port-closed` needs once the host has itself ended the session over which it took the power-off. The 2 s are
 * there because a restarting sshd closes its port for a moment; but a restart leaves the sessions alone (each has a
 * process of its own, systemd's unit says KillMode=process), and a network that fails ends none: our time-outs do not
 * count as the host's doing. A host that ends its sessions after it was told to go down, and then refuses twice, is on
 * its way down. More than that 2 s do not prove either: a host that hangs on its way has its port closed, too. `silent`
 * is about the host being off, of which sessions say nothing, and stays as it is.
 */
const afterEnd = { looks: 2, ms: 100 } as const;

/** Milliseconds to wait between the two looks of `afterEnd`. */
export const lookAgainMs = afterEnd.ms;

/** Looks further apart than this (ms) do not make one stretch of silence. */
const gapMs = 60_000;

export interface Evidence {
  proven: boolean;
  /** For people: what was seen so far. */
  text: string;
}

/** Collects looks at one host until they prove that it is off. One answer that does not fit, and it starts over. */
export class OffTracker {
  readonly #until: OffProof;
  /** What of the host is looked at, as "its SSH port 22". */
  readonly #port: string;
  #looks = 0;
  #since = 0;
  #last = 0;

  constructor(until: OffProof, { kind, port }: Pick<Host, 'kind' | 'port'>) {
    this.#until = until;
    this.#port = `its ${platforms[kind].by === 'ssh' ? 'SSH' : 'HTTPS'} port ${port}`;
  }

  /**
   * @param began and ended: of the look, in monotonic ms
   * @param sessionEnded the host ended the session over which it was told to go down
   */
  add(look: Look, began: number, ended: number, sessionEnded = false): Evidence {
    if (!this.#fits(look)) {
      this.#looks = 0;
      return { proven: false, text: answers[look](this.#port) };
    }
    if (this.#looks === 0 || began - this.#last > gapMs) {
      this.#looks = 0;
      this.#since = began;
    }
    this.#looks += 1;
    this.#last = ended;
    const fast = sessionEnded && this.#until === 'port-closed';
    const { looks, ms } = fast ? afterEnd : needs[this.#until];
    const spanMs = ended - this.#since;
    const seconds = Math.floor(spanMs / 1000);
    const what = this.#until === 'silent' ? 'no answer' : 'port closed';
    const since = fast ? `${what} after it ended our session` : `${what} for ${seconds} s`;
    return {
      proven: this.#looks >= looks && spanMs >= ms,
      text: this.#looks === 1 ? `${what} yet` : `${since}, ${this.#looks} looks`,
    };
  }

  #fits(look: Look): boolean {
    switch (look) {
      case 'silent':
        return true;
      case 'closed':
        return this.#until === 'port-closed';
      case 'open':
      case 'blind':
        return false;
      default:
        return assertNever(look, 'look');
    }
  }
}

const answers: Readonly<Record<Look, (port: string) => string>> = {
  open: (port) => `${port} still answers`,
  closed: (port) => `${port} is closed, the host still answers`,
  silent: () => 'no answer',
  blind: () => 'this computer cannot look',
};
