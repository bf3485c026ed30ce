import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { _electron, type ElectronApplication, type Page } from 'playwright-core';
import type { Answer, Bridge, RequestInput, RequestName, RequestOutputs } from '../../../shared/ipc.ts';
import type { RunView } from '../../../shared/run.ts';
import type { Slices } from '../../../shared/view.ts';

const root = join(import.meta.dirname, '../../..');

export function newDataFolder(): string {
  return mkdtempSync(join(tmpdir(), 'glidepath-e2e-'));
}

interface WithBridge {
  glidepath: Bridge;
  /** What this test has been told, kept beside the window's own store. */
  heard: Slices;
}

/** Listens as the window does: everything once, then what changes. */
async function listen(): Promise<void> {
  const page = globalThis as unknown as WithBridge;
  const early: Partial<Slices>[] = [];
  let take = (news: Partial<Slices>): void => void early.push(news);
  page.glidepath.onPush(({ slices }) => take(slices));
  const answer = await page.glidepath.request('snapshot', {});
  if (!answer.ok) throw new Error(answer.fault.what);
  page.heard = Object.assign(answer.value.slices, ...early);
  take = (news) => Object.assign(page.heard, news);
}

async function heardIn(page: Page): Promise<Page> {
  await page.waitForFunction(() => 'glidepath' in globalThis);
  await page.evaluate(listen);
  return page;
}

/** The built app, started as a user starts it, with its window open. */
export class App {
  readonly electron: ElectronApplication;
  readonly page: Page;
  readonly output: string[];

  private constructor(electron: ElectronApplication, page: Page, output: string[]) {
    this.electron = electron;
    this.page = page;
    this.output = output;
  }

  static async start(dataFolder: string, env: Record<string, string>): Promise<App> {
    const executablePath = process.env.GLIDEPATH_ELECTRON;
    if (!executablePath) throw new Error('GLIDEPATH_ELECTRON names no Electron');
    const electron = await _electron.launch({
      executablePath,
      cwd: root,
      args: [...(process.getuid?.() === 0 ? ['--no-sandbox'] : []), '.'],
      env: { ...(process.env as Record<string, string>), GLIDEPATH_DATA: dataFolder, ...env },
    });
    const output: string[] = [];
    electron
      .process()
      .stderr?.setEncoding('utf8')
      .on('data', (text: string) => output.push(text));
    electron
      .process()
      .stdout?.setEncoding('utf8')
      .on('data', (text: string) => output.push(text));
    return new App(electron, await heardIn(await electron.firstWindow()), output);
  }

  /** The same app, in the window that it opens next. */
  async nextWindow(timeout: number): Promise<App> {
    return new App(this.electron, await heardIn(await this.electron.waitForEvent('window', { timeout })), this.output);
  }

  get pid(): number {
    return this.electron.process().pid ?? -1;
  }

  /** Asks through the real bridge of the real window. */
  async request<N extends RequestName>(name: N, input: RequestInput<N>): Promise<RequestOutputs[N]> {
    const answer = (await this.page.evaluate(
      ([what, value]) => (globalThis as unknown as WithBridge).glidepath.request(what as RequestName, value as never),
      [name, input] as const,
    )) as Answer<N>;
    if (!answer.ok) throw new Error(`${name}: ${answer.fault.where}: ${answer.fault.what}`);
    return answer.value;
  }

  slices(): Promise<Slices> {
    return this.page.evaluate(() => (globalThis as unknown as WithBridge).heard);
  }

  async run(): Promise<RunView | null> {
    return (await this.slices()).run;
  }

  /** Looks ten times a second until it is so. */
  async until<T>(what: string, look: (slices: Slices) => T | null | undefined | false, ms = 60_000): Promise<T> {
    const end = Date.now() + ms;
    for (;;) {
      const slices = await this.slices();
      const found = look(slices);
      if (found) return found;
      if (Date.now() > end) {
        throw new Error(
          `waited ${ms} ms in vain for ${what}; ${JSON.stringify({ decision: slices.status.decision, powers: slices.status.powers.map((power) => power.sentence), log: slices.run?.log.slice(-8) }, null, 1)}\n${this.output.slice(-20).join('')}`,
        );
      }
      await this.page.waitForTimeout(100);
    }
  }

  /** The user's answer to every native question from now on: dialogs of the operating system are out of a test's reach. */
  async answerNativeQuestions(response: 0 | 1): Promise<void> {
    await this.electron.evaluate(({ dialog }, index) => {
      dialog.showMessageBox = async () => ({ response: index, checkboxChecked: false });
    }, response);
  }

  kill(signal: 'SIGKILL'): Promise<void> {
    const child = this.electron.process();
    const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
    child.kill(signal);
    return gone;
  }

  /** Ends the app without its questions. */
  async close(): Promise<void> {
    await this.kill('SIGKILL').catch(() => undefined);
  }
}
