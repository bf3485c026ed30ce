import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { app, type WebContents } from 'electron';
import { startApp } from '../../electron/app/start-app.ts';
import type { Prepared } from './prepare.ts';
import { playOutage } from './story.ts';

/** Real ms that the window is left open at the end when somebody may be looking. */
const lingerMs = 3000;

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** As PNG. A window that has not been drawn yet, on a busy computer, gives an empty one: it is asked again, for 5 s. */
async function pictureOf(contents: WebContents): Promise<Buffer> {
  for (let tries = 0; tries < 50; tries += 1) {
    const image = await contents.capturePage();
    if (!image.isEmpty()) return image.toPNG();
    await pause(100);
  }
  throw new Error('the window is not drawn');
}

/** The whole application, tray and window included, on the demo's UPS and rack. `root`: the folder that holds out/ and assets/. */
export async function withWindow(prepared: Prepared, root: string): Promise<boolean> {
  app.setPath('userData', prepared.dataFolder);
  const shell = await startApp({
    root,
    dataFolder: prepared.dataFolder,
    openWindow: true,
    clock: prepared.clock,
    keychain: () => prepared.keychain,
    sources: () => [prepared.ups],
    targets: prepared.targets,
  });
  if (!shell) throw new Error('another demo is running');
  const pictures = process.env.GLIDEPATH_PICTURES;
  if (pictures) mkdirSync(pictures, { recursive: true });
  const well = await playOutage({
    ...prepared,
    brain: shell.brain,
    write: (line) => console.log(line),
    picture: async (scene) => {
      const contents = shell.window.current?.webContents;
      if (!pictures || !contents) return;
      if (contents.isLoading()) await once(contents, 'did-stop-loading');
      // What has just happened is pushed to the window a quarter of a second later at most.
      await pause(400);
      writeFileSync(join(pictures, `demo-${scene}.png`), await pictureOf(contents));
    },
  });
  if (!pictures) await pause(lingerMs);
  await shell.brain.stop();
  prepared.rack.close();
  return well;
}
