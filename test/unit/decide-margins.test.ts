import { describe, expect, test } from 'vitest';
import { planPower } from '../../electron/core/feeding.ts';
import { judgeStart } from '../../electron/core/judging.ts';
import { branchesOf, marginNow } from '../../electron/core/margins.ts';
import { type Moment, type Monitored, observe, watch } from '../../electron/core/monitor.ts';
import { StandingPlan } from '../../electron/core/standing-plan.ts';
import type { Host } from '../../shared/inventory.ts';
import type { Reading } from '../../shared/reading.ts';
import { rackHosts, rackSequence, reading, ups } from '../fakes/rack-samples.ts';

const now: Moment = { wall: 20_000, mono: 20_000 };

function supply(id: string, what: Partial<Reading>): Monitored {
  let one = watch({ ...ups, id, name: id }, { wall: 0, mono: 0 });
  for (let second = 1; second <= 20; second += 1) {
    one = observe(one, reading(what), 'poll', { wall: second * 1000, mono: second * 1000 });
  }
  return one;
}

const a = supply('A', { acPresent: true, runtime: 900, charge: 100 });
const b = supply('B', { acPresent: true, runtime: 300, charge: 100 });
const isOut = (id: string, runtime: number) => supply(id, { acPresent: false, runtime, charge: 90 });

/** Every step of a rack takes a minute. */
const plan = (patch: Record<string, unknown>, hosts: Host[]) =>
  new StandingPlan(rackSequence(patch), hosts, () => ({ p50: 50, p90: 60, samples: 9 }));

const fed = (feeds: Record<string, Host['fedBy']>): Host[] =>
  rackHosts().map((host) => ({ ...host, fedBy: feeds[host.id] ?? host.fedBy }));
const on = (...upses: string[]) => ({ upses, need: 'any' as const });
const split = fed({ esx: on('A'), web: on('B'), nas: on('B') });

describe('the margin', () => {
  test('of a run for all: each branch must last for everything', () => {
    const all = plan({}, split);
    const power = planPower(split, [a, b], now);
    expect(branchesOf(all, power, now)).toEqual([
      { upsIds: ['A'], need: 'any', hostIds: ['esx'], failing: false, runtimeLeft: 900, needs: 240, spare: 660 },
      { upsIds: ['B'], need: 'any', hostIds: ['web', 'nas'], failing: false, runtimeLeft: 300, needs: 240, spare: 60 },
    ]);
    expect(marginNow(all, power, now)).toEqual({ runtimeLeft: 300, needs: 240, spare: 60 });
  });

  test('of a run for those that lose their power: each branch for itself, and the worst one counts', () => {
    const critical = plan({ scope: 'critical' }, split);
    const power = planPower(split, [a, b], now);
    expect(branchesOf(critical, power, now).map(({ needs, spare }) => [needs, spare])).toEqual([
      [180, 720],
      [120, 180],
    ]);
    expect(marginNow(critical, power, now)).toEqual({ runtimeLeft: 300, needs: 120, spare: 180 });
  });

  test('of those that lose their power now, once somebody does', () => {
    const critical = plan({ scope: 'critical' }, split);
    const power = planPower(split, [isOut('A', 500), b], now);
    expect(marginNow(critical, power, now)).toMatchObject({ needs: 180 });
    expect(marginNow(critical, power, now).runtimeLeft).toBeGreaterThan(400);
  });

  test('counts what depends on them', () => {
    const hosts = split.map((host) => (host.id === 'web' ? { ...host, uses: ['esx'] } : host));
    const critical = plan({ scope: 'critical' }, hosts);
    const power = planPower(hosts, [a, b], now);
    // esx takes web along, which has its power-off beside that of esx: guests, maintenance, power-off.
    expect(branchesOf(critical, power, now).map(({ needs }) => needs)).toEqual([180, 120]);
    const needed = plan(
      { scope: 'critical' },
      split.map((host) => (host.id === 'nas' ? { ...host, uses: ['esx'] } : host)),
    );
    expect(branchesOf(needed, power, now)[0]?.needs).toBe(240);
  });

  test('counts the UPSes that have failed by then: beyond the tolerance it is for all', () => {
    const tolerant = plan({ scope: 'critical', faultTolerance: { level: 1, beyond: 'all' } }, split);
    const one = planPower(split, [a, b], now);
    expect(branchesOf(tolerant, one, now).map(({ needs }) => needs)).toEqual([180, 120]);
    const other = planPower(split, [isOut('A', 500), b], now);
    expect(branchesOf(tolerant, other, now).map(({ needs }) => needs)).toEqual([180, 240]);
  });

  test('is not known for hosts whose UPS tells nothing, and that is the worst', () => {
    const critical = plan({ scope: 'critical' }, split);
    const power = planPower(split, [a, supply('B', { acPresent: true })], now);
    expect(marginNow(critical, power, now)).toEqual({ runtimeLeft: null, needs: 120, spare: null });
  });

  test('without a plan there is nothing that it needs', () => {
    expect(marginNow(null, planPower(split, [a, b], now), now)).toEqual({ runtimeLeft: 300, needs: 0, spare: 300 });
  });

  test('while somebody loses the power, is that of its battery: what another one that has the mains says does not count', () => {
    const spare = (hosts: Host[]) => {
      const power = planPower(hosts, [isOut('A', 1800), b], now);
      const [branch] = branchesOf(plan({}, hosts), power, now);
      return [marginNow(plan({}, hosts), power, now).runtimeLeft, branch?.runtimeLeft];
    };
    // Of hosts that name no UPS, and of those that hang on the other one.
    for (const hosts of [fed({}), split]) for (const left of spare(hosts)) expect(left).toBeGreaterThan(1700);
  });

  test('on mains counts the steps that are done once a UPS has failed', () => {
    const [guests, ...rest] = rackSequence().stages;
    const stages = [{ ...guests, when: [{ is: 'failed-upses', atLeast: 1 }] }, ...rest];
    const whole = plan({ stages }, fed({}));
    const power = planPower(fed({}), [a], now);
    expect(marginNow(whole, power, now)).toEqual({ runtimeLeft: 900, needs: 240, spare: 660 });
    // 900 s less 1.25 times 240 s.
    expect(judgeStart(whole, power, null, 0, now).verdict.sentence).toBe(
      'If the power failed now, the run would start after 10 min',
    );
    const gentle = [{ ...guests, when: [{ is: 'within-tolerance' }] }, ...rest];
    const tolerant = plan({ stages: gentle, faultTolerance: { level: 1, beyond: 'critical' } }, fed({}));
    // One of the two has failed: the longest that an outage may take, though with both it is shorter.
    expect(marginNow(tolerant, planPower(fed({}), [a, b], now), now).needs).toBe(240);
  });
});
