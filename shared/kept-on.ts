import { asFed } from './as-fed.ts';
import type { Host } from './inventory.ts';
import { listed } from './listed.ts';
import { platforms } from './platforms.ts';
import type { RunView, StepView } from './run.ts';
import type { Step } from './sequence.ts';
import { bringsUs, thisComputer } from './this-computer.ts';

type UpsOff = Extract<Step, { kind: 'ups-off' }>;
type Run = Pick<RunView, 'sequence' | 'hosts' | 'steps' | 'wanted' | 'upses' | 'followsPower'>;

/** What UPSes say of their power, by their ids. */
export interface UpsesSaid {
  /** They failed, now or earlier in the run. */
  failed: ReadonlySet<string>;
  /** They say now that they have the mains, and nothing else. */
  mains: ReadonlySet<string>;
}

export const nothingSaid: UpsesSaid = { failed: new Set(), mains: new Set() };

/**
 * Why a run leaves a UPS on, in words as "nas still has its power"; null: nothing keeps it on.
 *
 * The rule: a run turns off a UPS only if that has failed since it began, or if it was begun by hand on mains; never while
 * a host hangs on it that the run is not for, and with its mains there not before every host that it feeds is off.
 *
 * So nothing is cut hard that has the mains, and nothing that an outage has to keep down boots by itself because its UPS
 * turns on again at once; while what went down with a UPS whose mains are back too late comes up by its turning off and
 * on. A UPS that was told already is called off only when such a host is let go, or the run is cancelled.
 */
export function keptOn(step: Step, run: Run, { failed, mains }: UpsesSaid): string | null {
  if (step.kind !== 'ups-off') return null;
  const { wanted, followsPower, upses } = run;
  const spared = wanted === null ? [] : planned(run).filter((host) => hangsOn(step, host) && !wanted.includes(host.id));
  if (spared.length > 0) return `${named(spared)} still ${spared.length === 1 ? 'has its' : 'have their'} power`;
  if (wasTold(run.steps[step.id])) return null;
  const hasMains = mains.has(step.ups);
  const hasFailed = upses.includes(step.ups) || failed.has(step.ups);
  if (hasFailed && !hasMains) return null;
  if (hasFailed || !followsPower) return notOffYet(step, run);
  return hasMains ? 'it has the mains' : 'nothing tells that it has failed';
}

/** It took the command, or it is over with it. What is in doubt might be told for the first time by the next attempt. */
const wasTold = (view: StepView | undefined): boolean =>
  view !== undefined && view.attempt > 0 && (view.accepted || view.state !== 'active');

/** It is fed by that UPS, or may be: one of which nobody knows what feeds it hangs on any. */
const hangsOn = ({ ups }: UpsOff, { fedBy }: Host): boolean => fedBy.upses.length === 0 || fedBy.upses.includes(ups);

const named = (hosts: readonly Host[]): string => listed(hosts.map(({ name }) => name));

/** The hosts that steps are aimed at. */
function planned({ sequence, hosts }: Run): Host[] {
  const all = [...sequence.stages, ...sequence.returnStages].flatMap((stage) => stage.steps);
  const targets = new Set(all.map((step) => ('target' in step ? step.target : null)));
  return asFed(hosts).filter(({ id }) => targets.has(id));
}

/** Also hosts that the plan does nothing to: with the mains there they would be cut for nothing. */
function notOffYet(step: UpsOff, { sequence, hosts, steps }: Run): string | null {
  const own = thisComputer(hosts);
  const byId = new Map(hosts.map((host) => [host.id, host]));
  const all = sequence.stages.flatMap((stage) => stage.steps);
  const isIn = ({ id }: Step, ...states: StepView['state'][]) => states.includes(steps[id]?.state ?? 'waiting');
  const off = new Set<string>();
  /** Glidepath has to tell the UPS before what it runs on goes off; where that is over, it is on. */
  const last = new Set<string>();
  for (const each of all) {
    const host = each.kind === 'power-off' ? byId.get(each.target) : undefined;
    if (!host) continue;
    if (!bringsUs(host, own)) {
      if (isIn(each, 'done', 'already')) off.add(host.id);
    } else if (isIn(each, 'waiting', 'active')) last.add(host.id);
  }
  // What runs beside Glidepath keeps its host from going off, so that has to be seen.
  const isEmptied = (carrier: Host) => {
    const asked = all.filter((each) => each.kind === 'shut-down-guests' && each.target === carrier.id);
    return asked.length > 0 && asked.every((each) => isIn(each, 'done', 'already'));
  };
  const isOff = (host: Host, above: readonly Host[] = []): boolean => {
    if (off.has(host.id) || last.has(host.id)) return true;
    const carrier = byId.get(host.runsOn ?? '');
    if (carrier === undefined || above.includes(carrier)) return false;
    return last.has(carrier.id) ? host.isThisComputer || isEmptied(carrier) : isOff(carrier, [...above, host]);
  };
  const on = asFed(hosts).filter((host) => platforms[host.kind].isMachine && hangsOn(step, host) && !isOff(host));
  return on.length === 0 ? null : `${named(on)} ${on.length === 1 ? 'is' : 'are'} not off`;
}
