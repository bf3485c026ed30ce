import type { ReactElement } from 'react';
import { FaultBox } from '../parts/fault-box.tsx';
import { useUi } from '../store/ui.ts';

/** Why the last button did not do what it says; gone with the next one, and with the view. */
export function CommandFault(): ReactElement | null {
  const fault = useUi((ui) => ui.fault);
  return fault && <FaultBox fault={fault} />;
}
