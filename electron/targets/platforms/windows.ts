import { windowsPowerOff } from '../windows/power-off.ts';
import { askPrivileges } from '../windows/privileges.ts';
import { exactly } from './exactly.ts';
import type { Platform } from './platform.ts';

/** What both Windows and PowerShell know; the shells of other systems have `true`. */
export const windowsSignIn = 'whoami';

const macs = 'getmac /fo csv /nh';

/** Windows over its OpenSSH server, whose login shell may be cmd.exe or PowerShell. */
export const windows: Platform = {
  powerOff: windowsPowerOff,
  signIn: windowsSignIn,
  macs,
  harmless: [windowsSignIn, askPrivileges, macs].map(exactly),
};
