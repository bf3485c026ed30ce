import { describe, expect, test } from 'vitest';
import { planPower } from '../../electron/core/feeding.ts';
import { judgeStart } from '../../electron/core/judging.ts';
import { type Moment, type Monitored, observe, watch } from '../../electron/core/monitor.ts';
import { StandingPlan } from '../../electron/core/standing-plan.ts';
import { asFed } from '../../shared/as-fed.ts';
import type { Host } from '../../shared/inventory.ts';
import type { Reading } from '../../shared/reading.ts';
import { esxi, linux, rackHosts, rackSequence, reading, ups } from '../fakes/rack-samples.ts';

const on = (...upses: string[]) => ({ upses, need: 'any' as const });

test('a guest that names no UPS has the power of what it runs on, through any number of others', () => {
  const hosts: Host[] = [
    { ...linux('inner'), runsOn: 'outer' },
    { ...linux('outer'), runsOn: 'esx' },
    { ...esxi('esx'), fedBy: on('A', 'B') },
    { ...linux('own'), runsOn: 'esx', fedBy: on('C') },
    linux('alone'),
  ];
  expect(asFed(hosts).map(({ fedBy }) => fedBy.upses.join(' '))).toEqual(['A B', 'A B', 'A B', 'C', '']);
});

test('nobody knows what it runs on, or they run on each other: it is as if nothing were said', () => {
  const hosts: Host[] = [
    { ...linux('lost'), runsOn: 'gone' },
    { ...linux('a'), runsOn: 'b' },
    { ...linux('b'), runsOn: 'a' },
  ];
  expect(asFed(hosts)).toEqual(hosts);
});

describe('a guest in the plan, whose hypervisor two UPSes feed', () => {
  const now: Moment = { wall: 20_000, mono: 20_000 };
  const supply = (id: string, what: Partial<Reading>): Monitored => {
    let one = watch({ ...ups, id, name: id }, { wall: 0, mono: 0 });
    for (let second = 1; second <= 20; second += 1)
      one = observe(one, reading(what), 'poll', { wall: second * 1000, mono: second * 1000 });
    return one;
  };
  const hosts = rackHosts().map((host) => ({
    ...host,
    ...(host.id === 'web' ? { runsOn: 'esx' } : { fedBy: on('A', 'B') }),
  }));

  test('does not take the rack down while one of them has the mains', () => {
    const plan = new StandingPlan(rackSequence(), hosts, () => ({ p50: 50, p90: 60, samples: 9 }));
    const a = supply('A', { acPresent: false, runtime: 60, charge: 20 });
    const b = supply('B', { acPresent: true, runtime: 900, charge: 100 });
    const { verdict } = judgeStart(plan, planPower(plan.aimedAt, [a, b], now), null, 0, now);
    expect(verdict.sentence).toBe('A is on battery, and B carries esx, web, nas');
    expect(verdict.fire).toBeNull();
  });
});
