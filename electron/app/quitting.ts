import { app, type BrowserWindow, powerMonitor } from 'electron';
import type { QuitRule } from '../brain/quit-rule.ts';
import type { Log } from '../storage/log.ts';
import { ask, tell } from './ask.ts';

/** Ms that the engine gets to put things down before the process ends anyway. */
const stopLimit = 3000;

export interface QuittingDeps {
  rule(): QuitRule;
  window(): BrowserWindow | null;
  stop(): Promise<void>;
  log: Log;
}

/** Every way in which Glidepath ends: the user is asked first, the operating system is not kept waiting. */
export class Quitting {
  readonly #deps: QuittingDeps;
  #allowed = false;
  #asking = false;

  constructor(deps: QuittingDeps) {
    this.#deps = deps;
    app.on('before-quit', (event) => {
      if (this.#allowed) return;
      event.preventDefault();
      this.#ask().catch((error: unknown) => deps.log.error(`quit: ${String(error)}`));
    });
    const atOnce = (why: string) => {
      deps.log.info(`ending: ${why}`);
      this.#end().catch(() => app.exit(0));
    };
    for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => atOnce(signal));
    // Windows ends the process by itself after this, so there is no event to hold.
    powerMonitor.on('shutdown', () => atOnce('this computer is shutting down'));
  }

  get isUnderWay(): boolean {
    return this.#allowed;
  }

  async #ask(): Promise<void> {
    if (this.#asking) return;
    this.#asking = true;
    try {
      const { rule, window } = this.#deps;
      const now = rule();
      if (now.rule === 'refuse') await tell(window(), now.message, now.detail);
      // Asked again afterwards: a shutdown may have passed its line while the question stood there.
      else if (now.rule === 'free' || ((await ask(window(), now.question)) && rule().rule !== 'refuse'))
        await this.#end();
    } finally {
      this.#asking = false;
    }
  }

  async #end(): Promise<void> {
    if (this.#allowed) return;
    this.#allowed = true;
    const { stop, log } = this.#deps;
    await Promise.race([
      stop().catch((error: unknown) => log.error(`stopping: ${String(error)}`)),
      new Promise((resolve) => setTimeout(resolve, stopLimit)),
    ]);
    app.quit();
  }
}
