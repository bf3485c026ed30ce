import { assertNever } from '../../shared/assert-never.ts';
import type { Look } from './reach.ts';

/** What proves that a host is off; the words are those of the power-off step. */
export type OffProof = 'silent' | 'port-closed';

const needs = {
  /** A host that restarts its network, or drops one packet, is not off: ms without any answer, and looks. */
  silent: { looks: 4, ms: 20_000 },
  'port-closed': { looks: 3, ms: 2000 },
} as const;

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
  #looks = 0;
  #since = 0;
  #last = 0;

  constructor(until: OffProof) {
    this.#until = until;
  }

  /** @param began and ended: of the look, in monotonic ms. */
  add(look: Look, began: number, ended: number): Evidence {
    if (!this.#fits(look)) {
      this.#looks = 0;
      return { proven: false, text: answers[look] };
    }
    if (this.#looks === 0 || began - this.#last > gapMs) {
      this.#looks = 0;
      this.#since = began;
    }
    this.#looks += 1;
    this.#last = ended;
    const { looks, ms } = needs[this.#until];
    const spanMs = ended - this.#since;
    const seconds = Math.floor(spanMs / 1000);
    const what = this.#until === 'silent' ? 'no answer' : 'port closed';
    return {
      proven: this.#looks >= looks && spanMs >= ms,
      text: this.#looks === 1 ? `${what} yet` : `${what} for ${seconds} s, ${this.#looks} looks`,
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

const answers: Record<Look, string> = {
  open: 'its SSH port still answers',
  closed: 'its SSH port is closed, the host still answers',
  silent: 'no answer',
  blind: 'this computer cannot look',
};
