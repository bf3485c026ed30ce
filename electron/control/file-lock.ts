import { spawnSync } from 'node:child_process';
import { closeSync, constants, fstatSync, openSync, statSync } from 'node:fs';
import { FaultError } from '../../shared/fault.ts';

/** Of open(2) on macOS and the BSDs, where Node has no name for it: the file is locked as it is opened. */
const openLocked = 0x20;
/** How often a file is opened again that was replaced between opening and locking it. */
const mostTries = 10;

/**
 * Locks a file for this process and gives its descriptor; null when another process has it locked. The kernel keeps the
 * lock for as long as the descriptor is open, so it ends with the process, however that ends. No process that is started
 * later inherits it. Not for Windows.
 * @throws FaultError `file-unwritable` when there is no such file and none can be made, or it cannot be locked there
 */
export function lockFile(path: string): number | null {
  for (let tries = 0; tries < mostTries; tries += 1) {
    const descriptor = process.platform === 'darwin' ? openAndLock(path) : openThenLock(path);
    if (descriptor === null) return null;
    // A lock on a file that somebody has replaced since would keep nobody out.
    if (isStill(path, descriptor)) return descriptor;
    closeSync(descriptor);
  }
  throw unlockable(path, 'It is replaced again and again.', 'Find out what writes it: nothing but Glidepath should.');
}

function openAndLock(path: string): number | null {
  try {
    return openOrMake(path, openLocked | constants.O_NONBLOCK);
  } catch (error) {
    if (codeOf(error) === 'EAGAIN') return null;
    throw unlockable(path, messageOf(error));
  }
}

/**
 * Node has no flock(2). A flock belongs to what was opened, not to who locks it: the program `flock` locks the descriptor
 * that it inherits from us, ends, and ours stays locked.
 * @see man flock(1), flock(2)
 */
function openThenLock(path: string): number | null {
  let descriptor: number;
  try {
    descriptor = openOrMake(path, 0);
  } catch (error) {
    throw unlockable(path, messageOf(error));
  }
  const { status, error, stderr } = spawnSync('flock', ['-n', '3'], {
    stdio: ['ignore', 'ignore', 'pipe', descriptor],
    env: process.env.PATH === undefined ? {} : { PATH: process.env.PATH },
  });
  if (status === 0) return descriptor;
  closeSync(descriptor);
  if (status === 1) return null;
  const isMissing = error !== undefined && codeOf(error) === 'ENOENT';
  if (isMissing) throw unlockable(path, 'There is no program flock.', 'Install util-linux.');
  throw unlockable(path, error?.message ?? stderr.toString().trim());
}

/** For reading only where nothing can be written: a disk gone read-only must not keep the watch from beginning. */
function openOrMake(path: string, also: number): number {
  try {
    return openSync(path, constants.O_RDWR | constants.O_CREAT | also, 0o600);
  } catch (error) {
    if (codeOf(error) !== 'EROFS' && codeOf(error) !== 'EACCES') throw error;
    return openSync(path, constants.O_RDONLY | also);
  }
}

function isStill(path: string, descriptor: number): boolean {
  const there = statSync(path, { bigint: true, throwIfNoEntry: false });
  const ours = fstatSync(descriptor, { bigint: true });
  return there?.ino === ours.ino && there.dev === ours.dev;
}

function unlockable(where: string, why: string, remedy = 'Check the permissions of the data folder.'): FaultError {
  return new FaultError({ code: 'file-unwritable', what: `It could not be locked: ${why}`, where, remedy });
}

const codeOf = (error: unknown): unknown => (error instanceof Error && 'code' in error ? error.code : null);
const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
