import type { Host } from '../../../shared/inventory.ts';
import { type EsxiRun, esxiFault } from './shell.ts';

/** Whether the host is in maintenance mode. @throws FaultError `command-failed` when it does not say */
export async function isInMaintenance(run: EsxiRun, host: Host): Promise<boolean> {
  const answer = await run('esxcli system maintenanceMode get');
  const said = answer.text.trim();
  if (!answer.failed && (said === 'Enabled' || said === 'Disabled')) return said === 'Enabled';
  throw esxiFault(host, 'asking for the maintenance mode', answer, 'Look at the host by hand.');
}

/** Seconds that the host itself waits. Never 0, which waits for ever and lets no guest be started meanwhile. */
const waitSeconds = 60;

export const setMaintenanceCommand = (enable: boolean): string =>
  `esxcli system maintenanceMode set -e ${enable} -t ${waitSeconds}`;

/**
 * Returns when the host has done it. What it answers does not count: it also says no when it is there already.
 * @throws FaultError `command-failed`, `dead-peer`
 */
export async function setMaintenance(run: EsxiRun, host: Host, enable: boolean): Promise<void> {
  const answer = await run(setMaintenanceCommand(enable), (waitSeconds + 30) * 1000);
  if (!answer.failed) return;
  if (!answer.dropped && (await isInMaintenance(run, host)) === enable) return;
  throw esxiFault(
    host,
    enable ? 'entering maintenance mode' : 'leaving maintenance mode',
    answer,
    enable
      ? 'A guest may still be on: shut the guests down first.'
      : 'Try it by hand: esxcli system maintenanceMode set -e false',
  );
}
