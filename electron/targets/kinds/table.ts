import type { StepTable } from '../../core/ports.ts';
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
  return {
    'power-off': powerOff(deps),
    'shut-down-guests': shutDownGuests(deps),
    'enter-maintenance': enterMaintenance(deps),
    'exit-maintenance': exitMaintenance(deps),
    'start-guests': startGuests(deps),
    wake: wake(deps),
    command: command(deps),
    wait: wait(deps),
    notify: notify(deps),
  };
}
