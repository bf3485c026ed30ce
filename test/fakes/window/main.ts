import { readFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { app, BrowserWindow, ipcMain, nativeTheme, protocol } from 'electron';
import { contentSecurityPolicy } from '../../../electron/app/csp.ts';
import { pushChannel, type RequestName, requestChannel } from '../../../shared/ipc.ts';
import { FakeBridge } from './fake-bridge.ts';
import { type ScenarioName, scenarios } from './scenarios.ts';

/** A main process without a machine room: it shows the built window over app://, with a fake behind the bridge. */
const types: Record<string, string> = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css' };
const isScenario = (name: string): name is ScenarioName => name in scenarios;
const wanted = process.env.GLIDEPATH_SCENARIO ?? 'mains';
const width = Number(process.env.GLIDEPATH_WIDTH ?? 1280);

protocol.registerSchemesAsPrivileged([
  { scheme: 'app', privileges: { standard: true, secure: true, supportFetchAPI: true } },
]);

let window: BrowserWindow | null = null;
const bridge = new FakeBridge(isScenario(wanted) ? wanted : 'mains', (push) =>
  window?.webContents.send(pushChannel, push),
);

/** For the tests, through Playwright's `evaluate`. */
Object.assign(globalThis, { bridge, scenarios, nativeTheme });

ipcMain.handle(requestChannel, (_event, name: RequestName, input: unknown) => bridge.request(name, input));

void app.whenReady().then(async () => {
  protocol.handle('app', async (request) => {
    const { pathname } = new URL(request.url);
    const path = pathname === '/' ? '/index.html' : pathname;
    const body = await readFile(join(import.meta.dirname, 'renderer', path));
    return new Response(new Uint8Array(body), {
      headers: {
        'content-type': types[extname(path)] ?? 'application/octet-stream',
        'content-security-policy': contentSecurityPolicy,
      },
    });
  });
  window = new BrowserWindow({
    width,
    height: 800,
    useContentSize: true,
    webPreferences: { preload: join(import.meta.dirname, 'preload.cjs'), sandbox: true, contextIsolation: true },
  });
  await window.loadURL('app://glidepath/');
});
app.on('window-all-closed', () => app.quit());
