import { useEffect, useRef, useState } from 'react';
import { flushSync } from 'react-dom';

interface Escape {
  isAsking: boolean;
  leave: () => void;
  /** Takes the question away, and gives the focus back. */
  stay: () => void;
}

/** What Escape does in a dialog: it closes one in which nothing was entered; otherwise it asks, and takes the question back. */
export function useEscape(isChanged: boolean, onClose: () => void): Escape {
  const [isAsking, setAsking] = useState(false);
  const changed = useRef(isChanged);
  changed.current = isChanged;
  const place = useRef<Element | null>(null);
  useEffect(() => {
    if (isAsking || !(place.current instanceof HTMLElement)) return;
    // What had the focus may be gone, as a button in whose place the question stood.
    const dialog = document.querySelector('[role=dialog], [role=alertdialog]');
    const back = place.current.isConnected ? place.current : dialog;
    if (back instanceof HTMLElement) back.focus();
    place.current = null;
  }, [isAsking]);
  return {
    isAsking,
    leave() {
      if (isAsking) return setAsking(false);
      const field = document.activeElement;
      // A number is taken when its field is left.
      if (field instanceof HTMLInputElement) flushSync(() => field.blur());
      if (!changed.current) return onClose();
      place.current = field;
      setAsking(true);
    },
    stay: () => setAsking(false),
  };
}
