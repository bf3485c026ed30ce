import { createHash } from 'node:crypto';
import { lstatSync, mkdirSync, realpathSync, statSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { FaultError } from '../../shared/fault.ts';

/** Bytes of a socket's path: the kernels take 107 (Linux) and 103 (macOS). */
const longest = 100;

/**
 * Where the controller of a data folder listens: in the folder, or, when that path is too long for a socket, in a folder
 * of our own beside those of this session. On Windows a named pipe.
 */
export function socketPath(
  dataFolder: string,
  platform: NodeJS.Platform = process.platform,
  runtimeFolder: string = process.env.XDG_RUNTIME_DIR || tmpdir(),
): string {
  const whole = resolve(dataFolder);
  const short = createHash('sha256').update(whole).digest('hex').slice(0, 32);
  // Windows knows its paths in capital and small letters alike.
  if (platform === 'win32')
    return `\\\\.\\pipe\\glidepath-${createHash('sha256').update(whole.toLowerCase()).digest('hex').slice(0, 32)}`;
  const path = join(whole, 'controller.sock');
  if (Buffer.byteLength(path) <= longest) return path;
  return join(runtimeFolder, `glidepath-${userInfo().uid}`, `${short}.sock`);
}

/**
 * Makes the folder of a socket, readable by us alone.
 * @throws FaultError `refused` when it belongs to somebody else or others may enter it: it lies where anybody may write
 */
export function makeSocketFolder(folder: string): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  if (isAloneIn(folder, userInfo().uid)) return;
  throw new FaultError({
    code: 'refused',
    what: 'It is not a folder of ours alone, so nothing is listened to in it.',
    where: folder,
    remedy: 'Remove it, or set its owner and its mode 0700.',
  });
}

/**
 * Whether what listens at `path` can only be the controller of the data folder: the socket lies in it, or in a folder that
 * nobody but the owner of the data folder may enter. Anybody may make such a folder before the controller does.
 */
export function isTrustworthy(path: string, dataFolder: string): boolean {
  if (process.platform === 'win32' || isSameFolder(dirname(path), dataFolder)) return true;
  const owner = statSync(dataFolder, { throwIfNoEntry: false })?.uid;
  return owner !== undefined && isAloneIn(dirname(path), owner);
}

/** The controller may have been given a symbolic link to the folder, and the client the folder itself. */
function isSameFolder(one: string, other: string): boolean {
  try {
    return realpathSync(one) === realpathSync(other);
  } catch {
    return false;
  }
}

function isAloneIn(folder: string, user: number): boolean {
  const found = lstatSync(folder, { throwIfNoEntry: false });
  return found?.isDirectory() === true && found.uid === user && (found.mode & 0o077) === 0;
}
