import { Brain } from '../../electron/brain/brain.ts';
import { ordersThrough } from '../../electron/brain/orders-through.ts';
import { Secrets } from '../../electron/storage/secrets.ts';
import type { Prepared } from './prepare.ts';
import { playOutage } from './story.ts';

/** The same engine, storage and hosts under plain Node, where no window can be had. */
export async function withoutWindow(prepared: Prepared): Promise<boolean> {
  const notifier = { notify: () => undefined };
  const secrets = new Secrets(prepared.dataFolder, prepared.keychain);
  const log = { info: () => undefined, warn: console.error, error: console.error };
  const brain: Brain = new Brain({
    dataFolder: prepared.dataFolder,
    version: 'demo',
    clock: prepared.clock,
    sources: [prepared.ups],
    ...prepared.targets({
      credentials: secrets,
      passwords: secrets,
      orders: ordersThrough(() => brain),
      notifier,
    }),
    secrets,
    notifier,
    log,
    window: { isOpen: () => false, send: () => undefined },
    controller: { who: 'this-app', pid: null, since: null },
    changed: () => undefined,
    settingsChanged: () => undefined,
  });
  await brain.start();
  const well = await playOutage({
    ...prepared,
    brain,
    write: (line) => console.log(line),
    picture: () => Promise.resolve(),
  });
  await brain.stop();
  prepared.rack.close();
  return well;
}
