import { type RefObject, useEffect, useRef } from 'react';
import { draftStore, useDraft } from '../store/draft.ts';

/** Moves the focus to the row that the last edit or jump asked for, so that a key can be pressed again at once. */
export function useRowFocus(container: RefObject<HTMLElement | null>): void {
  const focus = useDraft((draft) => draft.focus);
  const handled = useRef(draftStore.getState().focus?.count ?? 0);
  useEffect(() => {
    if (!focus || focus.count === handled.current) return;
    handled.current = focus.count;
    // The collection draws its rows one step after us.
    const frame = requestAnimationFrame(() => {
      const row = container.current?.querySelector<HTMLElement>(`[role="row"][data-key="${CSS.escape(focus.stepId)}"]`);
      row?.focus();
      row?.scrollIntoView({ block: 'nearest' });
    });
    return () => cancelAnimationFrame(frame);
  }, [focus, container]);
}
