import { FaultError } from '../../../shared/fault.ts';
import type { Host } from '../../../shared/inventory.ts';
import { downAndInMaintenance, refuseIfGuestsRun } from '../platforms/guests-first.ts';
import { quote } from '../ssh/quote.ts';
import { listRunning } from './guests.ts';
import { isInMaintenance } from './maintenance.ts';
import { type EsxiRun, esxiFault } from './shell.ts';

/** Seconds: the least that esxcli takes. */
const delay = 10;

/** In maintenance mode only. */
export const orderlyPowerOff = `esxcli system shutdown poweroff -d ${delay} -r ${quote('Glidepath: power failure')}`;

/**
 * Powers an ESXi host off, and never under a running guest: nothing runs on it, or it is in maintenance mode and does not
 * tell what runs. Where that mode was set without hostd, nobody has seen to the guests.
 * @throws FaultError `refused` when guests run, `command-failed` when neither can be told or both ways failed
 */
export async function powerOffEsxi(run: EsxiRun, host: Host): Promise<void> {
  const isInMode = await isInMaintenance(run, host);
  const running = listRunning(run, host);
  await refuseIfGuestsRun(host, isInMode ? running.catch(noneIfUntold) : running, downAndInMaintenance);
  const orderly = await run(orderlyPowerOff);
  if (!orderly.failed || orderly.dropped) return;
  // Without maintenance mode esxcli refuses; poweroff asks nobody, so we look once more before.
  await refuseIfGuestsRun(host, listRunning(run, host), downAndInMaintenance);
  const plain = await run('/sbin/poweroff');
  if (plain.failed && !plain.dropped) throw esxiFault(host, 'powering off', plain, 'Power it off by hand.');
}

function noneIfUntold(error: unknown): [] {
  if (error instanceof FaultError && error.fault.code === 'command-failed') return [];
  throw error;
}
