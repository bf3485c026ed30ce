import type { ReactElement } from 'react';
import type { RunView } from '../../shared/run.ts';
import type { Step } from '../../shared/sequence.ts';
import { Button } from '../parts/button.tsx';
import { Dialog } from '../parts/dialog.tsx';
import { stepTitle } from '../plan/step-words.ts';
import { skipStep } from '../store/commands.ts';
import { skipConsequences } from './skip-words.ts';

interface SkipDialogProps {
  run: RunView;
  step: Step;
  onClose: () => void;
}

/** Leaving out a step cannot be taken back, so what follows is said first. */
export function SkipDialog({ run, step, onClose }: SkipDialogProps): ReactElement {
  const skip = () => {
    void skipStep(run.runId, step.id);
    onClose();
  };
  const actions = (
    <>
      <Button label="Cancel" onPress={onClose} />
      <Button label="Skip step" look="danger" acts onPress={skip} />
    </>
  );
  return (
    <Dialog title={`Skip "${stepTitle(step, run.hosts)}"?`} onClose={onClose} actions={actions} isAlert>
      {skipConsequences(run, step).map((sentence) => (
        <p key={sentence}>{sentence}</p>
      ))}
    </Dialog>
  );
}
