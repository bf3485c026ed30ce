import type { ReactElement } from 'react';
import { useUi } from '../store/ui.ts';

/** What a screen reader is told without being asked: edits when it is quiet, three kinds of news at once. */
export function LiveRegions(): ReactElement {
  const polite = useUi((ui) => ui.polite);
  const assertive = useUi((ui) => ui.assertive);
  return (
    <>
      <div className="visually-hidden" role="status" aria-live="polite" data-testid="polite">
        <span key={polite.count}>{polite.text}</span>
      </div>
      <div className="visually-hidden" role="alert" aria-live="assertive" data-testid="assertive">
        <span key={assertive.count}>{assertive.text}</span>
      </div>
    </>
  );
}
