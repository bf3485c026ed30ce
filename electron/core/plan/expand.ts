import type { Condition } from '../../../shared/condition.ts';
import type { Host } from '../../../shared/inventory.ts';
import type { Sequence, Stage, Step } from '../../../shared/sequence.ts';
import { fill } from './fill.ts';
import { type GuestsStep, guestParts, partsBack } from './guest-groups.ts';
import { targetFinder } from './targets.ts';

/** A sequence as a run has it: every step is aimed at one host. */
export interface Compiled {
  sequence: Sequence;
  /** The authored step of every compiled one. */
  from: ReadonlyMap<string, string>;
  /** The stages that became too large, so that steps of theirs were left out. */
  cut: ReadonlySet<string>;
}

/** The most steps that a stage may have. More are left out, which is a problem that forbids arming. */
export const mostSteps = 2000;
/** The most that a sequence may have: its journal begins with all of them. */
export const mostInAll = 10_000;

type Find = ReturnType<typeof targetFinder>;

/**
 * Compiles a sequence against the inventory: steps for several hosts become one for each, one-by-one and priority groups
 * become `needs`, guests come up in the reverse of the order in which they go down where nothing else is said,
 * conditions of a stage become those of its steps, parameters are filled in. Nothing of the power is in it: all hosts are
 * there. What is compiled already stays as it is. Never throws.
 */
export function expand(sequence: Sequence, hosts: readonly Host[]): Compiled {
  const find = targetFinder(hosts);
  const takenDown = takenDownIn(sequence, find);
  const from = new Map<string, string>();
  const cut = new Set<string>();
  const each = (stage: Stage): Stage => {
    const families = stage.steps.map((step) => familyOf(fill(step, sequence.parameters), find, takenDown));
    const steps = joined(families, stage.when).slice(0, Math.min(mostSteps, mostInAll - from.size));
    const ids = new Set(steps.map((step) => step.id));
    for (const { origin, parts } of families) {
      for (const { step } of parts) {
        if (ids.has(step.id)) from.set(step.id, origin.id);
        else cut.add(stage.id);
      }
    }
    return { ...stage, when: [], steps: cut.has(stage.id) ? steps.map((step) => withoutOthers(step, ids)) : steps };
  };
  const compiled = {
    ...sequence,
    stages: sequence.stages.map(each),
    returnStages: sequence.returnStages.map(each),
  };
  return { sequence: compiled, from, cut };
}

interface Part {
  step: Step;
  /** The host that it is aimed at; null: its kind has no target. */
  host: string | null;
  /** Parts of the same step that have to end before it. */
  behind: readonly string[];
}

/** What one authored step became. */
interface Family {
  origin: Step;
  parts: Part[];
  byHost: ReadonlyMap<string, readonly string[]>;
}

function familyOf(origin: Step, find: Find, takenDown: TakenDown): Family {
  const parts = partsOf(origin, find, takenDown);
  const byHost = new Map<string, string[]>();
  for (const { host, step } of parts) {
    if (host === null) continue;
    const ids = byHost.get(host);
    if (ids) ids.push(step.id);
    else byHost.set(host, [step.id]);
  }
  return { origin, parts, byHost };
}

type Aimed = Extract<Step, { target: string }>;
type DownStep = Extract<GuestsStep, { kind: 'shut-down-guests' }>;
/** What takes the guests of hosts down, in order, by the id of the host. */
type TakenDown = ReadonlyMap<string, readonly DownStep[]>;

/** The hosts that a step is aimed at. */
const idsOf = ({ target, kind }: Aimed, find: Find): string[] => find(target, kind)?.map((host) => host.id) ?? [target];

function takenDownIn({ stages }: Sequence, find: Find): TakenDown {
  const taken = new Map<string, DownStep[]>();
  for (const step of stages.flatMap((stage) => stage.steps)) {
    if (step.kind !== 'shut-down-guests') continue;
    for (const id of idsOf(step, find)) {
      const those = taken.get(id);
      if (those) those.push(step);
      else taken.set(id, [step]);
    }
  }
  return taken;
}

