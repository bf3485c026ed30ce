import { type FocusEvent, type RefObject, useEffect, useRef } from 'react';

interface KeptPlace {
  ref: RefObject<HTMLElement | null>;
  onFocus: (event: FocusEvent) => void;
}

/**
 * For a section with a list of rows (`li`): what had the focus there may go, a button whose work is done or a whole row, be
 * it under a dialog or when the change is pushed. Then the focus goes on in that row, or to the section's first button.
 */
export function useKeptPlace(): KeptPlace {
  const section = useRef<HTMLElement>(null);
  // The row itself, and not its name: another one of that name is another place.
  const place = useRef<{ row: Element | null } | null>(null);
  useEffect(() => {
    const leave = () => {
      place.current = null;
    };
    // Who points somewhere else has left the place.
    window.addEventListener('pointerdown', leave, true);
    return () => window.removeEventListener('pointerdown', leave, true);
  }, []);
  useEffect(() => {
    if (!place.current) return;
    // A dialog gives the focus back one frame after it was closed.
    let frame = requestAnimationFrame(() => {
      frame = requestAnimationFrame(() => {
        if (!place.current || document.activeElement !== document.body) return;
        const { row } = place.current;
        const from = row?.isConnected ? row : section.current;
        from?.querySelector<HTMLElement>('button:not(:disabled)')?.focus();
      });
    });
    return () => cancelAnimationFrame(frame);
  });
  return {
    ref: section,
    // What is focused in a dialog of the section comes by here as well.
    onFocus: ({ target }) => {
      if (section.current?.contains(target)) place.current = { row: target.closest('li') };
    },
  };
}
