import type { ReactElement } from 'react';
import { Button } from '../parts/button.tsx';
import { FaultBox } from '../parts/fault-box.tsx';
import { adoptPlan, isDirty, useDraft } from '../store/draft.ts';
import { useSlice } from '../store/live.ts';

/** Why the last save was refused. If the file has changed meanwhile, it can be taken over from here. */
export function PlanFault(): ReactElement | null {
  const plan = useSlice('plan');
  const fault = useDraft((draft) => draft.fault);
  const isBehind = useDraft(
    (draft) => isDirty(draft) && plan.hash !== draft.baseHash && plan.hash !== draft.replacedHash,
  );
  if (!fault && !isBehind) return null;
  const takeOver = isBehind ? (
    <Button label="Drop my changes and load the saved plan" onPress={() => adoptPlan(plan)} />
  ) : null;
  if (fault) return <FaultBox fault={fault}>{takeOver}</FaultBox>;
  return (
    <FaultBox
      fault={{
        code: 'refused',
        what: 'The saved plan has changed since you began to edit.',
        where: plan.sequence?.name ?? 'plan',
        remedy: 'Saving will be refused. Load the saved plan and make your changes again.',
      }}
    >
      {takeOver}
    </FaultBox>
  );
}
