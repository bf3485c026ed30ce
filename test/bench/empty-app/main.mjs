// The least that any tray application on Electron costs: an icon and nothing else.

import { join } from 'node:path';
import { app, Tray } from 'electron';

const icon = join(import.meta.dirname, '..', '..', '..', 'assets', 'tray', 'no-ups.png');

// Held for good: a collected tray vanishes.
let tray;
app.whenReady().then(() => {
  tray = new Tray(icon);
  tray.setToolTip('Empty app');
});
