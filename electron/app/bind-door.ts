import { type BrowserWindow, ipcMain } from 'electron';
import { requestChannel } from '../../shared/ipc.ts';
import type { Door } from './door.ts';

/** Hangs the door into its frame. The only place that listens to a window. Returns what takes it out again. */
export function bindDoor(door: Door, currentWindow: () => BrowserWindow | null): () => void {
  ipcMain.handle(requestChannel, (event, name: unknown, input: unknown) => {
    const contents = currentWindow()?.webContents;
    const frame = event.senderFrame;
    const isOurMainFrame = contents !== undefined && event.sender === contents && frame === contents.mainFrame;
    return door({ isOurMainFrame, url: frame?.url ?? '' }, name, input);
  });
  return () => ipcMain.removeHandler(requestChannel);
}
