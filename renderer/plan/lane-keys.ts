import type { KeyboardEvent } from 'react';
import { edit } from '../store/draft.ts';
import type { PlanEdit } from './edits.ts';

/**
 * Alt with arrows moves the row that has the focus, Delete removes it. Taken in the capture phase, since the list
 * would otherwise move its focus on the same arrows.
 */
export function laneKeys(event: KeyboardEvent<HTMLElement>): void {
  // An open menu is elsewhere in the page, but its events come through here as well.
  if (!(event.target instanceof HTMLElement) || !event.currentTarget.contains(event.target)) return;
  const stepId = event.target.closest<HTMLElement>('[role="row"][data-key]')?.dataset.key;
  const change = stepId === undefined ? null : editOf(event, stepId);
  if (!change) return;
  event.preventDefault();
  event.stopPropagation();
  edit(change);
}

function editOf(event: KeyboardEvent, stepId: string): PlanEdit | null {
  if (event.ctrlKey || event.metaKey || event.shiftKey) return null;
  if (event.key === 'Delete' && !event.altKey) return { type: 'remove-step', stepId };
  if (!event.altKey) return null;
  switch (event.key) {
    case 'ArrowUp':
      return { type: 'shift-step', stepId, by: -1 };
    case 'ArrowDown':
      return { type: 'shift-step', stepId, by: 1 };
    case 'ArrowLeft':
      return { type: 'step-to-neighbour', stepId, by: -1 };
    case 'ArrowRight':
      return { type: 'step-to-neighbour', stepId, by: 1 };
    default:
      return null;
  }
}
