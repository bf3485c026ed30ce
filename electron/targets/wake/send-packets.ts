import type { Host } from '../../../shared/inventory.ts';
import type { StepData } from '../../../shared/run-record.ts';
import type { Clock, HostPasswords } from '../../core/ports.ts';
import { hostFault } from '../host-fault.ts';
import { pause } from '../pause.ts';
import { magicPacket } from './magic-packet.ts';
import { type Destination, sendWake } from './send-wake.ts';

export interface PacketDeps {
  clock: Clock;
  secrets: HostPasswords;
  wakeTo: readonly Destination[];
}

/**
 * Sends one round of magic packets for all cards of a host, and gives how many left.
 * @param told hears of each packet that could not be sent
 * @throws FaultError `wake-not-sent` when none left this computer, `no-credential` when its SecureOn password is missing
 */
export async function sendPackets(
  host: Host,
  { clock, secrets, wakeTo }: PacketDeps,
  told: (line: string) => void,
  signal: AbortSignal,
): Promise<StepData> {
  const secureOn = host.secureOn ? await secrets.secureOn(host) : null;
  const packets = host.macs.map((mac) => magicPacket(mac, secureOn));
  const sent = await sendWake(packets, wakeTo, (ms) => pause(clock, ms, signal));
  for (const failure of sent.failures) told(`wake-on-LAN by ${failure}`);
  if (sent.packets > 0) return { packets: sent.packets };
  throw hostFault(
    host,
    'wake-not-sent',
    `no magic packet left this computer${sent.failures.length > 0 ? `: ${sent.failures.join('; ')}` : ': it has no network'}`,
    'Check the network of this computer: it must be in the same network as the host.',
  );
}
