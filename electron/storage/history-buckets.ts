import type { HistoryPoint } from '../../shared/history.ts';

interface Bucket {
  point: HistoryPoint;
  /** When the newest of what is in it was, ms since the epoch. */
  newest: number;
}

/**
 * Gathers points into stretches of `width` ms counted from `from`: amounts are the last ones of a stretch, on battery is
 * what was so at any moment of it. A stretch without points is left out. The order in which points come does not matter.
 */
export class HistoryBuckets {
  readonly #from: number;
  readonly #width: number;
  readonly #buckets = new Map<number, Bucket>();

  constructor(from: number, width: number) {
    this.#from = from;
    this.#width = width;
  }

  add(point: HistoryPoint): void {
    const index = Math.floor((point.at - this.#from) / this.#width);
    const old = this.#buckets.get(index);
    const onBattery = point.onBattery || (old?.point.onBattery ?? false);
    const newer = old && old.newest > point.at ? old : { point, newest: point.at };
    const at = this.#from + index * this.#width;
    this.#buckets.set(index, { newest: newer.newest, point: { ...newer.point, at, onBattery } });
  }

  /** Oldest first. */
  get points(): HistoryPoint[] {
    return [...this.#buckets.values()].map(({ point }) => point).sort((a, b) => a.at - b.at);
  }
}
