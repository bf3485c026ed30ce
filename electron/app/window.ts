import { BrowserWindow, nativeTheme, type Rectangle, screen } from 'electron';
import { type Push, pushChannel } from '../../shared/ipc.ts';
import type { Log } from '../storage/log.ts';
import { origin } from './asset-path.ts';

/** A window that crashes again within so many ms is not reopened by itself: it would only crash again. */
const crashLoop = 10_000;

/** As the pages' own background, so that nothing flashes while they load. */
const background = { light: '#f4f5f7', dark: '#14171b' };

export interface WindowDeps {
  preload: string;
  icon: string;
  log: Log;
  /** The user closed it; Glidepath goes on in the tray. */
  closed(): void;
}

/** The one window. Made when it is wanted and destroyed when it is closed: in the tray it costs nothing. */
export class AppWindow {
  readonly #deps: WindowDeps;
  #window: BrowserWindow | null = null;
  #bounds: Rectangle | null = null;
  #crashedAt = Number.NEGATIVE_INFINITY;

  constructor(deps: WindowDeps) {
    this.#deps = deps;
  }

  get current(): BrowserWindow | null {
    return this.#window;
  }

  /** Makes it, or brings it to the front. */
  open(): void {
    if (this.#window) {
      if (this.#window.isMinimized()) this.#window.restore();
      this.#window.show();
      this.#window.focus();
      return;
    }
    const window = this.#make();
    this.#window = window;
    this.#listen(window);
    // A load that fails is told by did-fail-load; here it would be an unhandled rejection.
    window.loadURL(`${origin}/index.html`).catch(() => undefined);
  }

  send(push: Push): void {
    this.#window?.webContents.send(pushChannel, push);
  }

  #make(): BrowserWindow {
    const { width, height } = screen.getPrimaryDisplay().workAreaSize;
    return new BrowserWindow({
      title: 'Glidepath',
      ...(this.#bounds ?? { width: Math.min(1280, width), height: Math.min(800, height) }),
      minWidth: 480,
      minHeight: 400,
      show: false,
      icon: this.#deps.icon,
      autoHideMenuBar: true,
      backgroundColor: nativeTheme.shouldUseDarkColors ? background.dark : background.light,
      webPreferences: {
        preload: this.#deps.preload,
        sandbox: true,
        contextIsolation: true,
        nodeIntegration: false,
        webviewTag: false,
        spellcheck: false,
      },
    });
  }

  #listen(window: BrowserWindow): void {
    const { log, closed } = this.#deps;
    window.once('ready-to-show', () => window.show());
    window.on('close', () => {
      this.#bounds = window.getNormalBounds();
    });
    window.on('closed', () => {
      if (this.#window !== window) return;
      this.#window = null;
      closed();
    });
    window.webContents.on('did-fail-load', (_event, code, reason, url) => log.error(`${url}: ${reason} (${code})`));
    window.webContents.on('preload-error', (_event, _path, error) => log.error(`preload: ${error.message}`));
    window.webContents.on('render-process-gone', (_event, { reason }) => {
      if (reason === 'clean-exit') return;
      log.error(`the window's process is gone: ${reason}`);
      this.#reopen(window);
    });
  }

  #reopen(crashed: BrowserWindow): void {
    if (this.#window !== crashed) return;
    this.#bounds = crashed.getNormalBounds();
    this.#window = null;
    crashed.destroy();
    const at = performance.now();
    if (at - this.#crashedAt > crashLoop) this.open();
    this.#crashedAt = at;
  }
}
