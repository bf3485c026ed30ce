import { homedir } from 'node:os';
import { join } from 'node:path';

const name = 'Glidepath';

/**
 * The data folder of the application without Electron: GLIDEPATH_DATA, or what Electron's `userData` is on this platform.
 * @see https://www.electronjs.org/docs/latest/api/app#appgetpathname
 */
export function dataFolder(
  env: NodeJS.ProcessEnv = process.env,
  platform: NodeJS.Platform = process.platform,
  home: string = homedir(),
): string {
  if (env.GLIDEPATH_DATA) return env.GLIDEPATH_DATA;
  switch (platform) {
    case 'darwin':
      return join(home, 'Library', 'Application Support', name);
    case 'win32':
      return join(env.APPDATA || join(home, 'AppData', 'Roaming'), name);
    default:
      return join(env.XDG_CONFIG_HOME || join(home, '.config'), name);
  }
}
