import type { StepActions } from '../../core/ports.ts';
import type { TargetDeps } from './deps.ts';
import { maintenance } from './maintenance.ts';

/** Takes an ESXi host into maintenance mode, in which it can be powered off in order. */
export const enterMaintenance = (deps: TargetDeps): StepActions => maintenance(deps, true);
