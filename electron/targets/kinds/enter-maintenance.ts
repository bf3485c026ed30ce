import type { StepActions } from '../../core/ports.ts';
import type { KindChecks } from '../checks/kind-checks.ts';
import type { TargetDeps } from './deps.ts';
import { maintenance } from './maintenance.ts';

/** Takes an ESXi host into maintenance mode, in which it can be powered off in order. */
export const enterMaintenance = (deps: TargetDeps, checks: KindChecks): StepActions => maintenance(deps, checks, true);
