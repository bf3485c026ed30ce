import type { StepActions } from '../../core/ports.ts';
import type { KindChecks } from '../checks/kind-checks.ts';
import { isInMaintenance, setMaintenance, setMaintenanceCommand } from '../esxi/maintenance.ts';
import { esxiShell, untilLimit } from '../esxi/shell.ts';
import { type TargetDeps, targetOf, tellOrUnknown } from './deps.ts';

/** What both directions share: the host says whether it is in maintenance mode, and that is the proof. */
export function maintenance({ shell, clock }: TargetDeps, checks: KindChecks, wanted: boolean): StepActions {
  return {
    proveEvery: 2000,
    probe: (context) =>
      tellOrUnknown(context, async () => {
        const host = targetOf(context);
        const isIn = await isInMaintenance(esxiShell(shell, clock, host, context), host);
        const text = isIn ? 'in maintenance mode' : 'not in maintenance mode';
        return isIn === wanted ? { state: 'done', proof: text } : { state: 'not-done', seen: text };
      }),
    async act(context) {
      const host = targetOf(context);
      const patience = wanted ? undefined : untilLimit;
      await setMaintenance(esxiShell(shell, clock, host, context, patience), host, wanted);
      return {};
    },
    check: (context) => checks.maintenance(context),
    would: () => setMaintenanceCommand(wanted),
  };
}
