import { memo, type ReactElement } from 'react';
import type { Host } from '../../shared/inventory.ts';
import type { StepView } from '../../shared/run.ts';
import type { Step } from '../../shared/sequence.ts';
import { wasCalledOff } from '../../shared/turning-off.ts';
import { cx } from '../parts/cx.ts';
import { FaultBox } from '../parts/fault-box.tsx';
import { clock } from '../parts/format.ts';
import { Icon } from '../parts/icons.tsx';
import tones from '../parts/tone.module.css';
import { useNow } from '../parts/use-now.ts';
import { limitOf, stepTitle } from '../plan/step-words.ts';
import { useIsWatching, whyWatchingId } from '../store/controller.ts';
import styles from './run-detail.module.css';
import { stateWords, stepNote } from './run-words.ts';
import { OffAt, type UpsOff } from './ups-countdown.tsx';

interface RunStepProps {
  step: Step;
  view: StepView;
  hosts: readonly Host[];
  /** Why it does not begin though it could; null: nothing holds it. */
  held: string | null;
  /** Which guests it is for; null: it is for none, or that is not known yet. */
  guests: string | null;
  /** When its UPS turns off; null: it does not. */
  upsOff: UpsOff | null;
  canSkip: boolean;
  /** Nothing more is begun in its part of the run. */
  isOver: boolean;
  onSkip: (stepId: string) => void;
}

const heldLook = { icon: 'plug', words: 'Held', tone: 'calm' } as const;

/** Each push brings a whole run of new objects, of which a big one has thousands: only rows that changed are drawn. */
export const RunStep = memo(function RunStep(props: RunStepProps): ReactElement {
  const { step, view, hosts, held, guests, upsOff, canSkip, isOver, onSkip } = props;
  const { icon, words, tone } = held ? heldLook : stateWords(view.state, isOver);
  const note = held ?? (step.kind === 'ups-off' ? upsOffNote(step, view, upsOff) : stepNote(step, view));
  const title = stepTitle(step, hosts);
  return (
    <li className={styles.step} data-state={view.state}>
      <span className={cx(styles.state, tones[tone])}>
        <Icon name={icon} />
        {words}
      </span>
      <span className={styles.name}>
        {title}
        {guests && <span className={styles.note}>{guests}</span>}
        {note && <span className={styles.note}>{note}</span>}
        {upsOff && <OffAt off={upsOff} />}
      </span>
      <StepTime step={step} view={view} />
      {canSkip && <Skip title={title} onSkip={() => onSkip(step.id)} />}
      {view.fault && (
        <div className={styles.fault}>
          <FaultBox fault={view.fault} />
        </div>
      )}
    </li>
  );
}, isSame);

/** Its proof names the time that was left then: what is left now stands beside it. */
function upsOffNote(step: Step, view: StepView, off: UpsOff | null): string {
  if (wasCalledOff(view)) return 'called off again';
  return view.state === 'done' && off ? 'it has taken the command' : stepNote(step, view);
}

/** A run's steps and hosts are those of its begin; what a step's view holds are values, but for its fault. */
function isSame(old: RunStepProps, next: RunStepProps): boolean {
  const keys: readonly (keyof StepView)[] = [
    'state',
    'startedAt',
    'endedAt',
    'attempt',
    'inDoubt',
    'accepted',
    'proof',
  ];
  return (
    old.step.id === next.step.id &&
    old.held === next.held &&
    old.guests === next.guests &&
    old.upsOff?.at === next.upsOff?.at &&
    old.upsOff?.isDoubted === next.upsOff?.isDoubted &&
    wasCalledOff(old.view) === wasCalledOff(next.view) &&
    old.canSkip === next.canSkip &&
    old.isOver === next.isOver &&
    old.onSkip === next.onSkip &&
    keys.every((key) => old.view[key] === next.view[key]) &&
    old.view.fault?.what === next.view.fault?.what
  );
}

/** Light, since there is one for each step that is still to come. */
function Skip({ title, onSkip }: { title: string; onSkip: () => void }): ReactElement {
  const isWatching = useIsWatching();
  return (
    <button
      type="button"
      className={styles.skip}
      aria-label={`Skip ${title}…`}
      disabled={isWatching}
      {...(isWatching ? { 'aria-describedby': whyWatchingId } : {})}
      onClick={onSkip}
    >
      Skip…
    </button>
  );
}

/** "0:39 / 4:00" while it goes on, "3:31" afterwards. */
function StepTime({ step, view: { startedAt, endedAt } }: { step: Step; view: StepView }): ReactElement {
  if (startedAt === null) return <span className={styles.time} />;
  if (endedAt === null) return <Elapsed since={startedAt} limit={limitOf(step)} />;
  return <span className={styles.time}>{clock((endedAt - startedAt) / 1000)}</span>;
}

function Elapsed({ since, limit }: { since: number; limit: number }): ReactElement {
  return <span className={styles.time}>{`${clock((useNow() - since) / 1000)} / ${clock(limit)}`}</span>;
}
