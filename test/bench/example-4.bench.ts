import { expect, test } from 'vitest';
import { simulate } from '../../electron/core/simulation/simulate.ts';
import type { SimulationView } from '../../shared/view.ts';
import { supply } from '../fakes/supply-view.ts';
import { example4, hosts, takes, truth, waits } from './support/example-4.ts';
import { ratio } from './support/numbers.ts';
import { table } from './support/table.ts';

const settle = () => new Promise<void>((resolve) => setImmediate(resolve));

/** @param minutes how long the battery of the cluster lasts at the load of now */
const play = (fixed: boolean, minutes: number): Promise<SimulationView> =>
  simulate({
    sequence: example4(fixed),
    hosts,
    powers: [supply('cluster', { runtime: minutes * 60 }), supply('own', { runtime: 7200 })],
    durations: { format: 'glidepath-durations', version: 1, samples: [] },
    takes,
    whatIf: { load: 1, hangs: null, powerBackAt: null },
    settle,
  });

const startOf = (view: SimulationView, id: string): number =>
  view.steps.find((step) => step.id === id)?.startedAt ?? NaN;
const seconds = (value: number | null): string => (value === null ? 'never' : `${value.toFixed(0)} s`);

test('example 4 with fixed waits and with proofs', async () => {
  const fixed = await play(true, 60);
  const proven = await play(false, 60);
  const row = (name: string, of: (view: SimulationView) => number | null) => {
    const [one, other] = [of(fixed), of(proven)];
    return [name, seconds(one), seconds(other), one === null || other === null ? '-' : ratio(one, other)];
  };
  const rows = [
    ['PowerChute example 4, seconds after the cut', 'fixed waits', 'proofs', 'ratio'],
    row('the run begins', (view) => view.startsAt),
    row('the first node enters maintenance mode', (view) => startOf(view, 'mm.a')),
    row('everything is off', (view) => view.downAt),
    row('of that the run itself', (view) => (view.downAt ?? NaN) - (view.startsAt ?? NaN)),
  ];
  console.log(`\n${table(rows)}\n`);
  const ten = { fixed: await play(true, 10), proven: await play(false, 10) };
  const hard = ({ cutHard }: SimulationView) => (cutHard.length === 0 ? 'none' : cutHard.join(', '));
  console.log(
    `${table([
      ['with a battery of 10 min', 'fixed waits', 'proofs'],
      ['the run begins', seconds(ten.fixed.startsAt), seconds(ten.proven.startsAt)],
      ['everything is off', seconds(ten.fixed.downAt), seconds(ten.proven.downAt)],
      ['cut hard', hard(ten.fixed), hard(ten.proven)],
    ])}\n`,
  );
  const list = (values: Readonly<Record<string, number>>) =>
    Object.entries(values)
      .map(([name, value]) => `${name} ${value} s`)
      .join(', ');
  console.log(`  Waits, as PowerChute's help has them: ${list(waits)}.\n  Assumed of this rack: ${list(truth)}.\n`);
  // Its waits add up to ten minutes before the first node is touched.
  expect(startOf(fixed, 'mm.a')).toBeGreaterThanOrEqual(600);
  expect(proven.downAt ?? Infinity).toBeLessThan((fixed.downAt ?? 0) / 1.5);
  expect(hard(ten.proven)).toBe('none');
  expect(ten.fixed.cutHard).toEqual(['a', 'b', 'c']);
});
