import { closeSync, ftruncateSync, readFileSync, writeSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { type Fault, toFault } from '../../shared/fault.ts';
import { lockFile } from './file-lock.ts';
import { parseLine } from './protocol.ts';
import { StatusServer } from './server.ts';
import { makeSocketFolder, socketPath } from './socket-path.ts';
import { type Note, noteSchema, type Who } from './who.ts';

/** How often, and after how many ms each, the note of a holder that has only just locked the file is read again. */
const noteTries = 20;
const noteEvery = 50;

/** Control of a data folder, until `release` or the end of the process. */
export interface Controller {
  readonly who: Who;
  /** null: nobody can follow it, and why. It controls all the same. */
  readonly server: StatusServer | null;
  readonly unheard: Fault | null;
  /** Shows nothing more, and keeps the folder until the process ends: until then something of it may still act. */
  fallSilent(): Promise<void>;
  release(): Promise<void>;
}

/** `by`: null when the holder has not said who it is. */
export type Taken = { taken: true; controller: Controller } | { taken: false; by: Who | null };

/** Of a data folder. It is never removed: a lock on a file without a name would keep nobody out. */
export const notePath = (dataFolder: string): string => join(dataFolder, 'controller.lock');

/**
 * Takes control of a data folder, or says who has it. There is never more than one controller, and none is left behind by
 * a process that was killed or a power cut: the kernel gives the lock, and takes it back. `version`: of Glidepath.
 * @throws FaultError `file-unwritable` when nothing can be locked there
 */
export async function takeControl(dataFolder: string, kind: Who['kind'], version: string): Promise<Taken> {
  await mkdir(dataFolder, { recursive: true, mode: 0o700 });
  const who: Who = { pid: process.pid, since: Date.now(), kind };
  const socket = socketPath(dataFolder);
  if (process.platform === 'win32') return takePipe(socket, who, version);
  const lock = lockFile(notePath(dataFolder));
  if (lock === null) return { taken: false, by: await holder(dataFolder) };
  leaveNote(lock, { who, socket });
  const controller = (server: StatusServer | null, unheard: Fault | null): Controller => {
    const fallSilent = async (): Promise<void> => server?.close();
    const release = async (): Promise<void> => {
      await fallSilent();
      closeSync(lock);
    };
    return { who, server, unheard, fallSilent, release };
  };
  try {
    if (dirname(socket) !== resolve(dataFolder)) makeSocketFolder(dirname(socket));
    const server = await StatusServer.listen(socket, who, version);
    return { taken: true, controller: controller(server, null) };
  } catch (error) {
    return { taken: true, controller: controller(null, toFault(error, socket)) };
  }
}

/** Who controls the folder, though it may tell nothing; null: nobody, as far as this user can see. Not for Windows. */
export function controllerOf(dataFolder: string): Who | null {
  const who = readNote(dataFolder)?.who;
  // The lock is not tried for the note of one that has ended: for that moment a starting controller would not get it.
  if (!who || !isAlive(who.pid)) return null;
  const lock = lockFile(notePath(dataFolder));
  if (lock === null) return who;
  closeSync(lock);
  return null;
}

/** null: there is none, or it cannot be read. That it is there does not mean that its writer is. */
export function readNote(dataFolder: string): Note | null {
  try {
    const note = noteSchema.safeParse(parseLine(readFileSync(notePath(dataFolder), 'utf8')));
    return note.success ? note.data : null;
  } catch {
    return null;
  }
}

/** On Windows only one process can be the first that makes a pipe of a name: the pipe is the lock. Never tried there. */
async function takePipe(pipe: string, who: Who, version: string): Promise<Taken> {
  try {
    const server = await StatusServer.listen(pipe, who, version);
    // The pipe is not closed to fall silent: it would be given back.
    const fallSilent = (): Promise<void> => Promise.resolve();
    return { taken: true, controller: { who, server, unheard: null, fallSilent, release: () => server.close() } };
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : null;
    if (code === 'EADDRINUSE' || code === 'EACCES') return { taken: false, by: null };
    throw error;
  }
}

/** A disk that is full costs the note, not the lock. */
function leaveNote(lock: number, note: Note): void {
  try {
    ftruncateSync(lock);
    writeSync(lock, `${JSON.stringify(note)}\n`, 0);
  } catch {
    // Clients then look for the socket where it usually is.
  }
}

/** The note may still be that of one who has ended, for the moment until the holder has written its own. */
async function holder(dataFolder: string): Promise<Who | null> {
  for (let tries = 0; tries < noteTries; tries += 1) {
    const who = readNote(dataFolder)?.who;
    if (who && isAlive(who.pid)) return who;
    await pause(noteEvery);
  }
  return null;
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    // Somebody else's process.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
