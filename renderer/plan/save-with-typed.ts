import { flushSync } from 'react-dom';
import { focusStage, savePlan } from '../store/draft.ts';

/** Fields give their value to the draft when they are left: leave the one with the focus, save, and go back to it. */
export function saveWithTyped(): void {
  const field = document.activeElement;
  const isField = field instanceof HTMLInputElement || field instanceof HTMLTextAreaElement;
  const stageId = isField ? field.closest<HTMLElement>('[data-stage]')?.dataset.stage : undefined;
  if (isField) flushSync(() => field.blur());
  void savePlan();
  if (!isField) return;
  if (field.isConnected) field.focus();
  // The name of a stage is a field only while it is being changed.
  else if (stageId !== undefined) focusStage(stageId);
}
