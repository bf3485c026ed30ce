import type { ReactElement } from 'react';
import { Button } from '../parts/button.tsx';
import { Dialog } from '../parts/dialog.tsx';
import { endRun } from '../store/commands.ts';

/** For the user who wants what is off to stay off, or has brought it back by hand. */
export function EndDialog({ onClose }: { onClose: () => void }): ReactElement {
  const end = () => {
    void endRun();
    onClose();
  };
  const actions = (
    <>
      <Button label="Cancel" onPress={onClose} />
      <Button label="End run" acts look="danger" onPress={end} />
    </>
  );
  return (
    <Dialog title="End this run?" onClose={onClose} actions={actions} isAlert>
      <p>What is off stays off: nothing more of this run is woken or started.</p>
    </Dialog>
  );
}
