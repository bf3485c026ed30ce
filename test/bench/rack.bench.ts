import { cpus } from 'node:os';
import { expect, test } from 'vitest';
import { SshRack } from '../fakes/ssh-rack/rack.ts';
import { type Ours, runOurs } from './rack/ours.ts';
import { type RivalRun, runPssh, runSequential } from './rack/rivals.ts';
import { type StageTimes, stageTimes } from './rack/stages.ts';
import { median } from './support/numbers.ts';
import { table } from './support/table.ts';

const machine = `Node ${process.version}, ${process.platform} ${process.arch}, ${cpus().length} x ${cpus()[0]?.model}`;

const seconds = (ms: number): string => `${(ms / 1000).toFixed(2)} s`;
const times = (value: number): string => `${value.toFixed(3)} x`;

interface Result {
  hosts: number;
  limit: number;
  ours: Ours[];
  stages: StageTimes[][];
  pssh: RivalRun;
  /** Null: it takes the sum of all hosts' times to die, which for many hosts is only long. */
  sequential: RivalRun | null;
}

/** From the start to the last proof; the journal's end comes after. */
const took = ({ down }: Ours): number => Math.max(...down.steps.map(({ endedAt }) => endedAt)) - down.begunAt;

async function measure(hosts: number, runs: number, withSequential: boolean): Promise<Result> {
  const rack = await SshRack.up({ hosts, stages: 4 });
  try {
    const ours: Ours[] = [];
    const stages: StageTimes[][] = [];
    for (let run = 0; run < runs; run += 1) {
      const one = await runOurs(rack);
      expect(one.warm.failed).toEqual([]);
      stages.push(stageTimes(rack, one, await rack.events()));
      ours.push(one);
      await rack.wake();
    }
    const pssh = await runPssh(rack);
    if (withSequential) await rack.wake();
    const sequential = withSequential ? await runSequential(rack) : null;
    return { hosts, limit: rack.physicalLimitMs, ours, stages, pssh, sequential };
  } finally {
    await rack.down();
  }
}

const ratioOf = ({ ours, limit }: Result): number => median(ours.map(took)) / limit;

function summary(results: readonly Result[]): string {
  const head = ['a run of 4 stages', 'limit', 'takes', 'to limit', 'processor', 'memory', 'warming', 'its processor'];
  const rows = results.flatMap((result) => {
    const { hosts, limit, ours, pssh, sequential } = result;
    const of = (pick: (one: Ours) => number) => median(ours.map(pick));
    const rival = (name: string, { tookMs, cpuMs }: RivalRun) => [
      `  ${name}`,
      '',
      seconds(tookMs),
      times(tookMs / limit),
      seconds(cpuMs),
      ...['-', '-', '-'],
    ];
    return [
      [
        `${hosts} hosts, Glidepath`,
        seconds(limit),
        seconds(of(took)),
        times(ratioOf(result)),
        seconds(of(({ down }) => down.cpuMs)),
        `${of(({ down }) => down.rssMiB).toFixed(0)} MiB`,
        seconds(of(({ warm }) => warm.tookMs)),
        seconds(of(({ warm }) => warm.cpuMs)),
      ],
      rival('pssh, cold, with port waits', pssh),
      ...(sequential ? [rival('ssh, one after the other', sequential)] : []),
    ];
  });
  return table([head, ...rows]);
}

function where({ hosts, stages }: Result): string {
  const head = [`each stage of ${hosts} hosts, ms`, 'slowest dies', 'last command', 'off to proof', 'beyond the limit'];
  const rows = (stages[0] ?? []).map((_, at) => {
    const of = (pick: (stage: StageTimes) => number) =>
      String(median(stages.flatMap((run) => run[at] ?? []).map(pick)));
    const proof = `${of(({ proof: { least } }) => least)} to ${of(({ proof: { most } }) => most)}`;
    return [
      `stage ${at + 1}`,
      of(({ limit }) => limit),
      of(({ lastCommand }) => lastCommand),
      proof,
      of(({ over }) => over),
    ];
  });
  return table([head, ...rows]);
}

test('a run over real SSH against the physical limit', { timeout: 1_200_000 }, async () => {
  const results = [await measure(10, 3, true), await measure(100, 3, true), await measure(300, 1, false)];
  console.log(`\n${machine}\n\n${summary(results)}\n`);
  for (const result of results) console.log(`${where(result)}\n`);
  const [, hundred] = results;
  expect(hundred && ratioOf(hundred)).toBeLessThanOrEqual(1.05);
});
