import type { Bmc, Host } from '../../../shared/inventory.ts';
import type { Addresses } from '../../core/ports.ts';

/** A management controller that has been found by its host, as it is spoken with. */
export interface Controller {
  /** Whether its host has power. @throws FaultError why that cannot be told */
  isOn(): Promise<boolean>;
  /** Resolves when it took the order; that the host comes up is for the host to show. @throws FaultError */
  powerOn(): Promise<void>;
}

export interface Asking {
  /** Of the user of the host's management controller. */
  password: string;
  /** Where names lead. */
  addresses: Addresses;
  signal: AbortSignal;
}

const usualPorts = { ipmi: 623, redfish: 443 } as const;

/** The controller in the place of its host, for what speaks with hosts and for faults. */
export const asHost = (host: Host, { protocol, address, port, user, certificate }: Bmc): Host => ({
  ...host,
  name: `${host.name} (management controller)`.slice(0, 200),
  address,
  port: port ?? usualPorts[protocol],
  user,
  hostKeys: certificate ? [certificate] : [],
});
