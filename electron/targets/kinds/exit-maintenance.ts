import type { StepActions } from '../../core/ports.ts';
import type { KindChecks } from '../checks/kind-checks.ts';
import type { TargetDeps } from './deps.ts';
import { maintenance } from './maintenance.ts';

/** Takes an ESXi host out of maintenance mode: one that was powered off in it comes back in it. */
export const exitMaintenance = (deps: TargetDeps, checks: KindChecks): StepActions => maintenance(deps, checks, false);
