import type { Clock, UpsSource } from '../core/ports.ts';
import { suppliesFile } from '../storage/supplies-file.ts';
import { forkedWorker } from '../ups/hid/fork-worker.ts';
import { HidSupervisor } from '../ups/hid/supervisor.ts';
import { UpsServers } from '../ups/servers.ts';

/** The UPSes on USB. `worker`: the built HID worker. */
export const usbSource = (worker: string, clock: Clock): HidSupervisor =>
  new HidSupervisor(() => forkedWorker(worker), clock);

/**
 * One source for each NUT and apcupsd server in the data folder, so that each one's trouble is told. Without passwords:
 * reading needs none.
 * @throws FaultError `file-broken` or `file-newer`
 */
export async function serverSources(dataFolder: string, clock: Clock): Promise<UpsSource[]> {
  const servers = (await suppliesFile(dataFolder).read())?.servers ?? [];
  return servers.map((server) => {
    const source = new UpsServers({ clock, password: () => Promise.resolve(null), changed: () => undefined });
    source.configure([server]);
    return source;
  });
}
