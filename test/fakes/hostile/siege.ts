import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { Chance } from '../../fuzz/ups-chance.ts';

/** One way to misbehave. */
export interface Attack {
  name: string;
  /** How it may end: codes of faults, or words of the test for what is none. */
  ends: readonly string[];
  /** It holds out until a limit is over: such ones are run all at once, so that they wait side by side. */
  slow?: boolean;
}

export interface Siege {
  cases: number;
  seed: number;
  /** How many cases ended in each way. */
  ends: Record<string, number>;
  seconds: number;
  /** Cases in which this computer was too busy to see what the peer did. */
  late: number;
  /** Of one case, ms: of those that hold out, and of the others. */
  slowestMs: { slow: number; quick: number };
  /**
   * MiB of this process above what it had before, the peers' own part included: at most, with what nobody had collected
   * yet, and what is left when all is over and collected.
   */
  grewMiB: { resident: number; heap: number; left: number };
}

interface Options<A extends Attack> {
  cases: number;
  seed: number;
  attacks: readonly A[];
  /** How many of a hundred cases hold out. */
  slowShare: number;
  /** How many of the others are run at a time. */
  width: number;
  /** How one ends that has taken the whole limit, ms, since this computer was too busy: no failure, but counted. */
  late: { end: string; ms: number };
  /** Runs one case and tells how it ended. */
  one(attack: A, chance: Chance): Promise<string>;
}

const MiB = 2 ** 20;
/** Cases at a time that only wait. */
const slowWidth = 400;
const sampleMs = 20;
const neverMs = 60_000;

/**
 * Runs that many cases, each with a chance of its own that its number and the seed give: every attack once, then whichever
 * come.
 * @throws Error when some ended as they must not, with their numbers
 */
export async function besiege<A extends Attack>(options: Options<A>): Promise<Siege> {
  const { cases, seed, attacks } = options;
  const ends: Record<string, number> = {};
  const slowestMs = { slow: 0, quick: 0 };
  const memory = await watchMemory();
  const began = performance.now();
  const wrong: string[] = [];
  let late = 0;
  const slow = attacks.filter((attack) => attack.slow);
  const quick = attacks.filter((attack) => !attack.slow);
  const drawn = Array.from({ length: cases }, (_, at) => {
    const chance = new Chance(seed + at * 7919);
    const some = slow.length > 0 && chance.below(100) < options.slowShare ? slow : quick;
    return { at, chance, attack: attacks[at] ?? chance.pick(some) };
  });
  const run = async ({ at, chance, attack }: (typeof drawn)[number]): Promise<void> => {
    const from = performance.now();
    const end = await orNever(options.one(attack, chance)).catch((error: Error) => {
      throw new Error(`case ${at} of seed ${seed}, ${attack.name}: ${error.message}`, { cause: error });
    });
    const tookMs = performance.now() - from;
    const isLate = end === options.late.end && tookMs >= options.late.ms;
    if (isLate && !attack.slow) late += 1;
    else if (!attack.ends.includes(end))
      wrong.push(`case ${at}, ${attack.name}: ${end}, not ${attack.ends.join(' or ')}`);
    ends[end] = (ends[end] ?? 0) + 1;
    const pace = attack.slow ? 'slow' : 'quick';
    slowestMs[pace] = Math.max(slowestMs[pace], tookMs);
  };
  const [held, others] = [drawn.filter(({ attack }) => attack.slow), drawn.filter(({ attack }) => !attack.slow)];
  await Promise.all([inTurns(held, slowWidth, run), inTurns(others, options.width, run)]).finally(memory.end);
  if (wrong.length > 0)
    throw new Error(`seed ${seed}, ${wrong.length} ended wrongly:\n${wrong.slice(0, 20).join('\n')}`);
  return {
    cases,
    seed,
    ends,
    late,
    seconds: Math.round((performance.now() - began) / 1000),
    slowestMs: { slow: Math.round(slowestMs.slow), quick: Math.round(slowestMs.quick) },
    grewMiB: await memory.grew(),
  };
}

/** How it ended; `never` when that has taken longer than any limit of the product, and a busy computer, explain. */
async function orNever(ending: Promise<string>): Promise<string> {
  let late: NodeJS.Timeout | undefined;
  const never = new Promise<string>((resolve) => {
    late = setTimeout(() => resolve('never'), neverMs);
  });
  return Promise.race([ending, never]).finally(() => clearTimeout(late));
}

/** At most `width` at a time; nothing new begins once one has failed. */
async function inTurns<T>(items: readonly T[], width: number, work: (item: T) => Promise<void>): Promise<void> {
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < items.length) {
      const item = items[next++] as T;
      try {
        await work(item);
      } catch (error) {
        next = items.length;
        throw error;
      }
    }
  };
  await Promise.all(Array.from({ length: width }, worker));
}

/** Has all that nobody needs any more collected. What is closed is let go of a round of the event loop later. */
async function collect(): Promise<void> {
  setFlagsFromString('--expose-gc');
  const collectNow = runInNewContext('gc') as () => void;
  for (let round = 0; round < 4; round += 1) {
    collectNow();
    await new Promise<void>((resolve) => setImmediate(resolve));
  }
}

/** What this process takes at most above what it has now. */
async function watchMemory(): Promise<{ end(): void; grew(): Promise<Siege['grewMiB']> }> {
  await collect();
  const before = process.memoryUsage();
  const peak = { resident: before.rss, heap: before.heapUsed };
  const look = (): void => {
    const now = process.memoryUsage();
    peak.resident = Math.max(peak.resident, now.rss);
    peak.heap = Math.max(peak.heap, now.heapUsed);
  };
  const timer = setInterval(look, sampleMs);
  return {
    end() {
      clearInterval(timer);
      look();
    },
    async grew() {
      await collect();
      const now = process.memoryUsage();
      return {
        resident: Math.round((peak.resident - before.rss) / MiB),
        heap: Math.round((peak.heap - before.heapUsed) / MiB),
        left: Math.round((now.heapUsed + now.external - before.heapUsed - before.external) / MiB),
      };
    },
  };
}
