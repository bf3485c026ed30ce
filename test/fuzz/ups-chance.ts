/** Chance that can be had again: the same seed, the same cases. @see https://github.com/bryc/code/blob/master/jshash/PRNGs.md (mulberry32) */
export class Chance {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** 0 <= number < 1. */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = this.#state;
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  below(limit: number): number {
    return Math.floor(this.next() * limit);
  }

  pick<T>(list: readonly T[]): T {
    return list[this.below(list.length)] as T;
  }

  bytes(length: number): Buffer {
    return Buffer.from(Array.from({ length }, () => this.below(256)));
  }

  /** The same bytes in one to six pieces. */
  pieces(bytes: Buffer): Buffer[] {
    const cuts = Array.from({ length: this.below(6) }, () => this.below(bytes.length + 1)).sort((a, b) => a - b);
    return [0, ...cuts].map((from, at) => bytes.subarray(from, cuts[at] ?? bytes.length));
  }
}

/** What peers put where a value should be. */
export const badValues = [
  '',
  '-1',
  '65535',
  '4294967295',
  '1e999',
  'NaN',
  '99999999999999999999',
  '-0',
  '0x10',
  '12,5',
  '١٢',
  '__proto__',
  'a'.repeat(3000),
  '\u0000\u0007\u001b[2J',
  '\u202e\u2028',
  '2024-02-31',
  '13/13/13',
] as const;

export interface Figures {
  cases: number;
  /** Cases that ended in a typed fault. */
  faults: number;
  /** Cases in which the peer was read to the end of the case. */
  ok: number;
  slowestMs: number;
  peakHeapMiB: number;
}

/** Counts, measures and repeats: `one` runs a single case and tells whether it ended in a fault. */
export async function measure(
  { cases, seed }: { cases: number; seed: number },
  one: (chance: Chance) => Promise<'fault' | 'ok'>,
): Promise<Figures> {
  const figures: Figures = { cases, faults: 0, ok: 0, slowestMs: 0, peakHeapMiB: 0 };
  for (let at = 0; at < cases; at += 1) {
    const from = performance.now();
    let end: 'fault' | 'ok';
    try {
      end = await one(new Chance(seed + at));
    } catch (error) {
      throw new Error(`case ${at} of seed ${seed}: ${(error as Error).message}`, { cause: error });
    }
    figures[end === 'ok' ? 'ok' : 'faults'] += 1;
    figures.slowestMs = Math.max(figures.slowestMs, performance.now() - from);
    if (at % 500 === 0) {
      figures.peakHeapMiB = Math.max(figures.peakHeapMiB, process.memoryUsage().heapUsed / 2 ** 20);
    }
  }
  return { ...figures, slowestMs: Math.round(figures.slowestMs), peakHeapMiB: Math.round(figures.peakHeapMiB) };
}
