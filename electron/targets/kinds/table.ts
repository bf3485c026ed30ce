import { type SettingStep, settingSteps } from '../../../shared/setting-steps.ts';
import type { StepActions, StepTable } from '../../core/ports.ts';
import { HostLooks } from '../checks/host-looks.ts';
import { KindChecks } from '../checks/kind-checks.ts';
import { neighbours } from '../checks/neighbours.ts';
import { command } from './command.ts';
import type { TargetDeps } from './deps.ts';
import { migrateGuests } from './migrate-guests.ts';
import { notify } from './notify.ts';
import { powerOff } from './power-off.ts';
import { setting } from './setting.ts';
import { shutDownGuests } from './shut-down-guests.ts';
import { startGuests } from './start-guests.ts';
import { upsOff } from './ups-off.ts';
import { vsanCluster } from './vsan-cluster.ts';
import { wait } from './wait.ts';
import { waitResync } from './wait-resync.ts';
import { wake } from './wake.ts';

/** Every step kind with what does it. A new kind is one module in kinds/ and one row here. */
export function stepTable(deps: TargetDeps): StepTable {
  const checks = new KindChecks(new HostLooks(deps), neighbours, deps.secrets);
  const settings = Object.fromEntries(
    (Object.keys(settingSteps) as SettingStep[]).map((kind) => [kind, setting(deps, checks, kind)]),
  ) as Record<SettingStep, StepActions>;
  return {
    ...settings,
    'power-off': powerOff(deps, checks),
    'shut-down-guests': shutDownGuests(deps, checks),
    'start-guests': startGuests(deps, checks),
    wake: wake(deps, checks),
    command: command(deps, checks),
    'wait-resync': waitResync(deps, checks),
    'prepare-vsan': vsanCluster(deps, checks, 'prepare'),
    'recover-vsan': vsanCluster(deps, checks, 'recover'),
    'migrate-guests': migrateGuests(deps, checks),
    'ups-off': upsOff(deps),
    wait: wait(deps),
    notify: notify(deps),
  };
}
