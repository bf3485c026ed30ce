import { FaultError } from '../../../shared/fault.ts';
import type { Host } from '../../../shared/inventory.ts';
import { listRunning } from '../esxi/guests.ts';
import { isInMaintenance } from '../esxi/maintenance.ts';
import { type EsxiRun, esxiFault } from '../esxi/shell.ts';
import { hostFault } from '../host-fault.ts';
import { quote } from '../ssh/quote.ts';

/** Seconds: the least that esxcli takes. */
const delay = 10;

/** In maintenance mode only. */
export const orderlyPowerOff = `esxcli system shutdown poweroff -d ${delay} -r ${quote('Glidepath: power failure')}`;

/**
 * Powers an ESXi host off, and never under a running guest: it is in maintenance mode, or nothing runs on it.
 * @throws FaultError `refused` when guests run, `command-failed` when neither can be told or both ways failed
 */
export async function powerOffEsxi(run: EsxiRun, host: Host): Promise<void> {
  if (!(await isInMaintenance(run, host))) await refuseIfGuestsRun(run, host);
  const orderly = await run(orderlyPowerOff);
  if (!orderly.failed || orderly.dropped) return;
  // Without maintenance mode esxcli refuses; poweroff asks nobody, so we look once more before.
  await refuseIfGuestsRun(run, host);
  const plain = await run('/sbin/poweroff');
  if (plain.failed && !plain.dropped) throw esxiFault(host, 'powering off', plain, 'Power it off by hand.');
}

async function refuseIfGuestsRun(run: EsxiRun, host: Host): Promise<void> {
  const running = await cannotTell(listRunning(run, host));
  if (running.length === 0) return;
  const names = running
    .map((guest) => guest.name)
    .join(', ')
    .slice(0, 300);
  throw hostFault(
    host,
    'refused',
    `${running.length} of its guests still run (${names}) and would be cut off`,
    'Put the steps "Shut down guests" and "Enter maintenance mode" before this one.',
  );
}

/** A host that does not say what runs on it is not powered off blindly. */
async function cannotTell<T>(asking: Promise<T>): Promise<T> {
  try {
    return await asking;
  } catch (error) {
    if (!(error instanceof FaultError) || error.fault.code !== 'command-failed') throw error;
    throw new FaultError({ ...error.fault, what: `not powered off, as guests may run: ${error.fault.what}` });
  }
}
