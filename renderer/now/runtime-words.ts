import { assertNever } from '../../shared/assert-never.ts';
import type { PowerView } from '../../shared/view.ts';

/** Where the runtime comes from, when it is not simply what the UPS says. */
export function runtimeSource(from: PowerView['runtimeFrom']): string | null {
  switch (from) {
    case 'reported':
    case 'unknown':
      return null;
    case 'counted-down':
      return 'counted down here from its last word';
    case 'learned':
      return 'learned from its earlier discharges';
    case 'estimated':
      return 'a cautious estimate: it was never seen discharging';
    default:
      return assertNever(from, 'origin of a runtime');
  }
}
