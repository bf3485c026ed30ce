import type { Host } from '../../shared/inventory.ts';
import type { PowerView } from '../../shared/view.ts';
import type { Clock } from '../core/ports.ts';
import { AddressBook, type AddressBookDeps } from '../storage/addresses.ts';

export interface AddressBookOf extends Pick<AddressBookDeps, 'dataFolder' | 'log' | 'resolve'> {
  clock: Clock;
  hosts(): readonly Host[];
  /** Every UPS as it is now. */
  powers(): readonly PowerView[];
}

/** Where the names of the inventory lead: of hosts that are reached from here, and of management controllers. */
export function addressBook({ hosts, powers, ...deps }: AddressBookOf): AddressBook {
  return new AddressBook({
    ...deps,
    wanted: () =>
      hosts().flatMap(({ address, jump, bmc }) => [
        // Behind a jump host names are resolved there.
        ...(jump === undefined ? [address] : []),
        ...(bmc ? [bmc.address] : []),
      ]),
    onMains: () => powers().every(({ state }) => state !== 'battery' && state !== 'low'),
  });
}
