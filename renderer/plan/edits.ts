import { assertNever } from '../../shared/assert-never.ts';
import type { Host } from '../../shared/inventory.ts';
import type { Sequence, Stage, Step, StepKind } from '../../shared/sequence.ts';
import type { Triggers } from '../../shared/triggers.ts';
import { badName, isName } from './names.ts';
import type { PlanSettings } from './plan-settings.ts';
import { addStage, changeStage, moveLine, moveStage, removeStage, renameStage } from './stage-edits.ts';
import {
  addStep,
  changeStep,
  moveStep,
  removeStep,
  shiftStep,
  stepToNeighbourStage,
  toggleNeed,
} from './step-edits.ts';

/** Everything that the editor can do to a sequence. Keyboard, mouse, menus and the inspector all end here. */
export type PlanEdit =
  /** `ups`: the one that a step of the kind `ups-off` is for. */
  | { type: 'add-step'; stageId: string; kind: StepKind; ups?: string | null }
  | { type: 'change-step'; step: Step }
  | { type: 'remove-step'; stepId: string }
  /** Up or down within its stage. */
  | { type: 'shift-step'; stepId: string; by: -1 | 1 }
  /** To the end of the stage before or after. */
  | { type: 'step-to-neighbour'; stepId: string; by: -1 | 1 }
  /** In front of `beforeId`; null: to the end. */
  | { type: 'move-step'; stepId: string; stageId: string; beforeId: string | null }
  | { type: 'toggle-need'; stepId: string; needId: string }
  | { type: 'add-stage'; phase: 'down' | 'return'; afterId: string | null }
  | { type: 'rename-stage'; stageId: string; name: string }
  /** Its settings; its steps stay as they are. */
  | { type: 'change-stage'; stage: Stage }
  | { type: 'remove-stage'; stageId: string }
  | { type: 'move-stage'; stageId: string; by: -1 | 1 }
  | { type: 'move-line'; stageId: string }
  | { type: 'rename'; name: string }
  | { type: 'triggers'; triggers: Triggers }
  | { type: 'settings'; settings: Partial<PlanSettings> }
  | { type: 'return-when'; returnWhen: Sequence['returnWhen'] };

export interface Edited {
  /** The very same object when the edit was not possible. */
  sequence: Sequence;
  /** What was done, or why not: one sentence for the live region. */
  sentence: string;
  /** The step that has the focus afterwards. */
  focus: string | null;
  /** The stage that has it when no step does. */
  focusStage?: string;
}

/** Pure. A valid sequence stays valid: ids unique, needs inside their stage, the line before a stage going down. */
export function applyEdit(sequence: Sequence, edit: PlanEdit, hosts: readonly Host[]): Edited {
  switch (edit.type) {
    case 'add-step':
      return addStep(sequence, edit.stageId, edit.kind, hosts, edit.ups ?? null);
    case 'change-step':
      return changeStep(sequence, edit.step, hosts);
    case 'remove-step':
      return removeStep(sequence, edit.stepId, hosts);
    case 'shift-step':
      return shiftStep(sequence, edit.stepId, edit.by, hosts);
    case 'step-to-neighbour':
      return stepToNeighbourStage(sequence, edit.stepId, edit.by, hosts);
    case 'move-step':
      return moveStep(sequence, edit.stepId, edit.stageId, edit.beforeId, hosts);
    case 'toggle-need':
      return toggleNeed(sequence, edit.stepId, edit.needId, hosts);
    case 'add-stage':
      return addStage(sequence, edit.phase, edit.afterId);
    case 'rename-stage':
      return renameStage(sequence, edit.stageId, edit.name);
    case 'change-stage':
      return changeStage(sequence, edit.stage);
    case 'remove-stage':
      return removeStage(sequence, edit.stageId);
    case 'move-stage':
      return moveStage(sequence, edit.stageId, edit.by);
    case 'move-line':
      return moveLine(sequence, edit.stageId);
    case 'rename':
      return isName(edit.name)
        ? { sequence: { ...sequence, name: edit.name.trim() }, sentence: `Plan renamed to ${edit.name}.`, focus: null }
        : { sequence, sentence: badName, focus: null };
    case 'triggers':
      return { sequence: { ...sequence, triggers: edit.triggers }, sentence: 'Triggers changed.', focus: null };
    case 'settings':
      return { sequence: { ...sequence, ...edit.settings }, sentence: 'Plan settings changed.', focus: null };
    case 'return-when':
      return { sequence: { ...sequence, returnWhen: edit.returnWhen }, sentence: 'Return changed.', focus: null };
    default:
      return assertNever(edit, 'plan edit');
  }
}
