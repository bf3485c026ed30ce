import type { Host } from '../../shared/inventory.ts';
import type { Sequence, Stage, Step, StepKind } from '../../shared/sequence.ts';
import { stepKinds } from '../../shared/step-kinds.ts';
import { stepIcon } from '../parts/icons.tsx';
import type { MenuEntry } from '../parts/menu.tsx';
import { edit } from '../store/draft.ts';
import { allStages } from './step-words.ts';
import { hostsFor } from './targets.ts';

const kinds = Object.keys(stepKinds) as StepKind[];

const kindHints: Readonly<Record<StepKind, string>> = {
  'power-off': 'A clean shutdown of a machine, proven by its silence',
  'shut-down-guests': 'Every running VM of an ESXi host, through its tools',
  'enter-maintenance': 'So that nothing starts by itself when the host wakes',
  'exit-maintenance': 'The host may run guests again',
  'start-guests': 'Those that this run found running and shut down',
  wake: 'A wake-on-LAN packet, then wait until it answers',
  command: 'Any command, over SSH',
  wait: 'A fixed time',
  notify: 'A notification on this computer',
};

/** What [+] offers. A kind without a fitting host is shown, and says what it lacks. */
export function paletteEntries(stage: Stage, hosts: readonly Host[]): MenuEntry[] {
  return kinds.map((kind) => {
    const { label, targets } = stepKinds[kind];
    const isLacking = targets !== null && hostsFor(kind, hosts).length === 0;
    return {
      id: kind,
      label,
      icon: stepIcon(kind),
      hint: isLacking ? `Needs a host of kind ${targets.join(' or ')}: add one under Setup` : kindHints[kind],
      isDisabled: isLacking,
      onAction: () => edit({ type: 'add-step', stageId: stage.id, kind }),
    };
  });
}

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
