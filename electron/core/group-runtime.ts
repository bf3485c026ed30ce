import { isFailing } from './failing.ts';
import type { FedGroup, PlanPower } from './feeding.ts';
import { isSilent, type Moment, type Monitored } from './monitor.ts';
import { runtimeLeft } from './runtime.ts';

/** A UPS that takes over the load of another one lasts less than half as long: lead does worse the harder it is pulled. */
const takenOver = 0.42;

/**
 * Seconds of this UPS's battery as they count for the group. Where one UPS is enough and several run from their
 * batteries, the one that lasts longest carries the load of the others as well once they are empty. `others`: those that
 * do, or would.
 */
export function leftFor(group: FedGroup, one: Monitored, at: Moment, others = onBattery(group)): number | null {
  const { seconds } = runtimeLeft(one, at);
  if (group.need === 'all' || seconds === null || !others.includes(one)) return seconds;
  const soonest = Math.min(...others.map((other) => runtimeLeft(other, at).seconds ?? seconds));
  // One that is silent does not say that it carries all since then: that time counts in full, not by its share.
  const since = isSilent(one, at) ? Math.max(...others.map((other) => emptyFor(other, at))) : 0;
  const first = soonest > 0 ? soonest : -since;
  return Math.max(0, first + (seconds - first) * takenOver);
}

/** Seconds since the countdown of its last word was over. */
const emptyFor = ({ runtime }: Monitored, at: Moment): number =>
  runtime ? Math.max(0, (at.mono - runtime.mono) / 1000 - runtime.value) : 0;

const onBattery = (group: FedGroup): Monitored[] => group.supplies.filter((one) => one.confirmed === 'battery');

/** Seconds of battery that the hosts of a group have, now or if the mains failed now for all of its UPSes; null: not known. */
export function groupRuntime(group: FedGroup, at: Moment): number | null {
  // Once they lose their power it is that of those that fail: how long another one would last does not matter.
  const heard = group.supplies.filter((one) => (group.failing ? isFailing(one, at) : !one.unseen));
  const others = group.failing ? onBattery(group) : heard;
  const known = heard.map((one) => leftFor(group, one, at, others)).filter((seconds) => seconds !== null);
  if (known.length === 0) return null;
  return group.need === 'all' ? Math.min(...known) : Math.max(...known);
}

/** Seconds of battery on which hosts of all these groups can count; null: not known for some hosts. */
export function bindingRuntime({ groups }: Pick<PlanPower, 'groups'>, at: Moment): number | null {
  const lefts = groups.map((group) => groupRuntime(group, at));
  const known = lefts.filter((seconds) => seconds !== null);
  return known.length < lefts.length || known.length === 0 ? null : Math.min(...known);
}
