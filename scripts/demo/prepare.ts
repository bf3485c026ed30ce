import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { hostsHash } from '../../electron/brain/host-edits.ts';
import type {
  Clock,
  Credentials,
  HostPasswords,
  Notifier,
  StepTable,
  UpsOrders,
  Warmer,
} from '../../electron/core/ports.ts';
import { type Encryption, Secrets } from '../../electron/storage/secrets.ts';
import { sequenceHash } from '../../electron/storage/sequence-hash.ts';
import { stepTable } from '../../electron/targets/kinds/table.ts';
import { resolveName } from '../../electron/targets/resolve-name.ts';
import { SoapPool } from '../../electron/targets/soap/pool.ts';
import { SshPool } from '../../electron/targets/ssh/pool.ts';
import { towerScript } from '../../electron/ups/simulated/script.ts';
import { SimulatedUps } from '../../electron/ups/simulated.ts';
import type { Host, HostKey } from '../../shared/inventory.ts';
import { demoSequence } from './demo-sequence.ts';
import { type DemoRack, openRack } from './rack.ts';
import { ScaledClock } from './scaled-clock.ts';

/** How many seconds of the demo pass in one. */
export const speed = 40;

/** Load (%) and charge (%) with which the battery lasts a quarter of an hour: less would start at once, more would bore. */
const load = 70;
const charge = 70;

export interface Prepared {
  clock: Clock;
  rack: DemoRack;
  ups: SimulatedUps;
  dataFolder: string;
  keychain: Encryption;
  targets(tools: { credentials: Credentials; passwords: HostPasswords; orders: UpsOrders; notifier: Notifier }): {
    steps: StepTable;
    warmer: Warmer;
    readHostKey(host: Host): Promise<HostKey>;
  };
}

/** The rack, the UPS, and a data folder in which everything is entered and the plan is armed. */
export async function prepare(): Promise<Prepared> {
  const clock = new ScaledClock(speed);
  const rack = await openRack(clock);
  const ups = new SimulatedUps(clock, { ...towerScript, load, charge });
  const dataFolder = process.env.GLIDEPATH_DATA;
  if (!dataFolder) throw new Error('GLIDEPATH_DATA must name an empty folder: start the demo with `npm run demo`');
  const keychain = passingKeychain();
  const put = (name: string, value: object) =>
    writeFileSync(join(dataFolder, name), JSON.stringify(value, null, 2), { mode: 0o600 });
  put('inventory.json', { format: 'glidepath-inventory', version: 4, hosts: rack.hosts });
  mkdirSync(join(dataFolder, 'sequences'));
  put(join('sequences', `${demoSequence.id}.json`), demoSequence);
  const armed = {
    sequenceId: demoSequence.id,
    hash: sequenceHash(demoSequence),
    hostsHash: hostsHash(demoSequence, rack.hosts),
  };
  put('settings.json', {
    format: 'glidepath-settings',
    version: 2,
    startAtLogin: false,
    theme: 'system',
    rehearse: 'never',
    activeSequence: demoSequence.id,
    armed,
    closeNoticeShown: true,
  });
  const secrets = new Secrets(dataFolder, keychain);
  for (const host of rack.hosts) {
    const credential = await rack.credentials.for(host);
    if (credential.kind !== 'agent') await secrets.set(host.id, credential);
  }
  return {
    clock,
    rack,
    ups,
    dataFolder,
    keychain,
    targets: ({ credentials, passwords, orders, notifier }) => {
      const shell = new SshPool(credentials, clock);
      const wakeTo = [{ address: '127.0.0.1', port: rack.wakePort }];
      return {
        steps: stepTable({
          clock,
          notifier,
          shell,
          soap: new SoapPool(credentials, clock),
          look: shell.look,
          addresses: { of: resolveName },
          hosts: (id) => rack.hosts.find((host) => host.id === id) ?? null,
          own: () => null,
          secrets: passwords,
          orders,
          wakeTo,
        }),
        warmer: shell,
        readHostKey: shell.readHostKey,
      };
    },
  };
}

/** Its key lives as long as the demo: nothing of it enters the keychain of this computer. */
function passingKeychain(): Encryption {
  const key = randomBytes(32);
  return {
    isStrong: () => true,
    async encrypt(text) {
      const iv = randomBytes(12);
      const cipher = createCipheriv('aes-256-gcm', key, iv);
      const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
      return Buffer.concat([iv, cipher.getAuthTag(), body]);
    },
    async decrypt(data) {
      const cipher = createDecipheriv('aes-256-gcm', key, data.subarray(0, 12)).setAuthTag(data.subarray(12, 28));
      return Buffer.concat([cipher.update(data.subarray(28)), cipher.final()]).toString('utf8');
    },
  };
}
