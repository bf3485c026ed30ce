import { type FaultCode, FaultError } from '../../shared/fault.ts';
import type { Host } from '../../shared/inventory.ts';

/** A fault of one host, located for people: its name, address and port. */
export function hostFault(host: Host, code: FaultCode, what: string, remedy: string): FaultError {
  return new FaultError({
    code,
    what: what.slice(0, 2000),
    where: `${host.name} (${host.address}:${host.port})`,
    remedy: remedy.slice(0, 1000),
  });
}
