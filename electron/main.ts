import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { app, dialog } from 'electron';
import { thisComputer } from '../shared/this-computer.ts';
import { utilityWorker } from './app/hid-process.ts';
import { electronKeychain } from './app/keychain.ts';
import { registerScheme } from './app/protocol.ts';
import { startApp } from './app/start-app.ts';
import { wantsWindow } from './app/wants-window.ts';
import { addressBook } from './brain/address-book.ts';
import { lastResort } from './brain/last-resort.ts';
import { practiceUpses } from './brain/practice.ts';
import { systemClock } from './brain/system-clock.ts';
import { stepTable } from './targets/kinds/table.ts';
import { readKeyBy } from './targets/read-key.ts';
import { resolveName } from './targets/resolve-name.ts';
import { SoapPool } from './targets/soap/pool.ts';
import { SshPool } from './targets/ssh/pool.ts';
import { warmerOf } from './targets/warmers.ts';
import { HidSupervisor } from './ups/hid/supervisor.ts';
import { systemBattery } from './ups/system-battery.ts';

const root = join(import.meta.dirname, '..', '..');
const dataFolder = process.env.GLIDEPATH_DATA || app.getPath('userData');
mkdirSync(dataFolder, { recursive: true, mode: 0o700 });
app.setPath('userData', dataFolder);
// Windows shows notices only under the id that the installer gave to the program.
app.setAppUserModelId('io.github.glidepath');

registerScheme();
startApp({
  root,
  dataFolder,
  openWindow: wantsWindow(process.argv),
  clock: systemClock,
  keychain: electronKeychain,
  sources: ({ clock, powers }) => {
    const practice = practiceUpses(process.argv, clock);
    if (practice.length > 0) return practice;
    const usb = new HidSupervisor(() => utilityWorker(join(root, 'out', 'main', 'hid-worker.js')), clock);
    const system = systemBattery(clock, lastResort(clock, powers));
    return system ? [usb, system] : [usb];
  },
  targets: ({ clock, credentials, passwords, orders, notifier, hosts, inventory, powers, log }) => {
    const addresses = addressBook({ dataFolder, clock, log, resolve: resolveName, hosts: inventory, powers });
    addresses.start();
    const shell = new SshPool(credentials, clock, { hosts, addresses });
    const soap = new SoapPool(credentials, clock, addresses);
    const wake = { secrets: passwords, orders, wakeTo: [] };
    const own = () => thisComputer(inventory());
    return {
      steps: stepTable({ clock, notifier, shell, soap, look: shell.look, addresses, hosts, own, ...wake }),
      warmer: warmerOf({ ssh: shell, soap }),
      readHostKey: readKeyBy(shell),
    };
  },
}).catch((error: unknown) => {
  dialog.showErrorBox('Glidepath could not start', error instanceof Error ? error.message : String(error));
  app.exit(1);
});
