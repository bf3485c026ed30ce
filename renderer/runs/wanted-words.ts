import { isHeld } from '../../shared/held.ts';
import type { RunView, StepView } from '../../shared/run.ts';
import type { Step } from '../../shared/sequence.ts';
import { shedWords } from '../plan/plan-settings.ts';
import { targetWords } from '../plan/targets.ts';
import { listed } from '../supply/supply-names.ts';

/** "For 2 of 4 hosts: nas-1, esx-1; the others still have their power." Nothing when it is for all. */
export function wantedWords({ wanted, hosts, phase }: Pick<RunView, 'wanted' | 'hosts' | 'phase'>): string | null {
  if (wanted === null || wanted.length >= hosts.length) return null;
  const names = listed(wanted.map((id) => targetWords(id, hosts)));
  const rest = phase === 'down' ? 'the others still have their power' : 'the others kept their power';
  return wanted.length === 0
    ? `For no host: ${rest}.`
    : `For ${wanted.length} of ${hosts.length} hosts: ${names}; ${rest}.`;
}

export function heldWords(step: Step, view: StepView, run: Pick<RunView, 'wanted' | 'hosts' | 'phase'>): string | null {
  if (!('target' in step) || !isHeld(step, view, run)) return null;
  return `waits: ${targetWords(step.target, run.hosts)} still has its power`;
}

/** What is given up because the battery will not last, in the order in which it was. */
export function givenUpWords({ shed }: Pick<RunView, 'shed'>): string | null {
  return shed.length === 0 ? null : `Because the battery runs short: ${shed.map(shedWords).join(', then ')}.`;
}
