import { basename } from 'node:path';
import type { Host } from '../../shared/inventory.ts';
import type { Problem } from '../../shared/problem.ts';
import type { RefusedFile } from '../../shared/view.ts';
import type { StoredSequence } from '../storage/sequences.ts';
import type { Settings } from '../storage/settings-file.ts';
import { hostsHash } from './host-edits.ts';

export interface ActivePlan {
  stored: StoredSequence | null;
  armed: boolean;
  /** Set when something was armed that is not there in the same words any more. */
  lostArming: Problem | null;
}

export interface PlanFiles {
  sequences: readonly StoredSequence[];
  refused: readonly RefusedFile[];
  hosts: readonly Host[];
  settings: Pick<Settings, 'activeSequence' | 'armed'>;
  /** Of what tells of the power; null: it has never been read. */
  suppliesHash: string | null;
  /** What the user armed, as this session knows it. */
  armedHere: Settings['armed'];
}

/**
 * Which sequence is the plan, and whether it may act. Armed is only what the user armed, to the letter: a file that was
 * changed behind our back is shown and not obeyed.
 */
export function choosePlan(files: PlanFiles): ActivePlan {
  const { sequences, refused, settings, armedHere } = files;
  const { activeSequence } = settings;
  const chosen = sequences.find(({ sequence }) => sequence.id === activeSequence);
  // A refused file stays the plan that is not there: silently taking another one would hide it.
  const isRefused = refused.some(({ file }) => basename(file, '.json') === activeSequence);
  const stored = chosen ?? (isRefused ? null : (sequences[0] ?? null));
  if (!armedHere) return { stored, armed: false, lostArming: null };
  const what = whyLost(files, armedHere, stored);
  if (what === null) return { stored, armed: true, lostArming: null };
  const remedy = 'Look the plan, its hosts and the UPS servers over, and arm it again.';
  return { stored, armed: false, lostArming: { severity: 'warning', stageId: null, stepId: null, what, remedy } };
}

/** null: all is as it was armed. */
function whyLost(
  { sequences, hosts, settings, suppliesHash }: PlanFiles,
  armed: NonNullable<Settings['armed']>,
  stored: StoredSequence | null,
): string | null {
  const found = sequences.find(({ sequence }) => sequence.id === armed.sequenceId);
  if (!found) return `The armed plan “${armed.sequenceId}” is gone or cannot be read.`;
  const { name } = found.sequence;
  if (found.hash !== armed.hash) return `“${name}” was changed outside Glidepath after it was armed.`;
  if (hostsHash(found.sequence, hosts) !== armed.hostsHash)
    return `The hosts of “${name}” were changed outside Glidepath after it was armed.`;
  if (suppliesHash === null) return `supplies.json cannot be read, and it says what tells “${name}” of the power.`;
  if ((armed.suppliesHash ?? suppliesHash) !== suppliesHash)
    return `What tells “${name}” of the power was changed outside Glidepath after it was armed.`;
  const kept = settings.armed;
  const isKept = kept?.sequenceId === armed.sequenceId && kept.hash === armed.hash;
  const isBound = (kept?.suppliesHash ?? armed.suppliesHash) === armed.suppliesHash;
  if (!isKept || kept.hostsHash !== armed.hostsHash || !isBound)
    return `The settings were changed outside Glidepath, and no longer say that “${name}” is armed.`;
  if (found !== stored) return `“${name}” was armed, but the settings name another plan now.`;
  return null;
}
