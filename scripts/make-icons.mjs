// Makes every icon in assets/ from the shapes in scripts/icons/shapes.mjs. Run after a change of those, with a display:
//   xvfb-run -a node scripts/make-icons.mjs

import { mkdirSync, writeFileSync } from 'node:fs';
import { rasterise } from './icons/rasterise.mjs';
import { appIcon, trayShapes } from './icons/shapes.mjs';
import { outlined, template } from './icons/svg.mjs';
import { inRoot } from './setup/paths.mjs';

const tray = inRoot('assets', 'tray');
mkdirSync(tray, { recursive: true });

const jobs = [{ file: inRoot('assets', 'icon.png'), svg: appIcon, size: 512 }];
writeFileSync(inRoot('assets', 'icon.svg'), appIcon);
for (const name of Object.keys(trayShapes)) {
  for (const [file, svg] of [
    [`${tray}/${name}`, outlined(name)],
    [`${tray}/${name}-template`, template(name)],
  ]) {
    writeFileSync(`${file}.svg`, svg);
    jobs.push({ file: `${file}.png`, svg, size: 22 }, { file: `${file}@2x.png`, svg, size: 44 });
  }
}

const pictures = await rasterise(jobs);
for (const [index, { file }] of jobs.entries()) writeFileSync(file, pictures[index]);
console.log(`${jobs.length} icons`);
