import { Fragment, type ReactElement, useMemo, useRef } from 'react';
import type { Sequence } from '../../shared/sequence.ts';
import { Button } from '../parts/button.tsx';
import { Simulation } from '../simulation/simulation.tsx';
import { edit, useDraft } from '../store/draft.ts';
import { useSlice } from '../store/live.ts';
import { Lane } from './lane.tsx';
import { laneKeys } from './lane-keys.ts';
import styles from './lanes.module.css';
import { PlanFolds } from './plan-folds.tsx';
import { ReturnSettings } from './return-settings.tsx';
import { useRowFocus } from './use-row-focus.ts';

interface LanesProps {
  sequence: Sequence;
  /** Enter on a row. */
  onOpen: () => void;
}

/** The plan from top to bottom, as time goes: what starts it, the way down with its line, the way back. */
export function Lanes({ sequence, onOpen }: LanesProps): ReactElement {
  const views = useSlice('hosts').hosts;
  const hosts = useMemo(() => views.map((each) => each.host), [views]);
  const checked = useDraft((draft) => draft.checked);
  const lanes = useRef<HTMLDivElement>(null);
  useRowFocus(lanes);
  const lane = { sequence, hosts, checked, onOpen };
  return (
    <div className={styles.lanes} ref={lanes} onKeyDownCapture={laneKeys}>
      <PlanFolds sequence={sequence} />
      {sequence.stages.map((stage, at) => (
        <Fragment key={stage.id}>
          {stage.id === sequence.pointOfNoReturn && <NoReturn />}
          <Lane {...lane} stage={stage} phase="down" number={at + 1} />
        </Fragment>
      ))}
      <div className={styles.add}>
        <Button
          label="Add stage"
          icon="plus"
          look="quiet"
          onPress={() => edit({ type: 'add-stage', phase: 'down', afterId: null })}
        />
      </div>
      <Simulation hosts={hosts} checked={checked} />
      <h2 className={styles.part}>When power returns</h2>
      <ReturnSettings returnWhen={sequence.returnWhen} />
      {sequence.returnStages.map((stage, at) => (
        <Lane key={stage.id} {...lane} stage={stage} phase="return" number={at + 1} />
      ))}
      <div className={styles.add}>
        <Button
          label="Add return stage"
          icon="plus"
          look="quiet"
          onPress={() => edit({ type: 'add-stage', phase: 'return', afterId: null })}
        />
      </div>
    </div>
  );
}

function NoReturn(): ReactElement {
  return (
    <p className={styles.line}>
      <span>Point of no return</span>
      <span className={styles.lineHint}>from here on, mains returning no longer cancels the run</span>
    </p>
  );
}
