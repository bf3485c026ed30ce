import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { _electron } from 'playwright-core';
import { electronFlags, findElectron } from '../setup/electron.mjs';

const main = `
import { app, BrowserWindow } from 'electron';
app.whenReady().then(() => new BrowserWindow({ show: false }).loadURL('about:blank'));
`;

/** Draws SVGs with Electron's own Chromium. `jobs`: [{ svg, size }]; gives the PNGs in the same order. */
export async function rasterise(jobs) {
  const folder = mkdtempSync(join(tmpdir(), 'glidepath-icons-'));
  writeFileSync(
    join(folder, 'package.json'),
    '{ "name": "icons", "version": "1.0.0", "type": "module", "main": "main.mjs" }',
  );
  writeFileSync(join(folder, 'main.mjs'), main);
  const { executable } = await findElectron();
  const electron = await _electron.launch({ executablePath: executable, args: [...electronFlags(), folder] });
  try {
    const page = await electron.firstWindow();
    const pictures = await page.evaluate(async (list) => {
      const draw = async ({ svg, size }) => {
        const image = new Image(size, size);
        image.src = `data:image/svg+xml;base64,${btoa(svg)}`;
        await image.decode();
        const canvas = document.createElement('canvas');
        canvas.width = size;
        canvas.height = size;
        canvas.getContext('2d').drawImage(image, 0, 0, size, size);
        return canvas.toDataURL('image/png').split(',')[1];
      };
      return Promise.all(list.map(draw));
    }, jobs);
    return pictures.map((picture) => Buffer.from(picture, 'base64'));
  } finally {
    await electron.close();
    rmSync(folder, { recursive: true, force: true });
  }
}
