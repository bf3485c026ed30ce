import { expect, test } from 'vitest';
import { type Compiled, expand } from '../../electron/core/plan/expand.ts';
import { schedule } from '../../electron/core/plan/schedule.ts';
import { usual } from '../../electron/core/plan/usual.ts';
import { findProblems } from '../../electron/core/problems/find-problems.ts';
import type { Host } from '../../shared/inventory.ts';
import type { Sequence } from '../../shared/sequence.ts';
import { linux, rackSequence } from '../fakes/rack-samples.ts';
import { median, ratio } from './support/numbers.ts';
import { table } from './support/table.ts';

const hosts: Host[] = Array.from({ length: 200 }, (_, at) => ({
  ...linux(`host-${at}`),
  tags: [`ten-${Math.floor(at / 10)}`],
}));

/** 100 stages of 20 steps; three of four need the one before them, and every third stage has room for seven. */
const byHost = (): Sequence =>
  rackSequence({
    stages: Array.from({ length: 100 }, (_, stage) => ({
      id: `stage-${stage}`,
      name: `Stage ${stage}`,
      ...(stage % 3 === 0 ? { parallel: 7 } : {}),
      steps: Array.from({ length: 20 }, (_, at) => ({
        id: `step-${stage}-${at}`,
        kind: 'command',
        command: 'sync {{where}}',
        target: `host-${(stage * 20 + at) % 200}`,
        needs: at % 4 === 0 ? [] : [`step-${stage}-${at - 1}`],
        limit: 30 + at,
      })),
    })),
    pointOfNoReturn: 'stage-50',
    returnStages: [],
    parameters: { where: 'data' },
  });

/** The same number of steps, made of 200 that are aimed at tags of ten hosts each: in pairs, host by host or in turn. */
const byTag = (): Sequence =>
  rackSequence({
    stages: Array.from({ length: 100 }, (_, stage) => ({
      id: `stage-${stage}`,
      name: `Stage ${stage}`,
      ...(stage % 3 === 0 ? { parallel: 7 } : {}),
      steps: ['first', 'second'].map((name, at) => ({
        id: `${name}-${stage}`,
        kind: 'command',
        command: 'sync',
        target: `tag:ten-${stage % 20}`,
        each: stage % 2 === 0 ? 'parallel' : 'one-by-one',
        needs: at === 0 ? [] : [`first-${stage}`],
      })),
    })),
    pointOfNoReturn: 'stage-50',
    returnStages: [],
  });

/** What cannot be avoided: every step and every need once, in order, with the longest way to each. */
function bareWalk({ sequence }: Compiled): number {
  let from = 0;
  for (const stage of sequence.stages) {
    const open = new Map<string, number>();
    const dependents = new Map<string, string[]>();
    const ends = new Map<string, number>();
    const seconds = new Map(stage.steps.map((step) => [step.id, usual(step).p90]));
    for (const step of stage.steps) {
      open.set(step.id, step.needs.length);
      for (const need of step.needs) dependents.set(need, [...(dependents.get(need) ?? []), step.id]);
    }
    const ready = stage.steps.filter((step) => step.needs.length === 0).map((step) => step.id);
    for (const id of ready) ends.set(id, from);
    let last = from;
    for (const id of ready) {
      const end = (ends.get(id) ?? from) + (seconds.get(id) ?? 0);
      last = Math.max(last, end);
      for (const next of dependents.get(id) ?? []) {
        ends.set(next, Math.max(ends.get(next) ?? from, end));
        const left = (open.get(next) ?? 0) - 1;
        open.set(next, left);
        if (left === 0) ready.push(next);
      }
    }
    from = last;
  }
  return from;
}

/**
 * Ms: the median, the first, as the program meets it when it has just been started, and what the processors did for one
 * (what the clock shows is more when others want them too).
 */
function timed(call: () => void, rounds = 300): { first: number; median: number; cpu: number } {
  const times: number[] = [];
  const before = process.cpuUsage();
  for (let round = 0; round < rounds; round += 1) {
    const begun = performance.now();
    call();
    times.push(performance.now() - begun);
  }
  const { user, system } = process.cpuUsage(before);
  return { first: times[0] ?? 0, median: median(times), cpu: (user + system) / 1000 / rounds };
}

test('what it takes to compile and schedule 2,000 steps', () => {
  const rows = [
    { name: '2,000 steps, each for one host', sequence: byHost() },
    { name: '200 steps for ten hosts each', sequence: byTag() },
  ].map(({ name, sequence }) => {
    const compiled = expand(sequence, hosts);
    const steps = compiled.sequence.stages.reduce((sum, stage) => sum + stage.steps.length, 0);
    expect(steps).toBe(2000);
    expect(schedule(compiled, hosts, usual).steps).toHaveLength(2000);
    const both = timed(() => schedule(expand(sequence, hosts), hosts, usual));
    const compile = timed(() => expand(sequence, hosts));
    const bare = timed(() => bareWalk(compiled));
    expect(both.cpu).toBeLessThan(10);
    return [
      name,
      `${both.first.toFixed(1)} ms`,
      `${both.median.toFixed(2)} ms`,
      `${both.cpu.toFixed(2)} ms`,
      `${compile.cpu.toFixed(2)} ms`,
      `${bare.cpu.toFixed(2)} ms`,
      ratio(both.cpu, bare.cpu),
    ];
  });
  const head = [
    'compile and schedule',
    'the first time',
    'median',
    'CPU',
    'of it compiling',
    'a bare walk',
    'to the walk',
  ];
  console.log(
    `\n${table([head, ...rows])}\n\n  p90 and p50 are scheduled: a bare walk does one of them, without room and limits\n`,
  );
});

test('what it takes to find what is wrong with 2,000 steps', () => {
  const fed = { upses: ['ups'], need: 'any' as const };
  const chained = hosts.map((host, at) => ({ ...host, fedBy: fed, uses: at === 0 ? [] : [`host-${at - 1}`] }));
  const rows = [
    { name: '2,000 steps, each for one host', sequence: byHost() },
    { name: '200 steps for ten hosts each', sequence: byTag() },
  ].map(({ name, sequence }) => {
    const input = { sequence, hosts: chained, secretIds: new Set(hosts.map(({ id }) => id)), upsIds: new Set(['ups']) };
    const all = timed(() => findProblems({ ...input, budget: { needs: 100, runtimeLeft: 5000 } }), 50);
    return [name, String(findProblems(input).length), `${all.first.toFixed(0)} ms`, `${all.median.toFixed(1)} ms`];
  });
  console.log(
    `\n${table([['200 hosts, each using the one before it', 'problems', 'the first time', 'median'], ...rows])}\n`,
  );
});
