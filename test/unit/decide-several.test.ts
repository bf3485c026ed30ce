import { expect, test } from 'vitest';
import { serve } from '../../electron/core/failing.ts';
import { planPower } from '../../electron/core/feeding.ts';
import { judgeStart, judgeWidening } from '../../electron/core/judging.ts';
import { type Moment, type Monitored, observe, watch } from '../../electron/core/monitor.ts';
import { StandingPlan } from '../../electron/core/standing-plan.ts';
import type { Host } from '../../shared/inventory.ts';
import type { Reading } from '../../shared/reading.ts';
import { replayRun } from '../../shared/run.ts';
import { rackHosts, rackSequence, reading, ups } from '../fakes/rack-samples.ts';

const now: Moment = { wall: 20_000, mono: 20_000 };
function supply(id: string, what: Partial<Reading>): Monitored {
  let one = watch({ ...ups, id, name: id }, { wall: 0, mono: 0 });
  for (let second = 1; second <= 20; second += 1)
    one = observe(one, reading(what), 'poll', { wall: second * 1000, mono: second * 1000 });
  return one;
}
const mains = (id: string, runtime: number) => supply(id, { acPresent: true, runtime, charge: 100 });
const out = (id: string, runtime: number) => supply(id, { acPresent: false, runtime, charge: 90 });
const plan = (patch: Record<string, unknown>, hosts: Host[]) =>
  new StandingPlan(rackSequence(patch), hosts, () => ({ p50: 50, p90: 60, samples: 9 }));
const feed = (feeds: Record<string, Host['fedBy']>): Host[] =>
  rackHosts().map((host) => ({ ...host, fedBy: feeds[host.id] ?? host.fedBy }));

test('where one UPS is enough, one that was told to go down and has had its run holds nothing back when the other runs empty', () => {
  const hosts = feed(
    Object.fromEntries(['esx', 'web', 'nas'].map((id) => [id, { upses: ['A', 'B'], need: 'any' as const }])),
  );
  const forced = serve(supply('B', { acPresent: true, forcedShutdown: true, runtime: 3000, charge: 100 }), now);
  const power = planPower(hosts, [out('A', 100), forced], now);
  expect(power.failing).toBe(true);
  const { verdict } = judgeStart(plan({}, hosts), power, null, 0, now);
  expect(verdict.fire).toBe('runtime');
});

test('beyond the tolerance counts a failed UPS whose hosts another one carries, at the start and while a run goes on', () => {
  const one = (...upses: string[]) => ({ upses, need: 'any' as const });
  const hosts = feed({ esx: one('A'), web: one('B', 'C'), nas: one('B', 'C') });
  const p = plan({ scope: 'critical', faultTolerance: { level: 1, beyond: 'all' } }, hosts);
  const power = planPower(hosts, [out('A', 100), out('B', 2000), mains('C', 3000)], now);
  expect(judgeStart(p, power, null, 0, now).wanted).toBeNull();
  const run = replayRun([
    {
      type: 'begun',
      version: 3,
      at: 0,
      runId: 'r',
      cause: 'runtime',
      why: 'x',
      sequence: p.compiled.sequence,
      hash: 'h',
      followsPower: true,
      upses: ['A'],
      owed: [],
      owedGuests: {},
      hosts,
      wanted: ['esx'],
    },
  ]);
  expect(judgeWidening(p, power, run, now)).toMatchObject({ wanted: null, verdict: { fire: 'runtime' } });
});
