import { app, nativeTheme } from 'electron';
import type { SettingsView } from '../../shared/view.ts';
import type { Log } from '../storage/log.ts';
import { type LaunchCommand, setStartAtLogin } from './login-item.ts';

/** Gives the function that makes the desktop follow the settings. Called with every change, it acts on differences only. */
export function preferences(command: LaunchCommand, log: Log): (settings: SettingsView) => void {
  // At the start a login item is renewed, since the program may have moved, but none is taken away.
  let startsAtLogin = false;
  return ({ theme, startAtLogin }) => {
    if (nativeTheme.themeSource !== theme) nativeTheme.themeSource = theme;
    if (startAtLogin === startsAtLogin) return;
    startsAtLogin = startAtLogin;
    setStartAtLogin(startAtLogin, command, app).catch((error: unknown) =>
      log.error(`start at login: ${String(error)}`),
    );
  };
}
