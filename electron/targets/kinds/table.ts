import type { StepTable } from '../../core/ports.ts';
import { HostLooks } from '../checks/host-looks.ts';
import { KindChecks } from '../checks/kind-checks.ts';
import { neighbours } from '../checks/neighbours.ts';
import { command } from './command.ts';
import type { TargetDeps } from './deps.ts';
import { enterMaintenance } from './enter-maintenance.ts';
import { exitMaintenance } from './exit-maintenance.ts';
import { notify } from './notify.ts';
import { powerOff } from './power-off.ts';
import { shutDownGuests } from './shut-down-guests.ts';
import { startGuests } from './start-guests.ts';
import { wait } from './wait.ts';
import { wake } from './wake.ts';

/** Every step kind with what does it. A new kind is one module in kinds/ and one row here. */
export function stepTable(deps: TargetDeps): StepTable {
  const checks = new KindChecks(new HostLooks(deps), neighbours);
  return {
    'power-off': powerOff(deps, checks),
    'shut-down-guests': shutDownGuests(deps, checks),
    'enter-maintenance': enterMaintenance(deps, checks),
    'exit-maintenance': exitMaintenance(deps, checks),
    'start-guests': startGuests(deps, checks),
    wake: wake(deps, checks),
    command: command(deps, checks),
    wait: wait(deps),
    notify: notify(deps),
  };
}
