import type { ReactElement } from 'react';
import type { Host } from '../../shared/inventory.ts';
import type { StepView } from '../../shared/run.ts';
import type { Step } from '../../shared/sequence.ts';
import { cx } from '../parts/cx.ts';
import { FaultBox } from '../parts/fault-box.tsx';
import { clock } from '../parts/format.ts';
import { Icon } from '../parts/icons.tsx';
import tones from '../parts/tone.module.css';
import { limitOf, stepTitle } from '../plan/step-words.ts';
import styles from './run-detail.module.css';
import { stateWords, stepNote } from './run-words.ts';

interface RunStepProps {
  step: Step;
  view: StepView;
  hosts: readonly Host[];
  now: number;
  /** Nothing more is begun in its part of the run. */
  isOver: boolean;
}

export function RunStep({ step, view, hosts, now, isOver }: RunStepProps): ReactElement {
  const { icon, words, tone } = stateWords(view.state, isOver);
  const note = stepNote(step, view);
  return (
    <li className={styles.step} data-state={view.state}>
      <span className={cx(styles.state, tones[tone])}>
        <Icon name={icon} />
        {words}
      </span>
      <span className={styles.name}>
        {stepTitle(step, hosts)}
        {note && <span className={styles.note}>{note}</span>}
      </span>
      <span className={styles.time}>{timeWords(step, view, now)}</span>
      {view.fault && (
        <div className={styles.fault}>
          <FaultBox fault={view.fault} />
        </div>
      )}
    </li>
  );
}

/** "0:39 / 4:00" while it goes on, "3:31" afterwards. */
function timeWords(step: Step, view: StepView, now: number): string {
  if (view.startedAt === null) return '';
  const gone = clock(((view.endedAt ?? now) - view.startedAt) / 1000);
  return view.endedAt === null ? `${gone} / ${clock(limitOf(step))}` : gone;
}
