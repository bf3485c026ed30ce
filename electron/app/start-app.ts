import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { app, powerMonitor } from 'electron';
import type { Host, HostKey, KeyOwner } from '../../shared/inventory.ts';
import type { PowerView } from '../../shared/view.ts';
import { announcer } from '../brain/announcer.ts';
import { Brain } from '../brain/brain.ts';
import { lookOn } from '../brain/look-on.ts';
import { ordersThrough } from '../brain/orders-through.ts';
import { outliveErrors } from '../brain/outlive-errors.ts';
import { Questions } from '../brain/questions.ts';
import { quitRule } from '../brain/quit-rule.ts';
import { type Controller, takeControl } from '../control/lock.ts';
import type {
  Clock,
  Credentials,
  HostPasswords,
  Notifier,
  StepTable,
  UpsOrders,
  UpsSource,
  Warmer,
} from '../core/ports.ts';
import { fileLog, type Log } from '../storage/log.ts';
import { type Encryption, Secrets } from '../storage/secrets.ts';
import { ask } from './ask.ts';
import { bindDoor } from './bind-door.ts';
import { type Known, questionFor } from './confirmations.ts';
import { showDaemon } from './daemon-shell.ts';
import { createDoor } from './door.ts';
import { setAppMenu } from './menu.ts';
import { DesktopNotifier } from './notifications.ts';
import { preferences } from './preferences.ts';
import { serveAssets } from './protocol.ts';
import { Quitting } from './quitting.ts';
import { hardenContents, hardenSession } from './security.ts';
import { AppTray } from './tray.ts';
import { trayActions } from './tray-actions.ts';
import { trayView } from './tray-view.ts';
import { wantsWindow } from './wants-window.ts';
import { AppWindow } from './window.ts';

/** What the parts that meet the world may use. */
export interface Tools {
  credentials: Credentials;
  passwords: HostPasswords;
  /** Not to be called before the sources are started. */
  orders: UpsOrders;
  notifier: Notifier;
  clock: Clock;
  log: Log;
  /** Every UPS as it is now. Not to be called before the sources are started. */
  powers(): readonly PowerView[];
  /** A host of the inventory; null: there is none of that id. */
  hosts(id: string): Host | null;
  /** All of them. */
  inventory(): readonly Host[];
}

/** All in which the product, the demo and the tests differ. */
export interface AppOptions {
  /** The folder that holds out/ and assets/. */
  root: string;
  /** Where everything is kept that must survive. */
  dataFolder: string;
  /** false: only the tray, as when started at login. */
  openWindow: boolean;
  /** The engine's time. */
  clock: Clock;
  /** Called when Electron is ready. */
  keychain(): Encryption;
  sources(tools: Tools): readonly UpsSource[];
  targets(tools: Tools): {
    steps: StepTable;
    warmer: Warmer | null;
    /** @throws FaultError when the host does not answer */
    readHostKey(host: Host, of: KeyOwner): Promise<HostKey>;
  };
}

/** The running application, for the demo that plays on it. */
export interface Shell {
  brain: Brain;
  window: AppWindow;
}

/**
 * Composes and starts the application; null when one is running already, which then shows its window. While the daemon
 * controls the data folder its state is shown, and it resolves when this app has taken over. `registerScheme` must have
 * been called. Not to be awaited at the top level of a module: Electron is not ready before that has ended.
 */
export async function startApp(options: AppOptions): Promise<Shell | null> {
  if (!app.requestSingleInstanceLock()) {
    app.quit();
    return null;
  }
  const { dataFolder } = options;
  await mkdir(dataFolder, { recursive: true, mode: 0o700 });
  const log = fileLog(dataFolder);
  outliveErrors(log);
  log.info(`Glidepath ${app.getVersion()}, Electron ${process.versions.electron}, ${process.platform} ${process.arch}`);
  hardenContents(log);
  await app.whenReady();
  hardenSession(log);
  serveAssets(join(options.root, 'out', 'renderer'), log);
  setAppMenu();
  // Without a listener for it Electron quits when the window is closed.
  app.on('window-all-closed', () => undefined);
  const taken = await takeControl(dataFolder, 'app', app.getVersion());
  if (taken.taken) return openShell(options, log, taken.controller);
  const { controller, openWindow } = await showDaemon(options, log);
  return openShell({ ...options, openWindow }, log, controller);
}

