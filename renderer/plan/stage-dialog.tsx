import type { ReactElement } from 'react';
import type { Sequence, Stage } from '../../shared/sequence.ts';
import { Button } from '../parts/button.tsx';
import { Dialog } from '../parts/dialog.tsx';
import { NumberInput, SelectInput } from '../parts/fields.tsx';
import { edit } from '../store/draft.ts';
import { Conditions } from './conditions.tsx';
import styles from './settings.module.css';

interface StageDialogProps {
  sequence: Sequence;
  stage: Stage;
  onClose: () => void;
}

/** What holds for a whole stage. Each change is an edit of its own and can be undone. */
export function StageDialog({ sequence, stage, onClose }: StageDialogProps): ReactElement {
  const change = (next: Stage, mark: string | null = null) =>
    edit({ type: 'change-stage', stage: next }, mark && `${stage.id} ${mark}`);
  return (
    <Dialog
      title={`Stage ${stage.name}`}
      onClose={onClose}
      actions={<Button label="Close" look="main" onPress={onClose} />}
    >
      <div className={styles.pair}>
        <NumberInput
          label="Steps at once"
          value={stage.parallel ?? null}
          min={1}
          max={500}
          whenEmpty="all that are ready"
          hint="For what cannot take everything at the same time"
          onChange={(parallel) => change(withParallel(stage, parallel), 'parallel')}
        />
        <SelectInput
          label="If a step fails"
          value={stage.onFailure}
          options={[
            { value: 'continue', label: 'Go on' },
            { value: 'stop', label: 'Stop the run after this stage' },
          ]}
          hint={
            stage.onFailure === 'continue'
              ? 'The failure is noted; later stages are begun.'
              : 'Nothing that comes after this stage is begun.'
          }
          onChange={(onFailure) => change({ ...stage, onFailure })}
        />
      </div>
      <Conditions
        when={stage.when}
        isAimed={false}
        parameters={sequence.parameters}
        onChange={(when, mark) => change({ ...stage, when }, mark)}
      />
    </Dialog>
  );
}

function withParallel(stage: Stage, parallel: number | null): Stage {
  const { parallel: _, ...rest } = stage;
  return parallel === null ? rest : { ...rest, parallel };
}
