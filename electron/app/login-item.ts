import { mkdir, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { writeFileAtomic } from '../storage/write-atomic.ts';

/** The part of Electron's `app` that starts programs at login on macOS and Windows. */
export interface LoginItems {
  setLoginItemSettings(settings: { openAtLogin: boolean; path: string; args: string[] }): void;
}

/** The program and its arguments, as it was started now. */
export interface LaunchCommand {
  program: string;
  args: readonly string[];
}

/** Starts Glidepath with the user's session, in the tray. @throws FaultError `file-unwritable` */
export async function setStartAtLogin(enabled: boolean, command: LaunchCommand, items: LoginItems): Promise<void> {
  const args = [...command.args, '--hidden'];
  if (process.platform !== 'linux') {
    items.setLoginItemSettings({ openAtLogin: enabled, path: command.program, args });
    return;
  }
  const file = autostartFile(process.env);
  if (enabled) {
    await mkdir(join(file, '..'), { recursive: true });
    await writeFileAtomic(file, desktopEntry([command.program, ...args]));
  } else {
    await rm(file, { force: true });
  }
}

/** @see https://specifications.freedesktop.org/autostart-spec/latest/ */
export function autostartFile(env: NodeJS.ProcessEnv): string {
  return join(env.XDG_CONFIG_HOME || join(homedir(), '.config'), 'autostart', 'glidepath.desktop');
}

/** @see https://specifications.freedesktop.org/desktop-entry-spec/latest/exec-variables.html */
export function desktopEntry(words: readonly string[]): string {
  const exec = words.map((word) => `"${word.replace(/(["`$\\])/g, '\\$1').replaceAll('%', '%%')}"`).join(' ');
  return [
    '[Desktop Entry]',
    'Type=Application',
    'Name=Glidepath',
    'Comment=Shuts the rack down in order when the UPS is on battery',
    // The value of a key is unescaped once more before the quoting is read.
    `Exec=${exec.replaceAll('\\', '\\\\')}`,
    'Terminal=false',
    'X-GNOME-Autostart-enabled=true',
    '',
  ].join('\n');
}
