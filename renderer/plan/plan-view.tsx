import { type KeyboardEvent, type ReactElement, useRef } from 'react';
import { cx } from '../parts/cx.ts';
import { FaultBox } from '../parts/fault-box.tsx';
import { fileName } from '../parts/format.ts';
import { CommandFault } from '../shell/command-fault.tsx';
import { jumpTo, redoEdit, undoEdit, useDraft } from '../store/draft.ts';
import { useSlice } from '../store/live.ts';
import { EmptyPlan } from './empty-plan.tsx';
import { Inspector } from './inspector.tsx';
import { Lanes } from './lanes.tsx';
import styles from './plan.module.css';
import { PlanFault } from './plan-fault.tsx';
import { Problems } from './problems.tsx';
import { saveWithTyped } from './save-with-typed.ts';
import { findStep } from './step-words.ts';
import { Toolbar } from './toolbar.tsx';

/** What will happen, and where it is written. */
export function PlanEditor(): ReactElement {
  const { refused } = useSlice('plan');
  const sequence = useDraft((draft) => draft.history?.now ?? null);
  const selected = useDraft((draft) => draft.selected);
  const inspector = useRef<HTMLElement>(null);
  const step = sequence && selected !== null ? findStep(sequence, selected) : undefined;
  const broken = refused.map(({ file, fault }) => (
    <FaultBox key={file} fault={fault} title={`${fileName(file)} was not taken; it is kept as it is`} />
  ));
  if (!sequence) {
    return (
      <div className={styles.page}>
        <h1 className="visually-hidden">Plan</h1>
        {broken}
        <EmptyPlan />
      </div>
    );
  }
  const intoInspector = () => inspector.current?.querySelector<HTMLElement>('select, input, textarea')?.focus();
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: only gathers keys that bubble up from the controls inside.
    <div className={styles.editor} onKeyDown={onShortcut}>
      <h1 className="visually-hidden">Plan</h1>
      <Toolbar sequence={sequence} />
      <div className={styles.panes}>
        <div className={styles.lanes}>
          {broken}
          <CommandFault />
          <PlanFault />
          <Problems sequence={sequence} />
          <Lanes sequence={sequence} onOpen={intoInspector} />
        </div>
        <aside
          className={cx(styles.inspector, !step && styles.idle)}
          ref={inspector}
          aria-label="Step"
          onKeyDown={(event) => event.key === 'Escape' && selected !== null && jumpTo(selected)}
        >
          <Inspector key={step?.id ?? 'none'} sequence={sequence} step={step ?? null} />
        </aside>
      </div>
    </div>
  );
}

function onShortcut(event: KeyboardEvent): void {
  if (!(event.ctrlKey || event.metaKey) || event.altKey) return;
  const key = event.key.toLowerCase();
  if (key === 's') {
    event.preventDefault();
    saveWithTyped();
  }
  // Inside a field the field's own undo is what people expect.
  const isTyping = event.target instanceof HTMLInputElement || event.target instanceof HTMLTextAreaElement;
  if (isTyping || (key !== 'z' && key !== 'y')) return;
  event.preventDefault();
  if (key === 'y' || event.shiftKey) redoEdit();
  else undoEdit();
}
