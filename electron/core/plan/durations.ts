import { type DurationSample, type DurationsFile, type Expected, samplesKept } from '../../../shared/durations.ts';
import type { Host } from '../../../shared/inventory.ts';
import { originOf } from '../../../shared/origin.ts';
import type { Step } from '../../../shared/sequence.ts';
import { forGuests, type Measured, summary } from './duration-summary.ts';
import { limitOf } from './limits.ts';
import { usual } from './usual.ts';

/** The most samples that the file takes. */
const mostSamples = 20_000;
/** The longest time that it takes, in seconds: more was measured by a computer that slept. */
const mostSeconds = 86_400;

/**
 * Fewer samples than this may only raise what is expected: a run that thinks itself shorter than it is begins too late,
 * and a rack sees few outages in a year.
 */
const few = 5;

interface Learned {
  /** Oldest first. */
  samples: DurationSample[];
  /** By guest count, until the next sample. */
  summaries: Map<number | null, Measured>;
}

/** How long steps took, and what they are therefore expected to take. */
export class DurationBook {
  readonly #learned = new Map<string, Learned>();

  /** Takes in a step that was proven. Of each kind and host only the newest are kept. */
  add(sample: DurationSample): void {
    if (!(sample.seconds >= 0 && sample.seconds <= mostSeconds)) return;
    const key = keyOf(sample);
    const learned = this.#learned.get(key) ?? { samples: [], summaries: new Map() };
    learned.samples = [...learned.samples, sample].sort(byAge).slice(-samplesKept);
    learned.summaries.clear();
    this.#learned.set(key, learned);
  }

  /**
   * What the step takes, in seconds; the default of its kind as long as nothing was learned. Never over its limit.
   * `guests`: how many it will be about, as far as it is known.
   */
  expected(step: Step, host: Host | null, guests: number | null = namedGuests(step)): Expected {
    const normal = usual(step);
    if (step.kind === 'wait') return normal;
    const learned = this.#learned.get(keyOf({ kind: step.kind, hostId: host?.id ?? null, ...jobOf(step) }));
    if (!learned) return normal;
    const seen = summaryOf(learned, guests);
    if (seen.count === 0) return normal;
    const limit = limitOf(step);
    const least = seen.count < few ? normal : { p50: 0, p90: 0 };
    return {
      p50: Math.min(limit, Math.max(seen.p50, least.p50)),
      p90: Math.min(limit, Math.max(seen.p90, least.p90)),
      samples: seen.count,
    };
  }

  /** Everything that is kept, oldest first. */
  toFile(): DurationsFile {
    const samples = [...this.#learned.values()].flatMap((each) => each.samples).sort(byAge);
    return { format: 'glidepath-durations', version: 1, samples: samples.slice(-mostSamples) };
  }

  /** Takes in what was kept, beside what is there. */
  load(file: DurationsFile): void {
    for (const sample of file.samples) this.add(sample);
  }
}

/** Commands on one host are different jobs: each is known by the step that the user made. */
export const jobOf = (step: Step): Pick<DurationSample, 'job'> =>
  step.kind === 'command' ? { job: originOf(step.id) } : {};

const keyOf = ({ kind, hostId, job = '' }: Pick<DurationSample, 'kind' | 'hostId' | 'job'>): string =>
  `${kind} ${hostId ?? ''} ${job}`;

/** By time; those of one moment always in the same order, whichever came first. */
function byAge(a: DurationSample, b: DurationSample): number {
  const inOrder = a.at - b.at || a.seconds - b.seconds || (a.guests ?? -1) - (b.guests ?? -1);
  if (inOrder !== 0) return inOrder;
  const [one, other] = [keyOf(a), keyOf(b)];
  return one < other ? -1 : Number(one > other);
}

/** A step that names its guests is about so many of them at most. */
function namedGuests(step: Step): number | null {
  return step.kind === 'shut-down-guests' && step.guests && 'only' in step.guests ? step.guests.only.length : null;
}

function summaryOf(learned: Learned, guests: number | null): Measured {
  const known = learned.summaries.get(guests);
  if (known) return known;
  const seconds = forGuests(learned.samples, guests);
  const made = summary(seconds, { mayDrop: seconds.length >= few });
  learned.summaries.set(guests, made);
  return made;
}
