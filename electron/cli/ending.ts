import type { RunView } from '../../shared/run.ts';
import { onlyOwnEndLeft } from '../brain/own-end.ts';
import { pastTheLine } from '../brain/quit-rule.ts';

const signals = ['SIGTERM', 'SIGINT', 'SIGHUP'] as const;

export interface EndingDeps {
  run(): RunView | null;
  armed(): boolean;
  say(line: string): void;
}

/**
 * When the daemon may end after a signal: at once, but for a shutdown that passed its point of no return, which is
 * finished first, up to the power-off of this very computer. `look` is to be called whenever the run may be another;
 * `asked` resolves when it may end.
 */
export class Ending {
  readonly asked: Promise<void>;
  readonly #deps: EndingDeps;
  readonly #end: () => void;
  #isAsked = false;
  readonly #take = (signal: NodeJS.Signals): void => this.#ask(signal);

  constructor(deps: EndingDeps) {
    this.#deps = deps;
    const { promise, resolve } = withResolver();
    this.asked = promise;
    this.#end = resolve;
    for (const signal of signals) process.on(signal, this.#take);
  }

  look(): void {
    if (this.#isAsked && !mustFinish(this.#deps.run())) this.#end();
  }

  #ask(signal: string): void {
    const { say, run, armed } = this.#deps;
    this.#isAsked = true;
    const now = run();
    if (mustFinish(now)) {
      say(`${signal}: the shutdown passed its point of no return, so it is finished first`);
      return;
    }
    if (pastTheLine(now)) say(`${signal}: nothing is left of the shutdown but this computer, which goes down now`);
    else if (now && now.phase !== 'ended') say(`${signal}: the run rests where it is, and goes on at the next start`);
    else if (armed()) say(`${signal}: nobody shuts the rack down until the next start`);
    else say(`${signal}: ending`);
    this.#end();
  }
}

/** Its own power-off is what sends the signal: it would wait for an end that waits for it. */
const mustFinish = (run: RunView | null): boolean => run !== null && pastTheLine(run) && !onlyOwnEndLeft(run);

function withResolver(): { promise: Promise<void>; resolve: () => void } {
  let resolve: () => void = () => undefined;
  const promise = new Promise<void>((done) => {
    resolve = done;
  });
  return { promise, resolve };
}
