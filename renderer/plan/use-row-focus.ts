import { type RefObject, useEffect, useRef } from 'react';
import { draftStore, type FocusWish, useDraft } from '../store/draft.ts';

/** Moves the focus to where the last edit or jump asked for it, so that a key can be pressed again at once. */
export function useRowFocus(container: RefObject<HTMLElement | null>): void {
  const focus = useDraft((draft) => draft.focus);
  const handled = useRef(draftStore.getState().focus?.count ?? 0);
  useEffect(() => {
    if (!focus || focus.count === handled.current) return;
    handled.current = focus.count;
    // The collection draws its rows one step after us.
    const frame = requestAnimationFrame(() => {
      const place = container.current?.querySelector<HTMLElement>(selectorOf(focus));
      place?.focus();
      place?.scrollIntoView({ block: 'nearest' });
    });
    return () => cancelAnimationFrame(frame);
  }, [focus, container]);
}

/** A step's row, or the menu at the end of a stage's head. */
const selectorOf = ({ on, id }: FocusWish): string =>
  on === 'step'
    ? `[role="row"][data-key="${CSS.escape(id)}"]`
    : `[data-stage="${CSS.escape(id)}"] > header button:last-child`;
