import { join } from 'node:path';
import { app } from 'electron';
import type { Fault } from '../../shared/fault.ts';
import { toFault } from '../../shared/fault.ts';
import type { SliceName, Slices } from '../../shared/view.ts';
import { Questions } from '../brain/questions.ts';
import { follow } from '../control/client.ts';
import { type Controller, takeControl } from '../control/lock.ts';
import type { Who } from '../control/who.ts';
import type { Log } from '../storage/log.ts';
import { ask, tell } from './ask.ts';
import { bindDoor } from './bind-door.ts';
import { createDoor } from './door.ts';
import { lookingHandlers } from './looking-handlers.ts';
import type { AppOptions } from './start-app.ts';
import { AppTray } from './tray.ts';
import { type TrayAction, type TrayView, trayView } from './tray-view.ts';
import { wantsWindow } from './wants-window.ts';
import { AppWindow } from './window.ts';

/** Ms between two tries to hear the daemon again. */
const tryEvery = 2000;
/** Ms without one after which this app takes over: what restarts the daemon has had its time. */
const gaveUpAfter = 60_000;
/** Ms for which one that begins may tell nothing. */
const beginsWithin = 10_000;

const nobody: Fault = {
  code: 'refused',
  what: 'The Glidepath service does not answer, and may have ended: what is shown is what it said last.',
  where: 'Glidepath service',
  remedy: `If nothing starts it again within ${gaveUpAfter / 1000} s, this app takes over.`,
};

/** The folder, and whether its window is to be opened. */
export interface TakenOver {
  controller: Controller;
  openWindow: boolean;
}

/**
 * The window and the tray of a Glidepath that runs without a window: they show its state, and change nothing. Resolves
 * when it is gone for good, this process has taken its place, and nothing of what was shown is left.
 */
export const showDaemon = (options: AppOptions, log: Log): Promise<TakenOver> =>
  new Promise((resolve) => new DaemonShell(options, log, resolve).listen());

