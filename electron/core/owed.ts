import type { FaultCode } from '../../shared/fault.ts';
import { isAlways } from '../../shared/meant.ts';
import type { RunView, StepView } from '../../shared/run.ts';
import type { OwedSetting } from '../../shared/run-record.ts';
import type { Step } from '../../shared/sequence.ts';
import { isSettingStep, type SettingStep, settingSteps } from '../../shared/setting-steps.ts';
import { bringsUs, thisComputer } from '../../shared/this-computer.ts';
import { isLeftOut, mayHaveArrived } from './left-out.ts';

/** What runs have taken away and nothing has brought back yet: a later return has to. */
export interface Owed {
  /** Ids of hosts. */
  hosts: string[];
  /** Ids of guests, by the id of their host. */
  guests: Record<string, string[]>;
  /** What was switched and not switched back, by the id of the host. */
  settings: Record<string, OwedSetting[]>;
  /** When those of the hosts were first sent packets that may be on their way up, ms since the epoch. */
  waking: Record<string, number>;
}

export const nothingOwed: Owed = { hosts: [], guests: {}, settings: {}, waking: {} };

/** @param run that has ended, or gives way to another */
export function owedBy(run: RunView): Owed {
  // Who switches off by hand on mains wants it off, and so does who ends a return by hand.
  if (run.endedByHand || (!run.followsPower && run.downResult !== 'cancelled')) return stillOwed(run);
  const hosts = owedHosts(run);
  return { hosts, guests: owedGuests(run), settings: owedSettings(run), waking: wakingOf(run, hosts) };
}

/** What earlier runs owe, without what the return of this one has brought back. */
function stillOwed(run: RunView): Owed {
  const back = run.sequence.returnStages.flatMap((stage) => stage.steps).filter((step) => isWell(stateOf(run, step)));
  const isBack = (kind: Step['kind'], target: string) =>
    back.some((step) => step.kind === kind && 'target' in step && step.target === target);
  const hosts = run.owed.filter((host) => !isBack('wake', host) && !isHere(run, host));
  const guests = Object.entries(run.owedGuests).filter(([host]) => !areGuestsBack(run, host));
  return {
    hosts,
    guests: Object.fromEntries(guests),
    settings: withoutSwitchedBack(run, run.owedSettings),
    waking: wakingOf(run, hosts),
  };
}

function wakingOf(run: RunView, owed: readonly string[]): Record<string, number> {
  const since = new Map(Object.entries(run.waking));
  for (const step of run.sequence.returnStages.flatMap((stage) => stage.steps)) {
    const state = run.steps[step.id];
    if (step.kind === 'wake' && state && state.attempt > 0 && state.startedAt !== null)
      since.set(step.target, state.startedAt);
  }
  return Object.fromEntries([...since].filter(([host]) => owed.includes(host)));
}

function owedHosts(run: RunView): string[] {
  const owed = new Set(run.owed);
  for (const step of run.sequence.stages.flatMap((stage) => stage.steps)) {
    if (step.kind !== 'power-off') continue;
    const state = stateOf(run, step);
    // A power-off that failed may still have arrived: bringing back a host that never went is harmless.
    if (
      state === 'done' ||
      state === 'failed' ||
      isLetGo(run, step) ||
      (state === 'already' && wasMet(run, step.target))
    )
      owed.add(step.target);
  }
  for (const step of run.sequence.returnStages.flatMap((stage) => stage.steps)) {
    if (step.kind !== 'wake') continue;
    if (isWell(stateOf(run, step))) owed.delete(step.target);
  }
  return [...owed].filter((host) => !isHere(run, host));
}

/** The computer that asks this, or what that one runs on. */
function isHere({ hosts }: RunView, id: string): boolean {
  const host = hosts.find((each) => each.id === id);
  return host !== undefined && bringsUs(host, thisComputer(hosts));
}

function owedGuests(run: RunView): Record<string, string[]> {
  const owed = new Map(Object.entries(run.owedGuests));
  for (const step of run.sequence.stages.flatMap((stage) => stage.steps)) {
    const guests = run.steps[step.id]?.data.guests;
    if (step.kind !== 'shut-down-guests' || !Array.isArray(guests)) continue;
    owed.set(step.target, [...new Set([...(owed.get(step.target) ?? []), ...guests.map(String)])]);
  }
  return Object.fromEntries([...owed].filter(([host]) => !areGuestsBack(run, host)));
}

/** Its guests may come up in groups, a step each: one that did not end well leaves all of them owed. */
function areGuestsBack(run: RunView, host: string): boolean {
  const states = run.sequence.returnStages
    .flatMap((stage) => stage.steps)
    .flatMap((step) => (step.kind === 'start-guests' && step.target === host ? (run.steps[step.id] ?? []) : []))
    .filter((state) => !isLeftOut(state));
  return states.length > 0 && states.every(({ state }) => isWell(state));
}

