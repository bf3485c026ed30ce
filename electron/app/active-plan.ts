import { basename } from 'node:path';
import type { Problem } from '../../shared/problem.ts';
import type { RefusedFile } from '../../shared/view.ts';
import type { StoredSequence } from '../storage/sequences.ts';
import type { Settings } from '../storage/settings-file.ts';

export interface ActivePlan {
  stored: StoredSequence | null;
  armed: boolean;
  /** Set when something was armed that is not there in the same words any more. */
  lostArming: Problem | null;
}

/**
 * Which sequence is the plan, and whether it may act. Armed is only what the user armed, to the letter: a file that was
 * changed behind our back is shown and not obeyed.
 */
export function choosePlan(
  sequences: readonly StoredSequence[],
  refused: readonly RefusedFile[],
  { activeSequence, armed }: Pick<Settings, 'activeSequence' | 'armed'>,
): ActivePlan {
  const chosen = sequences.find(({ sequence }) => sequence.id === activeSequence);
  // A refused file stays the plan that is not there: silently taking another one would hide it.
  const isRefused = refused.some(({ file }) => basename(file, '.json') === activeSequence);
  const stored = chosen ?? (isRefused ? null : (sequences[0] ?? null));
  if (!armed) return { stored, armed: false, lostArming: null };
  const found = sequences.find(({ sequence }) => sequence.id === armed.sequenceId);
  if (found && found.hash === armed.hash) {
    return { stored, armed: found === stored, lostArming: null };
  }
  return {
    stored,
    armed: false,
    lostArming: {
      severity: 'warning',
      stageId: null,
      stepId: null,
      what: found
        ? `“${found.sequence.name}” was changed outside Glidepath after it was armed.`
        : `The armed plan “${armed.sequenceId}” is gone or cannot be read.`,
      remedy: 'Look the plan over and arm it again.',
    },
  };
}