class DaemonShell {
  readonly #options: AppOptions;
  readonly #log: Log;
  readonly #takenOver: (taken: TakenOver) => void;
  readonly #window: AppWindow;
  readonly #tray: AppTray;
  readonly #unbind: () => void;
  readonly #open = (): void => this.#openWindow();
  readonly #again = (_event: unknown, words: readonly string[]): void => {
    if (wantsWindow(words)) this.#openWindow();
  };
  #slices: Slices | null = null;
  #rev = 0;
  /** Since when nobody has been there, in monotonic ms; null: somebody is. */
  #goneSince: number | null = null;
  /** What the user was told last, where there is nothing to show it in. */
  #told = '';

  constructor(options: AppOptions, log: Log, takenOver: (taken: TakenOver) => void) {
    const { root, dataFolder } = options;
    this.#options = options;
    this.#log = log;
    this.#takenOver = takenOver;
    const icon = join(root, 'assets', 'icon.png');
    const preload = join(root, 'out', 'preload', 'preload.cjs');
    this.#window = new AppWindow({ preload, icon, log, closed: () => undefined });
    this.#tray = new AppTray(join(root, 'assets', 'tray'), silentTray, (action) => this.#act(action));
    const door = createDoor({
      handlers: lookingHandlers({ dataFolder, log, rev: () => this.#rev, slices: () => this.#slices }),
      questionFor: () => null,
      questions: new Questions((question) => ask(this.#window.current, question)),
      log,
    });
    this.#unbind = bindDoor(door, () => this.#window.current);
    app.on('second-instance', this.#again);
    app.on('activate', this.#open);
    log.info('another Glidepath controls this data folder: its state is shown here');
  }

  listen(): void {
    follow({
      dataFolder: this.#options.dataFolder,
      release: app.getVersion(),
      onSlices: (now, changed, who) => this.#hear(now, changed, who),
      onGone: (fault) => this.#gone(fault),
    });
  }

  #hear(now: Slices, changed: readonly SliceName[], { pid, since }: Who): void {
    const isFirst = this.#slices === null;
    this.#goneSince = null;
    this.#told = '';
    // Whatever it is to itself, to this window it is somebody else.
    this.#show({ ...now, controller: { who: 'daemon', pid, since } }, changed);
    if (isFirst && this.#options.openWindow) this.#window.open();
  }

  /** It hangs or cannot be read, or (null) nobody is there. */
  #gone(fault: Fault | null): void {
    // Who hangs is there: the folder is not taken from it.
    this.#goneSince = fault ? null : (this.#goneSince ?? performance.now());
    const goneFor = this.#goneSince === null ? 0 : performance.now() - this.#goneSince;
    const trouble = fault ?? nobody;
    if (this.#slices) this.#say(this.#slices, trouble);
    else if (fault || goneFor >= beginsWithin) this.#tellOnce(trouble);
    if (goneFor < gaveUpAfter) setTimeout(() => this.listen(), tryEvery);
    else
      this.#takeOver().catch((error: unknown) => {
        this.#log.error(`taking over: ${toFault(error, 'daemon').what}`);
        setTimeout(() => this.listen(), tryEvery);
      });
  }

  /** What was heard last goes on being shown, and that it is old. */
  #say(slices: Slices, trouble: Fault): void {
    if (slices.status.trouble?.what === trouble.what) return;
    this.#log.warn(`${trouble.where}: ${trouble.what}`);
    this.#show({ ...slices, status: { ...slices.status, trouble } }, ['status']);
    this.#tray.show(silentTray);
  }

  #tellOnce({ where, what, remedy }: Fault): void {
    if (this.#told === what) return;
    this.#told = what;
    this.#log.warn(`${where}: ${what}`);
    if (!this.#options.openWindow) return;
    tell(null, `Glidepath is controlled by another program. ${what}`, remedy).catch(() => undefined);
  }

  async #takeOver(): Promise<void> {
    const { dataFolder, openWindow } = this.#options;
    const taken = await takeControl(dataFolder, 'app', app.getVersion());
    if (!taken.taken) {
      setTimeout(() => this.listen(), tryEvery);
      return;
    }
    this.#log.info('nobody controls this data folder any more: this app does');
    const wasOpen = this.#slices ? this.#window.current !== null : openWindow;
    this.#unbind();
    app.off('second-instance', this.#again);
    app.off('activate', this.#open);
    this.#window.current?.destroy();
    this.#tray.destroy();
    this.#takenOver({ controller: taken.controller, openWindow: wasOpen });
  }

  #show(slices: Slices, changed: readonly SliceName[]): void {
    this.#slices = slices;
    this.#rev += 1;
    this.#window.send({
      rev: this.#rev,
      slices: Object.fromEntries(changed.map((name) => [name, slices[name]])),
    });
    const full = trayView(slices);
    const menu = full.menu.filter((item) => item.type !== 'action' || item.action === 'open' || item.action === 'quit');
    // It may be quit at any time: the service goes on.
    this.#tray.show({
      ...full,
      menu: menu.map((item) => (item.type === 'action' ? { ...item, enabled: true } : item)),
    });
  }

  #openWindow(): void {
    if (this.#slices) this.#window.open();
    else this.#told = '';
  }

  #act(action: TrayAction): void {
    if (action === 'open') this.#openWindow();
    else if (action === 'quit') app.exit(0);
  }
}

const silentTray: TrayView = {
  icon: 'lost-contact',
  tooltip: 'No answer from the Glidepath service',
  menu: [
    { type: 'action', action: 'open', label: 'Open Glidepath', enabled: true },
    { type: 'separator' },
    { type: 'line', label: 'No answer from the Glidepath service' },
    { type: 'separator' },
    { type: 'action', action: 'quit', label: 'Quit', enabled: true },
  ],
};
