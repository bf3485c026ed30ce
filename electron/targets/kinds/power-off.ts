import { assertNever } from '../../../shared/assert-never.ts';
import type { Probe, StepActions, StepContext } from '../../core/ports.ts';
import { esxiShell } from '../esxi/shell.ts';
import { hostFault } from '../host-fault.ts';
import { OffTracker } from '../off-proof.ts';
import { StepMemory } from '../step-memory.ts';
import { stepOf, type TargetDeps, targetOf } from './deps.ts';
import { powerOffEsxi } from './power-off-esxi.ts';
import { powerOffLinux } from './power-off-linux.ts';

/**
 * Powers a host off. One look proves nothing: `done` takes the full evidence of `OffTracker`, so a host that is off
 * already is found by going on to look, after an act that could not reach it.
 */
export function powerOff({ shell, clock, look }: TargetDeps): StepActions {
  const trackers = new StepMemory<OffTracker>();

  const probe = async (context: StepContext): Promise<Probe> => {
    const host = targetOf(context);
    const tracker = trackers.get(context) ?? trackers.set(context, new OffTracker(stepOf(context, 'power-off').until));
    const began = clock.monotonic();
    const seen = await look(host);
    const { proven, text } = tracker.add(seen, began, clock.monotonic());
    if (seen === 'blind') {
      const remedy = 'Check the network of this computer, and that its switch has power.';
      return {
        state: 'unknown',
        fault: hostFault(host, 'unreachable', `${text}: it has no way to the host`, remedy).fault,
      };
    }
    return proven ? { state: 'done', proof: text } : { state: 'not-done', seen: text };
  };

  return {
    // No faster: OpenSSH since 9.8 (PerSourcePenalties) counts each look as a second of penalty, and would shut us out.
    proveEvery: 1000,
    probe,
    async act(context) {
      const host = targetOf(context);
      switch (host.kind) {
        case 'linux':
          await powerOffLinux(shell, host, context);
          break;
        case 'esxi':
          await powerOffEsxi(esxiShell(shell, clock, host, context), host);
          break;
        default:
          assertNever(host, 'host kind');
      }
      shell.forget(host);
      return {};
    },
  };
}
