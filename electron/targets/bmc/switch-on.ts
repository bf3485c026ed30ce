import type { Bmc, Host } from '../../../shared/inventory.ts';
import type { Addresses, HostPasswords } from '../../core/ports.ts';
import { resolveName } from '../resolve-name.ts';
import { asHost, type Controller } from './controller.ts';
import { ipmi } from './ipmi.ts';
import { redfish } from './redfish.ts';

const protocols = { ipmi, redfish } as const;

/** A host that has a management controller. */
export type WithBmc = Host & { bmc: Bmc };
export const hasBmc = (host: Host): host is WithBmc => host.bmc !== null;

/** Names are resolved now. */
const now: Addresses = { of: resolveName };

async function controllerOf(
  host: WithBmc,
  secrets: HostPasswords,
  signal: AbortSignal,
  addresses: Addresses,
): Promise<Controller> {
  const password = await secrets.bmc(host);
  return protocols[host.bmc.protocol](asHost(host, host.bmc), { password, addresses, signal });
}

/**
 * Has a host switched on by its management controller, unless that says that it is on. Resolves with what the controller
 * said, for people: it is no proof of the host.
 * @param addresses where names lead: who resolves them may be what has yet to be switched on
 * @throws FaultError `no-credential`, and those of the protocol
 */
export async function switchOn(
  host: WithBmc,
  secrets: HostPasswords,
  signal: AbortSignal,
  addresses: Addresses = now,
): Promise<string> {
  const controller = await controllerOf(host, secrets, signal, addresses);
  if (await controller.isOn()) return 'its management controller says that it is on';
  await controller.powerOn();
  return 'its management controller was told to switch it on';
}

/** Asks for the power and changes nothing. @throws FaultError as `switchOn` */
export async function powerSeen(host: WithBmc, secrets: HostPasswords, signal: AbortSignal): Promise<string> {
  const isOn = await (await controllerOf(host, secrets, signal, now)).isOn();
  return `its management controller lets ${host.bmc.user} in, and says that it is ${isOn ? 'on' : 'off'}`;
}
