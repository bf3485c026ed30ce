import { FaultError } from '../../../shared/fault.ts';
import type { Host } from '../../../shared/inventory.ts';
import { platforms, type Setting } from '../../../shared/platforms.ts';
import type { GuestActs, PowerOffActs, SettingActs } from './platform.ts';
import { platformTable } from './table.ts';

/** @throws FaultError `reference-missing` when a host of its kind cannot be powered off */
export const powerOffOf = (host: Host): PowerOffActs => platformTable[host.kind].powerOff ?? cannot(host, 'power off');

/** @throws FaultError `reference-missing` when a host of its kind has no guests */
export const guestsOf = (host: Host): GuestActs => platformTable[host.kind].guests ?? cannot(host, 'guests');

/** @throws FaultError `reference-missing` when a host of its kind does not have it */
export const settingOf = (host: Host, name: Setting): SettingActs =>
  platformTable[host.kind].settings?.[name] ?? cannot(host, name);

function cannot(host: Host, what: string): never {
  throw new FaultError({
    code: 'reference-missing',
    what: `a host of the kind ${platforms[host.kind].label} has nothing for "${what}"`,
    where: host.name,
    remedy: 'Choose another target for the step.',
  });
}
