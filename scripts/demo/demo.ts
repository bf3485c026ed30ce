import { join } from 'node:path';
import { prepare } from './prepare.ts';

const root = join(import.meta.dirname, '..', '..');
const inElectron = process.versions.electron !== undefined;

async function exit(code: number): Promise<void> {
  if (!inElectron) process.exit(code);
  const { app } = await import('electron');
  app.exit(code);
}

// Electron is not ready before the top level of this module has ended, awaits included.
if (inElectron) (await import('../../electron/app/protocol.ts')).registerScheme();
const prepared = await prepare();
const play = inElectron
  ? (await import('./with-window.ts')).withWindow
  : (await import('./without-window.ts')).withoutWindow;

play(prepared, root)
  .then((well) => exit(well ? 0 : 1))
  .catch((error: unknown) => {
    console.error(error);
    return exit(1);
  });
