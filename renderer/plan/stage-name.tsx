import { type KeyboardEvent, type ReactElement, useRef, useState } from 'react';
import type { Stage } from '../../shared/sequence.ts';
import { edit, focusStage } from '../store/draft.ts';
import styles from './lane.module.css';
import { isName } from './names.ts';

interface StageNameProps {
  stage: Stage;
  isEditing: boolean;
  onEnd: () => void;
}

export function StageName({ stage, isEditing, onEnd }: StageNameProps): ReactElement {
  return isEditing ? <NameField stage={stage} onEnd={onEnd} /> : <h2 className={styles.name}>{stage.name}</h2>;
}

function NameField({ stage, onEnd }: Omit<StageNameProps, 'isEditing'>): ReactElement {
  const [text, setText] = useState(stage.name);
  const isOver = useRef(false);
  // A field that is taken away is left once more.
  const end = () => {
    isOver.current = true;
    onEnd();
  };
  const commit = () => {
    if (isOver.current) return;
    if (isName(text) && text.trim() !== stage.name) edit({ type: 'rename-stage', stageId: stage.id, name: text });
    end();
  };
  const onKey = (event: KeyboardEvent) => {
    if (event.key !== 'Enter' && event.key !== 'Escape') return;
    if (event.key === 'Enter') commit();
    else end();
    focusStage(stage.id);
  };
  return (
    <input
      className={styles.rename}
      aria-label={`New name of stage ${stage.name}`}
      value={text}
      // biome-ignore lint/a11y/noAutofocus: the user has just asked to type here.
      autoFocus
      onFocus={(event) => event.target.select()}
      onChange={(event) => setText(event.target.value)}
      onBlur={commit}
      onKeyDown={onKey}
    />
  );
}
