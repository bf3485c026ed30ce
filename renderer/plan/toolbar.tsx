import { type ReactElement, useEffect, useState } from 'react';
import type { Sequence } from '../../shared/sequence.ts';
import { Button } from '../parts/button.tsx';
import { count, duration } from '../parts/format.ts';
import { Icon } from '../parts/icons.tsx';
import { StartRehearsal } from '../rehearsal/start-rehearsal.tsx';
import { arm, disarm } from '../store/commands.ts';
import { edit, isDirty, redoEdit, savePlan, undoEdit, useDraft } from '../store/draft.ts';
import { useSlice } from '../store/live.ts';
import { isName } from './names.ts';
import styles from './toolbar.module.css';

export function Toolbar({ sequence }: { sequence: Sequence }): ReactElement {
  const plan = useSlice('plan');
  const dirty = useDraft(isDirty);
  const saving = useDraft((draft) => draft.saving);
  const canUndo = useDraft((draft) => (draft.history?.past.length ?? 0) > 0);
  const canRedo = useDraft((draft) => (draft.history?.future.length ?? 0) > 0);
  const baseHash = useDraft((draft) => draft.baseHash);
  const checked = useDraft((draft) => draft.checked);
  const errors = checked.problems.filter((problem) => problem.severity === 'error').length;
  const warnings = checked.problems.length - errors;
  const whyNot = dirty ? 'Save it before arming' : errors > 0 ? 'Mend the errors before arming' : null;
  return (
    <fieldset className={styles.bar} aria-label="Plan">
      <PlanName name={sequence.name} />
      <p className={styles.facts}>
        <span>{`needs ${duration(checked.needs)}`}</span>
        {errors > 0 && (
          <span className={styles.errors}>
            <Icon name="alert" />
            {count(errors, 'error', 'errors')}
          </span>
        )}
        {warnings > 0 && (
          <span className={styles.warnings}>
            <Icon name="alert" />
            {count(warnings, 'warning', 'warnings')}
          </span>
        )}
        <span>{dirty ? 'not saved' : 'saved'}</span>
      </p>
      <div className={styles.buttons}>
        <Button
          label="Undo"
          tip="Undo, Ctrl+Z"
          icon="undo"
          iconOnly
          look="quiet"
          isDisabled={!canUndo}
          onPress={undoEdit}
        />
        <Button
          label="Redo"
          tip="Redo, Ctrl+Shift+Z"
          icon="redo"
          iconOnly
          look="quiet"
          isDisabled={!canRedo}
          onPress={redoEdit}
        />
        <StartRehearsal label="Rehearse" isDisabled={dirty} />
        <Button
          label="Save plan"
          tip="Save, Ctrl+S"
          acts
          look={dirty ? 'main' : 'plain'}
          isDisabled={!dirty || saving}
          onPress={() => void savePlan()}
        />
        {plan.armed ? (
          <Button label="Disarm…" acts onPress={() => void disarm(plan.hash)} />
        ) : (
          <Button label="Arm…" acts isDisabled={whyNot !== null || saving} onPress={() => void arm(baseHash)} />
        )}
        {!plan.armed && whyNot && <span className={styles.why}>{whyNot}</span>}
      </div>
    </fieldset>
  );
}

/** The name is its own field: typing renames, an empty name falls back to the old one. */
function PlanName({ name }: { name: string }): ReactElement {
  const [text, setText] = useState(name);
  useEffect(() => setText(name), [name]);
  const commit = () => {
    if (text.trim() === name) return;
    if (isName(text)) edit({ type: 'rename', name: text });
    else setText(name);
  };
  return (
    <input
      className={styles.name}
      aria-label="Name of the plan"
      value={text}
      spellCheck={false}
      onChange={(event) => setText(event.target.value)}
      onBlur={commit}
      onKeyDown={(event) => event.key === 'Enter' && commit()}
    />
  );
}
