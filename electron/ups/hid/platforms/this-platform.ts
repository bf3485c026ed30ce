import { linux } from './linux.ts';
import { macos } from './macos.ts';
import type { Platform } from './platform.ts';
import { windows } from './windows.ts';

/** The one that this program runs on. Others are taken for Linux: they have no hidraw, and nothing is found. */
export function thisPlatform(): Platform {
  if (process.platform === 'darwin') return macos;
  return process.platform === 'win32' ? windows : linux;
}
