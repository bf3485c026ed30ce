import { Child } from './process.ts';

/** A host's network card, which owns the host's network namespace and lives on while the host is off. */
export class Card {
  readonly #child: Child;
  readonly #answers: Array<() => void> = [];
  readonly #ready: Promise<void>;

  /** `wake` is called for every magic packet for its MAC, `hear` with all that it says. */
  constructor(program: string, mac: string, wake: () => void, hear: (line: string) => void) {
    this.#ready = this.#answer();
    this.#child = new Child('unshare', ['--net', '--', program, 'eth0', mac], (line) => {
      hear(`card: ${line}`);
      if (line === 'wake') wake();
      else if (line === 'ok' || line === 'ready') this.#answers.shift()?.();
    });
  }

  /** Its namespace is there; the cable may be plugged in. */
  ready(): Promise<void> {
    return this.#orEnded(this.#ready);
  }

  get pid(): number {
    return this.#child.pid;
  }

  get namespace(): string {
    return `/proc/${this.pid}/ns/net`;
  }

  /** Null: none. It hears all that comes, and answers nothing. */
  setAddress(address: string | null): Promise<void> {
    const answer = this.#answer();
    this.#child.say(address === null ? 'off' : `on ${address}`);
    return this.#orEnded(answer);
  }

  kill(): Promise<void> {
    this.#child.kill();
    return this.#child.ended;
  }

  #answer(): Promise<void> {
    return new Promise((resolve) => this.#answers.push(resolve));
  }

  #orEnded(answer: Promise<void>): Promise<void> {
    return Promise.race([answer, this.#child.ended]);
  }
}
