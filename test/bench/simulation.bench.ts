import { cpus } from 'node:os';
import { expect, test } from 'vitest';
import { expand } from '../../electron/core/plan/expand.ts';
import { schedule } from '../../electron/core/plan/schedule.ts';
import { type SimulationInput, simulate } from '../../electron/core/simulation/simulate.ts';
import type { SimulationView, WhatIf } from '../../shared/view.ts';
import { rackHosts, rackSequence } from '../fakes/rack-samples.ts';
import { supply } from '../fakes/supply-view.ts';
import { longPlan, secondsOf } from './support/long-plan.ts';
import { median } from './support/numbers.ts';
import { table } from './support/table.ts';

const settle = () => new Promise<void>((resolve) => setImmediate(resolve));
const machine = `Node ${process.version}, ${process.platform} ${process.arch}, ${cpus().length} x ${cpus()[0]?.model}`;
/** The first ones are slower: nothing has been compiled by then. */
const rounds = 7;

type Plan = Pick<SimulationInput, 'sequence' | 'hosts'>;

async function play(plan: Plan, whatIf: Partial<WhatIf> = {}): Promise<{ view: SimulationView; ms: number }> {
  const times: number[] = [];
  for (;;) {
    const begun = performance.now();
    const view = await simulate({
      ...plan,
      powers: [supply('u', { runtime: 7200 })],
      durations: { format: 'glidepath-durations', version: 1, samples: [] },
      takes: secondsOf,
      whatIf: { load: 1, hangs: null, powerBackAt: null, ...whatIf },
      settle,
    });
    times.push(performance.now() - begun);
    if (times.length === rounds) return { view, ms: median(times) };
  }
}

test('500 steps on the virtual clock', async () => {
  const plan = longPlan();
  const compiled = expand(plan.sequence, plan.hosts);
  const steps = compiled.sequence.stages.flatMap((stage) => stage.steps);
  expect(steps).toHaveLength(500);
  const takes = (step: (typeof steps)[number]) => ({ p50: secondsOf(step), p90: secondsOf(step), samples: 1 });
  const path = schedule(compiled, plan.hosts, takes).needs;
  const { view, ms } = await play(plan);
  const took = (view.downAt ?? Number.NaN) - (view.startsAt ?? Number.NaN);
  const small = await play({ sequence: rackSequence(), hosts: rackHosts() });
  const back = await play({ sequence: rackSequence(), hosts: rackHosts() }, { powerBackAt: 7000 });
  const row = (name: string, seen: { view: SimulationView; ms: number }) => [
    name,
    `${seen.view.endsAt.toFixed(0)} s`,
    `${seen.ms.toFixed(0)} ms`,
    `${((seen.ms * 3600) / seen.view.endsAt).toFixed(0)} ms`,
  ];
  console.log(
    `\n${machine}\n\n${table([
      ['500 steps on 50 hosts', ''],
      ['critical path of the plan', `${path} s`],
      ['on the virtual clock', `${took.toFixed(1)} s`],
      ['ratio', (took / path).toFixed(4)],
    ])}\n\n${table([
      [`an outage played through (median of ${rounds})`, 'virtual', 'real', 'for an hour'],
      row('500 steps on 50 hosts', { view, ms }),
      row('5 steps on 3 hosts', small),
      row('and 5 to come back', back),
    ])}\n`,
  );
  expect(view.steps.every(({ state }) => state === 'done')).toBe(true);
  expect(view.cutHard).toEqual([]);
  expect(Math.abs(took / path - 1)).toBeLessThan(0.01);
});
