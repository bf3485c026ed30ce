import { isHeld } from '../../shared/held.ts';
import { keptOn } from '../../shared/kept-on.ts';
import type { RunView, StepView } from '../../shared/run.ts';
import type { Step } from '../../shared/sequence.ts';
import type { PowerState, PowerView } from '../../shared/view.ts';
import { count } from '../parts/format.ts';
import { shedWords } from '../plan/plan-settings.ts';
import { allStages, targetOf } from '../plan/step-words.ts';
import { targetWords } from '../plan/targets.ts';
import { listed } from '../supply/supply-names.ts';

/**
 * "For 2 of 4 hosts: nas-1, esx-1; the others still have their power." Nothing when it is for all. Hosts that the plan does
 * nothing to do not count: what depends on a host is wanted with it, whether a step is aimed at it or not.
 */
export function wantedWords(run: Pick<RunView, 'wanted' | 'hosts' | 'phase' | 'sequence'>): string | null {
  const { hosts, phase } = run;
  if (run.wanted === null) return null;
  const targets = new Set(allStages(run.sequence).flatMap((stage) => stage.steps.map(targetOf)));
  const aimedAt = hosts.filter(({ id }) => targets.has(id));
  const isWanted = new Set(run.wanted);
  const wanted = aimedAt.filter(({ id }) => isWanted.has(id));
  if (wanted.length >= aimedAt.length) return null;
  const names = listed(wanted.map((host) => host.name));
  const rest = phase === 'down' ? 'the others still have their power' : 'the others kept their power';
  return wanted.length === 0
    ? `For no host: ${rest}.`
    : `For ${wanted.length} of ${count(aimedAt.length, 'host')}: ${names}; ${rest}.`;
}

/** @param powers what the UPSes say now, which keeps some of them on */
export function heldWords(step: Step, view: StepView, run: RunView, powers: readonly PowerView[]): string | null {
  if (run.phase !== 'down' || view.state !== 'waiting') return null;
  if ('target' in step)
    return isHeld(step, view, run) ? `waits: ${targetWords(step.target, run.hosts)} still has its power` : null;
  const idsOf = (...states: PowerState[]) =>
    new Set(powers.filter(({ state }) => states.includes(state)).map(({ ups }) => ups.id));
  const kept = keptOn(step, run, { failed: idsOf('battery', 'low'), mains: idsOf('mains') });
  return kept && `waits: ${kept}`;
}

/** What is given up because the battery will not last, in the order in which it was. */
export function givenUpWords({ shed }: Pick<RunView, 'shed'>): string | null {
  return shed.length === 0 ? null : `Because the battery runs short: ${shed.map(shedWords).join(', then ')}.`;
}