function owedSettings(run: RunView): Record<string, OwedSetting[]> {
  const owed = new Map(Object.entries(run.owedSettings).map(([host, all]) => [host, [...all]]));
  for (const step of run.sequence.stages.flatMap((stage) => stage.steps)) {
    const { kind } = step;
    const view = run.steps[step.id];
    if (!isSettingStep(kind) || !('target' in step) || !view || view.state === 'already' || !tookEffect(view)) continue;
    const all = owed.get(step.target) ?? [];
    // Beside what an earlier run found: a later one may have met its work half done.
    const isKnown = all.some((each) => each.kind === kind && JSON.stringify(each.data) === JSON.stringify(view.data));
    if (!isKnown) owed.set(step.target, [...all, { kind, data: view.data }]);
  }
  return withoutSwitchedBack(run, Object.fromEntries(owed));
}

function withoutSwitchedBack(run: RunView, owed: Record<string, OwedSetting[]>): Record<string, OwedSetting[]> {
  const back = run.sequence.returnStages.flatMap((stage) => stage.steps).filter((step) => isWell(stateOf(run, step)));
  const isBack = (host: string, { kind }: OwedSetting): boolean =>
    back.some((step) => step.kind === settingSteps[kind].back && 'target' in step && step.target === host);
  const left = Object.entries(owed).map(([host, all]) => [host, all.filter((each) => !isBack(host, each))] as const);
  return Object.fromEntries(left.filter(([, all]) => all.length > 0));
}

/** Something of this run was done on the host before it was found silent: it was on. */
export function wasMet(run: RunView, host: string): boolean {
  if (run.met.includes(host)) return true;
  return run.sequence.stages
    .flatMap((stage) => stage.steps)
    .some(
      (step) => step.kind !== 'power-off' && 'target' in step && step.target === host && tookEffect(run.steps[step.id]),
    );
}

function isLetGo(run: RunView, { id }: Step): boolean {
  const state = run.steps[id];
  return state !== undefined && mayHaveArrived(state);
}

/** Faults of an act of which nothing has reached the host. */
const neverArrived: ReadonlySet<FaultCode> = new Set(['unreachable', 'no-credential', 'reference-missing']);

/** However the step ended, the host had taken it, or some of it. */
function tookEffect(step: StepView | undefined): boolean {
  if (!step) return false;
  if (step.state === 'done' || step.accepted || mayHaveArrived(step)) return true;
  return step.attempt > 0 && step.fault !== null && !neverArrived.has(step.fault.code);
}

/**
 * Why a step of the return is not done, in words; null: it is done. What this run did not take away it does not bring
 * back: a host that was off before stays off, and one that kept its power is left alone.
 */
export function broughtBackReason(run: RunView, step: Step): string | null {
  if (run.phase !== 'return' || !('target' in step)) return null;
  const { target } = step;
  if (isSettingStep(step.kind) && wasSoBefore(run, step.kind, target))
    return 'left as it was: this run did not switch it';
  if (run.owed.includes(target) || Object.hasOwn(run.owedGuests, target) || Object.hasOwn(run.owedSettings, target))
    return null;
  if (keptItsPower(run, target)) return isAlways(step) ? null : 'left as it was: this run did nothing to the host';
  if (wasMet(run, target)) return null;
  const down = run.sequence.stages
    .flatMap((stage) => stage.steps)
    .filter((other) => 'target' in other && other.target === target);
  const offSteps = down.filter((other) => other.kind === 'power-off');
  const never = (step: Step) => {
    const state = stateOf(run, step);
    return state === 'already' || (state === 'skipped' && !isLetGo(run, step));
  };
  if (offSteps.length > 0 && offSteps.every(never)) return 'left as it was: this run did not switch the host off';
  const isUntouched = down.length > 0 && down.every(({ id }) => (run.steps[id]?.attempt ?? 0) === 0);
  return isUntouched ? 'left as it was: this run did nothing to the host' : null;
}

/** The run was not for the host, and did nothing there but what is done always. */
function keptItsPower({ wanted, sequence, steps }: RunView, target: string): boolean {
  if (wanted === null || wanted.includes(target)) return false;
  const others = sequence.stages
    .flatMap((stage) => stage.steps)
    .filter((step) => 'target' in step && step.target === target && !isAlways(step));
  return others.length > 0 && others.every(({ id }) => steps[id]?.attempt === 0 && steps[id].state !== 'already');
}

/** What the return would switch was like that when the run came to it, and no earlier run had switched it. */
function wasSoBefore(run: RunView, kind: SettingStep, target: string): boolean {
  const { back } = settingSteps[kind];
  const owed = Object.hasOwn(run.owedSettings, target) ? run.owedSettings[target] : undefined;
  if (owed?.some((each) => each.kind === back)) return false;
  const down = run.sequence.stages
    .flatMap((stage) => stage.steps)
    .filter((step) => step.kind === back && 'target' in step && step.target === target);
  return down.length > 0 && down.every((step) => stateOf(run, step) === 'already');
}

/** A power-off was sent to the host and never proven: it may still be going down. */
export const mayBeDying = (run: RunView, host: string): boolean =>
  run.sequence.stages
    .flatMap((stage) => stage.steps)
    .some(
      (step) =>
        step.kind === 'power-off' && step.target === host && (stateOf(run, step) === 'failed' || isLetGo(run, step)),
    );

const stateOf = (run: RunView, step: Step): StepView['state'] => run.steps[step.id]?.state ?? 'waiting';

const isWell = (state: StepView['state']): boolean => state === 'done' || state === 'already';
