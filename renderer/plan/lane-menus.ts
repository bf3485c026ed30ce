import type { Sequence, Stage, Step } from '../../shared/sequence.ts';
import type { MenuEntry } from '../parts/menu.tsx';
import { edit } from '../store/draft.ts';
import { allStages } from './step-words.ts';

export function stageEntries(
  sequence: Sequence,
  stage: Stage,
  phase: 'down' | 'return',
  onRename: () => void,
  onSettings: () => void,
): MenuEntry[] {
  const list = phase === 'down' ? sequence.stages : sequence.returnStages;
  const at = list.findIndex((each) => each.id === stage.id);
  const stageId = stage.id;
  return [
    { id: 'rename', label: 'Rename…', onAction: onRename },
    { id: 'settings', label: 'Settings…', hint: 'How many at once, when, and if one fails', onAction: onSettings },
    {
      id: 'up',
      label: 'Move stage up',
      isDisabled: at === 0,
      onAction: () => edit({ type: 'move-stage', stageId, by: -1 }),
    },
    {
      id: 'down',
      label: 'Move stage down',
      isDisabled: at === list.length - 1,
      onAction: () => edit({ type: 'move-stage', stageId, by: 1 }),
    },
    { id: 'after', label: 'Add stage after', onAction: () => edit({ type: 'add-stage', phase, afterId: stageId }) },
    ...(phase === 'down'
      ? [
          {
            id: 'line',
            label: 'Line before this stage',
            hint: 'The point of no return',
            startsGroup: true,
            isDisabled: sequence.pointOfNoReturn === stageId,
            onAction: () => edit({ type: 'move-line', stageId }),
          },
        ]
      : []),
    {
      id: 'delete',
      label: 'Delete stage',
      isBad: true,
      startsGroup: true,
      isDisabled: phase === 'down' && list.length === 1,
      onAction: () => edit({ type: 'remove-stage', stageId }),
    },
  ];
}

/** The click path to everything that dragging and keys can do. */
export function stepEntries(sequence: Sequence, stage: Stage, step: Step): MenuEntry[] {
  const at = stage.steps.findIndex((each) => each.id === step.id);
  const stepId = step.id;
  return [
    {
      id: 'up',
      label: 'Move up',
      keys: 'Alt+↑',
      isDisabled: at === 0,
      onAction: () => edit({ type: 'shift-step', stepId, by: -1 }),
    },
    {
      id: 'down',
      label: 'Move down',
      keys: 'Alt+↓',
      isDisabled: at === stage.steps.length - 1,
      onAction: () => edit({ type: 'shift-step', stepId, by: 1 }),
    },
    {
      id: 'to-stage',
      label: 'Move to stage…',
      submenu: allStages(sequence).map((each) => ({
        id: each.id,
        label: each.name,
        isDisabled: each.id === stage.id,
        onAction: () => edit({ type: 'move-step', stepId, stageId: each.id, beforeId: null }),
      })),
    },
    {
      id: 'delete',
      label: 'Delete step',
      keys: 'Del',
      isBad: true,
      startsGroup: true,
      onAction: () => edit({ type: 'remove-step', stepId }),
    },
  ];
}