async function openShell(options: AppOptions, log: Log, controller: Controller): Promise<Shell> {
  const { root, dataFolder, clock } = options;
  const icon = join(root, 'assets', 'icon.png');
  const window = new AppWindow({ preload: join(root, 'out', 'preload', 'preload.cjs'), icon, log, closed: tellOfTray });
  const isWindowFocused = () => window.current?.isFocused() ?? false;
  const desktop = new DesktopNotifier({ icon, log, isWindowFocused, clicked: () => window.open() });
  const secrets = new Secrets(dataFolder, options.keychain());
  const tools: Tools = {
    credentials: secrets,
    passwords: secrets,
    orders: ordersThrough(() => brain),
    notifier: { notify: (notice) => brain.notifier.notify(notice) },
    clock,
    log,
    powers: () => brain.status().powers,
    hosts: (id) => brain.workspace.findHost(id),
    inventory: () => brain.workspace.hosts().hosts.map(({ host }) => host),
  };
  const launch = { program: process.env.APPIMAGE ?? process.execPath, args: app.isPackaged ? [] : [root] };

  const brain = new Brain({
    dataFolder,
    version: app.getVersion(),
    clock,
    sources: options.sources(tools),
    ...options.targets(tools),
    secrets,
    notifier: desktop,
    log,
    window: { isOpen: () => window.current !== null, send: (push) => window.send(push) },
    controller: { who: 'this-app', pid: null, since: null },
    changed: () => refresh(),
    settingsChanged: preferences(launch, log),
  });
  const { workspace } = brain;
  const view = () => trayView({ status: brain.status(), run: brain.run(), plan: workspace.plan() });
  const known = (): Known => ({
    plan: workspace.plan(),
    hosts: workspace.hosts().hosts,
    supplies: brain.supplies.view(),
    powers: brain.status().powers,
    run: brain.run(),
  });
  const questions = new Questions((question) => ask(window.current, question));
  const act = trayActions({ window, workspace, brain, known, questions });
  const tray = new AppTray(join(root, 'assets', 'tray'), view(), act);
  const announceNews = announcer(brain, desktop);

  function refresh(): void {
    tray.show(view());
    announceNews();
  }

  const quitting = new Quitting({
    rule: () => quitRule(brain.run(), workspace.plan().armed),
    window: () => window.current,
    stop: async () => {
      await brain.stop();
      await controller.fallSilent();
    },
    log,
  });

  function tellOfTray(): void {
    if (quitting.isUnderWay || workspace.closeNoticeShown) return;
    const body = 'It keeps watching the UPS. To end it, choose Quit in the menu of its tray icon.';
    desktop.notify({ category: 'user', urgency: 'normal', title: 'Glidepath goes on in the tray', body });
    workspace.saveSettings({ closeNoticeShown: true }).catch((error: unknown) => log.warn(String(error)));
  }

  const door = createDoor({
    handlers: brain.handlers,
    questionFor: (name, input) => questionFor(name, input, known()),
    questions,
    log,
  });
  bindDoor(door, () => window.current);

  // Before the first wait.
  app.on('second-instance', (_event, words) => {
    if (wantsWindow(words)) window.open();
  });
  app.on('activate', () => window.open());
  await brain.start();
  if (controller.server) lookOn(controller.server, brain);
  else if (controller.unheard) log.warn(`${controller.unheard.where}: ${controller.unheard.what}`);
  powerMonitor.on('suspend', () => log.info('this computer goes to sleep'));
  powerMonitor.on('resume', () => brain.resumedFromSleep());
  if (options.openWindow) window.open();
  return { brain, window };
}
