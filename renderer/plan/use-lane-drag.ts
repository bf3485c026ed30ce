import { type DragAndDropHooks, type DropItem, useDragAndDrop } from 'react-aria-components';
import type { Host } from '../../shared/inventory.ts';
import type { Stage, Step } from '../../shared/sequence.ts';
import { edit } from '../store/draft.ts';
import { beforeWhom } from './drop-place.ts';
import { stepTitle } from './step-words.ts';

/** Our own type: nothing but a step of this window can be dropped into a lane. */
const stepType = 'application/x-glidepath-step';

/** Dragging rows within a lane and between lanes, with the mouse and with the keyboard. */
export function useLaneDrag(stage: Stage, hosts: readonly Host[]): { dragAndDropHooks: DragAndDropHooks<Step> } {
  const move = (stepId: string, beforeId: string | null) =>
    edit({ type: 'move-step', stepId, stageId: stage.id, beforeId });
  return useDragAndDrop<Step>({
    getItems: (keys) =>
      [...keys].map((key) => {
        const step = stage.steps.find((each) => each.id === key);
        return { [stepType]: String(key), 'text/plain': step ? stepTitle(step, hosts) : String(key) };
      }),
    acceptedDragTypes: [stepType],
    getDropOperation: () => 'move',
    onReorder: ({ keys, target }) => {
      for (const key of keys)
        move(String(key), beforeWhom(stage, String(key), String(target.key), target.dropPosition));
    },
    onInsert: ({ items, target }) => {
      void stepIdOf(items).then((id) => id && move(id, beforeWhom(stage, id, String(target.key), target.dropPosition)));
    },
    onRootDrop: ({ items }) => {
      void stepIdOf(items).then((id) => id && move(id, null));
    },
  });
}

async function stepIdOf(items: readonly DropItem[]): Promise<string | null> {
  for (const item of items) {
    if (item.kind === 'text' && item.types.has(stepType)) return item.getText(stepType);
  }
  return null;
}
