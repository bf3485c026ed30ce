import { type BrowserWindow, dialog } from 'electron';
import type { Question } from '../brain/questions.ts';

/** Asks in a dialog of the operating system, which no page can press. Escape and Enter mean no. */
export async function ask(window: BrowserWindow | null, { message, detail, button }: Question): Promise<boolean> {
  const options: Electron.MessageBoxOptions = {
    type: 'warning',
    message,
    detail,
    buttons: [button, 'Cancel'],
    defaultId: 1,
    cancelId: 1,
    noLink: true,
  };
  const answer = window ? await dialog.showMessageBox(window, options) : await dialog.showMessageBox(options);
  return answer.response === 0;
}

export async function tell(window: BrowserWindow | null, message: string, detail: string): Promise<void> {
  const options: Electron.MessageBoxOptions = { type: 'info', message, detail, buttons: ['Close'] };
  await (window ? dialog.showMessageBox(window, options) : dialog.showMessageBox(options));
}
