import { toFault } from '../../shared/fault.ts';
import type { Host } from '../../shared/inventory.ts';
import { thisComputer } from '../../shared/this-computer.ts';
import { addressBook } from '../brain/address-book.ts';
import { announcer } from '../brain/announcer.ts';
import { Brain } from '../brain/brain.ts';
import { lastResort } from '../brain/last-resort.ts';
import { lookOn } from '../brain/look-on.ts';
import { ordersThrough } from '../brain/orders-through.ts';
import { outliveErrors } from '../brain/outlive-errors.ts';
import { systemClock } from '../brain/system-clock.ts';
import { takeControl } from '../control/lock.ts';
import { fileLog, type Log } from '../storage/log.ts';
import { stepTable } from '../targets/kinds/table.ts';
import { readKeyBy } from '../targets/read-key.ts';
import { resolveName } from '../targets/resolve-name.ts';
import { SoapPool } from '../targets/soap/pool.ts';
import { SshPool } from '../targets/ssh/pool.ts';
import { warmerOf } from '../targets/warmers.ts';
import { systemBattery } from '../ups/system-battery.ts';
import { Ending } from './ending.ts';
import { faultLine } from './fault-line.ts';
import { GivenSecrets } from './given-secrets.ts';
import { heldBy } from './held.ts';
import { isJournal, printedNotices } from './printed-notices.ts';
import { usbSource } from './sources.ts';

/** Ms that the brain gets to put things down before the process ends anyway. */
const stopLimit = 3000;

export interface DaemonOptions {
  dataFolder: string;
  /** Of Glidepath. */
  release: string;
  /** The built HID worker. */
  worker: string;
  env: NodeJS.ProcessEnv;
  /** One line to whoever runs it, or to the journal. */
  say(line: string): void;
}

/**
 * Glidepath without a window: decides and runs until it is told to end. Resolves when it has.
 * @throws FaultError `refused` when another Glidepath controls the folder, `file-unwritable`
 */
export async function daemon(options: DaemonOptions): Promise<void> {
  const { dataFolder, release, env, say } = options;
  const result = await takeControl(dataFolder, 'daemon', release);
  if (!result.taken) throw heldBy(dataFolder, result.by, 'End that one first, or ask it with “glidepath status”.');
  const { controller } = result;
  const log = fileLog(dataFolder);
  outliveErrors(log);
  outliveOutput();
  log.info(`Glidepath ${release}, daemon, Node ${process.version}, ${process.platform} ${process.arch}`);
  if (controller.unheard) log.warn(`nobody can follow this daemon: ${faultLine(controller.unheard)}`);

  const secrets = new GivenSecrets(env.CREDENTIALS_DIRECTORY || null);
  const printed = printedNotices(say, isJournal(env.JOURNAL_STREAM, process.stderr.fd));
  const inventory = (): Host[] => brain.workspace.hosts().hosts.map(({ host }) => host);
  const addresses = addressBook({
    dataFolder,
    log,
    clock: systemClock,
    resolve: resolveName,
    hosts: inventory,
    powers: () => brain.status().powers,
  });
  const hosts = (id: string) => brain.workspace.findHost(id);
  const shell = new SshPool(secrets, systemClock, { hosts, addresses });
  const soap = new SoapPool(secrets, systemClock, addresses);
  const battery = systemBattery(
    systemClock,
    lastResort(systemClock, () => brain.status().powers),
  );
  const brain: Brain = new Brain({
    dataFolder,
    version: release,
    clock: systemClock,
    sources: [usbSource(options.worker, systemClock), ...(battery ? [battery] : [])],
    steps: stepTable({
      clock: systemClock,
      notifier: { notify: (notice) => brain.notifier.notify(notice) },
      shell,
      soap,
      look: shell.look,
      addresses,
      hosts,
      own: () => thisComputer(inventory()),
      secrets,
      orders: ordersThrough(() => brain),
      wakeTo: [],
    }),
    warmer: warmerOf({ ssh: shell, soap }),
    secrets,
    notifier: printed,
    log,
    readHostKey: readKeyBy(shell),
    window: { isOpen: () => false, send: () => undefined },
    controller: { who: 'daemon', pid: controller.who.pid, since: controller.who.since },
    changed: () => changed(),
    settingsChanged: () => undefined,
  });
  const announceNews = announcer(brain, printed);
  const ending = new Ending({ run: () => brain.run(), armed: () => brain.workspace.plan().armed, say });
  const changed = (): void => {
    announceNews();
    ending.look();
  };
  await brain.start();
  addresses.start();
  if (controller.server) lookOn(controller.server, brain);
  const { sequence, armed } = brain.workspace.plan();
  say(`watching: ${sequence ? `“${sequence.name}”, ${armed ? 'armed' : 'not armed'}` : 'there is no plan yet'}`);
  await ending.asked;
  addresses.stop();
  await stopWithin(brain, log);
  await controller.release();
}

/** A journal that is restarted must not end the watch. */
function outliveOutput(): void {
  for (const stream of [process.stdout, process.stderr])
    stream.removeAllListeners('error').on('error', () => undefined);
}

async function stopWithin(brain: Brain, log: Log): Promise<void> {
  await Promise.race([
    brain.stop().catch((error: unknown) => log.error(`stopping: ${toFault(error, 'daemon').what}`)),
    new Promise<void>((resolve) => void systemClock.after(stopLimit, resolve)),
  ]);
}
