import { app, type Session, session } from 'electron';
import type { Log } from '../storage/log.ts';
import { origin } from './asset-path.ts';

/** Writing plain text to the clipboard after a press of the user, for the Copy buttons. Reading it stays forbidden. */
const copying = 'clipboard-sanitized-write';

/** The window may show our own files and ask at the door. All else that a browser can do is taken away from it. */
export function hardenSession(log: Log): void {
  const own: Session = session.defaultSession;
  own.setPermissionRequestHandler((_contents, permission, answer) => answer(permission === copying));
  own.setPermissionCheckHandler((_contents, permission) => permission === copying);
  own.setDevicePermissionHandler(() => false);
  own.setSpellCheckerEnabled(false);
  // Otherwise the spell checker may fetch dictionaries later on.
  if (process.platform !== 'darwin') own.setSpellCheckerLanguages([]);
  own.webRequest.onBeforeRequest((details, answer) => {
    const ours = details.url === origin || details.url.startsWith(`${origin}/`);
    if (!ours) log.warn(`blocked a request to ${details.url.slice(0, 200)}`);
    answer({ cancel: !ours });
  });
  own.on('will-download', (event) => event.preventDefault());
}

/** No page of any window leads anywhere else. */
export function hardenContents(log: Log): void {
  app.on('web-contents-created', (_created, contents) => {
    const stay = (event: { preventDefault(): void; readonly url: string }) => {
      event.preventDefault();
      log.warn(`blocked a navigation to ${event.url.slice(0, 200)}`);
    };
    contents.on('will-navigate', stay);
    contents.on('will-frame-navigate', stay);
    contents.on('will-redirect', stay);
    contents.on('will-attach-webview', (event) => event.preventDefault());
    contents.setWindowOpenHandler(() => ({ action: 'deny' }));
  });
}
