import { Heap } from './heap.ts';

/** A step as the schedule sees it. Times in seconds. */
export interface Job {
  id: string;
  needs: readonly string[];
  /** How long it takes from its beginning; one that goes on already: how long it still takes from time 0. */
  seconds: number;
  /** How long it waits once it could begin. */
  after: number;
  /** What it has for itself, as its host (`aloneOn`): no other that has the same may go on; null: it may go beside anything. */
  alone: string | null;
  /** `idle`: it is not done; what needs it waits no longer than it would. `going`: it has begun before time 0. */
  state: 'waiting' | 'going' | 'idle';
}

export interface Slot {
  start: number;
  end: number;
  /** The step whose end let it begin; null: the beginning of its stage, or its own delay. */
  cause: string | null;
}

/**
 * Earliest times inside one stage, in the order of `jobs`, by the rule of the runner: of the steps that are ready those
 * that stand first begin first, as many as there is room for, and no two destructive ones on one host. `from`: seconds
 * at which the stage may begin. A step in a cycle of needs, or behind one, gets null.
 */
export function stageTimes(
  jobs: readonly Job[],
  from: number,
  room: number = Number.POSITIVE_INFINITY,
): (Slot | null)[] {
  return new StageClock(jobs, from, room).run();
}

/** Ends and readiness in the order of time; steps that are ready in the order of the stage. */
class StageClock {
  readonly #jobs: readonly Job[];
  readonly #slots: (Slot | null)[];
  /** How many of its needs have not ended. */
  readonly #open: number[];
  /** What ended last of its needs, or on its host. */
  readonly #last: (string | null)[];
  readonly #readyAt: number[];
  readonly #dependents: number[][];
  readonly #events: Heap<{ at: number; index: number; isEnd: boolean }>;
  readonly #ready = new Heap<number>((a, b) => a - b);
  /** What something that goes on has for itself, and what waits for its end. */
  readonly #busy = new Map<string, number[]>();
  /** What ended last of all: it gave free the room. */
  #freedBy: string | null = null;
  #now: number;
  #room: number;

  constructor(jobs: readonly Job[], from: number, room: number) {
    this.#jobs = jobs;
    this.#now = from;
    this.#room = room;
    this.#slots = jobs.map(() => null);
    this.#last = jobs.map(() => null);
    this.#readyAt = jobs.map(() => from);
    this.#dependents = jobs.map(() => []);
    this.#events = new Heap((a, b) => a.at - b.at || a.index - b.index);
    const byId = new Map(jobs.map((job, index) => [job.id, index]));
    this.#open = jobs.map((job, index) => {
      const needs = job.needs.map((need) => byId.get(need)).filter((need) => need !== undefined);
      for (const need of needs) this.#dependents[need]?.push(index);
      return needs.length;
    });
  }

  run(): (Slot | null)[] {
    this.#jobs.forEach((job, index) => {
      if (job.state === 'going') this.#begin(job, index, 0, null);
      else if (this.#open[index] === 0) this.#couldBegin(job, index);
    });
    for (let event = this.#events.pop(); event; event = this.#events.pop()) {
      this.#now = Math.max(this.#now, event.at);
      if (event.isEnd) this.#end(event.index);
      else this.#ready.push(event.index);
      const next = this.#events.peek();
      if (!next || next.at > this.#now) this.#beginReady();
    }
    return this.#slots;
  }

  #couldBegin(job: Job, index: number): void {
    if (job.state === 'idle') {
      this.#slots[index] = { start: this.#now, end: this.#now, cause: this.#last[index] ?? null };
      this.#events.push({ at: this.#now, index, isEnd: true });
      return;
    }
    const at = this.#now + job.after;
    this.#readyAt[index] = at;
    this.#events.push({ at, index, isEnd: false });
  }

  #beginReady(): void {
    while (this.#room > 0) {
      const index = this.#ready.pop();
      if (index === undefined) break;
      const job = this.#jobs[index];
      if (!job) continue;
      const queue = job.alone === null ? undefined : this.#busy.get(job.alone);
      if (queue) queue.push(index);
      else {
        const isLate = (this.#readyAt[index] ?? 0) < this.#now;
        this.#begin(job, index, this.#now, isLate ? this.#freedBy : (this.#last[index] ?? null));
      }
    }
  }

  #begin(job: Job, index: number, start: number, cause: string | null): void {
    const end = start + job.seconds;
    this.#slots[index] = { start, end, cause };
    this.#room -= 1;
    if (job.alone !== null && !this.#busy.has(job.alone)) this.#busy.set(job.alone, []);
    this.#events.push({ at: end, index, isEnd: true });
  }

  #end(index: number): void {
    const job = this.#jobs[index];
    if (!job) return;
    if (job.state !== 'idle') {
      this.#room += 1;
      this.#freedBy = job.id;
      if (job.alone !== null) {
        for (const waiting of this.#busy.get(job.alone) ?? []) {
          this.#readyAt[waiting] = this.#now;
          this.#last[waiting] = job.id;
          this.#ready.push(waiting);
        }
        this.#busy.delete(job.alone);
      }
    }
    for (const dependent of this.#dependents[index] ?? []) {
      const left = (this.#open[dependent] ?? 0) - 1;
      this.#open[dependent] = left;
      this.#last[dependent] = job.id;
      const next = this.#jobs[dependent];
      if (left === 0 && next && next.state !== 'going') this.#couldBegin(next, dependent);
    }
  }
}
