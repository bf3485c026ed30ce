import type { PlanView } from '../../shared/view.ts';
import type { Engine } from '../core/engine.ts';
import type { Clock, Notifier, StepTable } from '../core/ports.ts';
import { RehearsalKeeper, type RehearsedPlan } from '../core/rehearsal-keeper.ts';
import type { Log } from '../storage/log.ts';
import { RehearsalFolder } from '../storage/rehearsals.ts';
import { hostsHash } from './host-edits.ts';
import { whyNoRehearsal } from './rehearsal-rule.ts';
import type { Workspace } from './workspace.ts';

export interface RehearsalsDeps {
  dataFolder: string;
  clock: Clock;
  notifier: Notifier;
  steps: StepTable;
  log: Log;
  engine: Pick<Engine, 'run' | 'status' | 'expected'>;
  workspace: Pick<Workspace, 'plan' | 'hosts' | 'settings'>;
  changed(): void;
}

/** Rehearsals of the stored plan. */
export function rehearsalsOf(deps: RehearsalsDeps): RehearsalKeeper {
  const { engine, workspace, log } = deps;
  return new RehearsalKeeper({
    ...deps,
    store: new RehearsalFolder(deps.dataFolder, log),
    expected: (step, host) => engine.expected(step, host),
    plan: storedPlan(workspace),
    forbidden: () => whyNoRehearsal(engine.run(), engine.status().powers),
    runtimeLeft: () => engine.status().margin.runtimeLeft,
    every: () => workspace.settings().rehearse,
    tell: (line) => log.warn(line),
  });
}

/** The plan is looked at each second, and its hosts take 10 ms to hash when there are a thousand. */
function storedPlan(workspace: RehearsalsDeps['workspace']): () => RehearsedPlan | null {
  let read: PlanView | null = null;
  let plan: RehearsedPlan | null = null;
  return () => {
    // Whatever changes the files of the hosts makes the plan anew.
    const now = workspace.plan();
    if (now === read) return plan;
    read = now;
    const hosts = workspace.hosts().hosts.map(({ host }) => host);
    const { sequence, hash } = now;
    plan = sequence && { sequence, hash, hosts, hostsHash: hostsHash(sequence, hosts) };
    return plan;
  };
}