/** The steps that one becomes on each host, in the order in which they go. Most hosts have theirs in common. */
function ranksOf(origin: Aimed, takenDown: TakenDown): (host: string) => readonly Aimed[] {
  if (origin.kind !== 'start-guests') {
    const ranks = origin.kind === 'shut-down-guests' ? guestParts(origin) : [origin];
    return () => ranks;
  }
  const known = new Map<string, readonly Aimed[]>();
  return (host) => {
    const down = takenDown.get(host) ?? [];
    const key = down.map(({ id }) => id).join(' ');
    const ranks = known.get(key) ?? partsBack(origin, down);
    known.set(key, ranks);
    return ranks;
  };
}

function partsOf(origin: Step, find: Find, takenDown: TakenDown): Part[] {
  if (!('target' in origin)) return [{ step: origin, host: null, behind: [] }];
  const found = find(origin.target, origin.kind);
  const ranksAt = ranksOf(origin, takenDown);
  const hosts = idsOf(origin, find).map((id) => ({ id, ranks: ranksAt(id) }));
  const parts: Part[] = [];
  let before: string[] = [];
  for (let at = 0; hosts.some(({ ranks }) => at < ranks.length); at += 1) {
    const here: string[] = [];
    for (const { id: target, ranks } of hosts) {
      const rank = ranks[at];
      if (!rank) continue;
      const id = (found ? `${origin.id}.${target}` : origin.id) + (at === 0 ? '' : `.${at + 1}`);
      const last = parts.at(-1)?.step.id;
      const behind = origin.each === 'parallel' ? before : last === undefined ? [] : [last];
      parts.push({ step: { ...rank, id, target, each: 'parallel' }, host: target, behind });
      here.push(id);
    }
    before = here;
  }
  return found ? thisComputerLast(parts, found) : parts;
}

/** It cannot see the others off once it is off itself. */
function thisComputerLast(parts: Part[], hosts: readonly Host[]): Part[] {
  const own = hosts.at(-1);
  if (!own?.isThisComputer || parts[0]?.step.kind !== 'power-off') return parts;
  const others = parts.filter(({ host }) => host !== own.id).map(({ step }) => step.id);
  return parts.map((part) => (part.host === own.id ? { ...part, behind: others } : part));
}

const withoutOthers = (step: Step, ids: ReadonlySet<string>): Step => ({
  ...step,
  needs: step.needs.filter((need) => ids.has(need)),
});

function joined(families: readonly Family[], when: readonly Condition[]): Step[] {
  const byId = new Map(families.map((family) => [family.origin.id, family]));
  return families.flatMap((family) => {
    const needed = family.origin.needs.flatMap((id) => {
      const other = byId.get(id);
      return other ? [neededFrom(family, other)] : [];
    });
    return family.parts.map(({ step, host, behind }) => {
      if (behind.length === 0 && needed.length === 0 && when.length === 0) return step;
      const needs = needed.flatMap((idsFor) => idsFor(host));
      return { ...step, needs: [...new Set([...needs, ...behind])], when: both(when, step.when) };
    });
  });
}

/** Two steps on the same hosts go host by host; otherwise one waits for all that the other became. */
function neededFrom(family: Family, needed: Family): (host: string | null) => readonly string[] {
  const all = needed.parts.map(({ step }) => step.id);
  if (!areSameHosts(family, needed)) return () => all;
  return (host) => (host === null ? all : (needed.byHost.get(host) ?? all));
}

function areSameHosts(one: Family, other: Family): boolean {
  if ('target' in one.origin && 'target' in other.origin && one.origin.target === other.origin.target) return true;
  return one.byHost.size === other.byHost.size && [...one.byHost.keys()].every((id) => other.byHost.has(id));
}

function both(stage: readonly Condition[], step: readonly Condition[]): Condition[] {
  if (stage.length === 0) return [...step];
  const all = new Map([...stage, ...step].map((condition) => [JSON.stringify(condition), condition]));
  return [...all.values()];
}
