import type { Host } from '../../../shared/inventory.ts';
import type { StepActions, StepContext } from '../../core/ports.ts';
import type { KindChecks } from '../checks/kind-checks.ts';
import { hostFault } from '../host-fault.ts';
import { magicPacket } from '../magic-packet.ts';
import { pause } from '../pause.ts';
import { sendWake } from '../send-wake.ts';
import { hasSshBanner } from '../ssh/read-banner.ts';
import { ownData, StepMemory } from '../step-memory.ts';
import { type TargetDeps, targetOf } from './deps.ts';

/** Milliseconds of the clock between two rounds of packets: one can be lost, or come while the host still goes down. */
const againMs = 10_000;

/** Wakes a host over the network. Its proof is its SSH server's banner, not just a port that accepts. */
export function wake({ clock, wakeTo }: TargetDeps, checks: KindChecks): StepActions {
  /** When packets were last sent, in monotonic ms. */
  const lastSent = new StepMemory<number>();

  const send = async (host: Host, context: StepContext): Promise<number> => {
    lastSent.set(context, clock.monotonic());
    const { packets, failures } = await sendWake(host.macs.map(magicPacket), wakeTo, (ms) =>
      pause(clock, ms, context.signal),
    );
    for (const failure of failures) context.tell(`wake-on-LAN by ${failure}`);
    if (packets > 0) return packets;
    throw hostFault(
      host,
      'wake-not-sent',
      `no magic packet left this computer${failures.length > 0 ? `: ${failures.join('; ')}` : ': it has no network'}`,
      'Check the network of this computer: it must be in the same network as the host.',
    );
  };

  return {
    proveEvery: 2000,
    async probe(context) {
      const host = targetOf(context);
      if (await hasSshBanner(host)) return { state: 'done', proof: `answers on port ${host.port}` };
      const last = lastSent.get(context) ?? (ownData(context) ? -Infinity : undefined);
      if (last !== undefined && clock.monotonic() - last >= againMs) await send(host, context);
      return { state: 'not-done', seen: `no answer on port ${host.port} yet` };
    },
    async act(context) {
      const host = targetOf(context);
      if (host.macs.length === 0) {
        const remedy = 'Enter the MAC address of its network card in the host settings.';
        throw hostFault(host, 'no-mac', 'it has no MAC address to wake it by', remedy);
      }
      return { packets: await send(host, context) };
    },
    check: (context) => checks.wake(context),
    would: (_step, host) => `send magic packets for ${host?.macs.join(', ') || 'no MAC address'}`,
  };
}
