import { FaultError } from '../../shared/fault.ts';
import type { Host } from '../../shared/inventory.ts';
import type { Rehearsal } from '../../shared/rehearsal.ts';
import type { Sequence } from '../../shared/sequence.ts';
import type { RehearsalProgress, RehearsalsView, SettingsView } from '../../shared/view.ts';
import { expand } from './plan/expand.ts';
import type { ExpectedOf } from './plan/schedule.ts';
import type { Clock, Notifier, RehearsalStore, StepTable } from './ports.ts';
import { rehearse } from './rehearsal.ts';
import { lateNotice, newsNotice, summaryOf, withNewGuests } from './rehearsal-news.ts';
import { RehearsalSchedule } from './rehearsal-schedule.ts';

/** What is to be rehearsed. */
export interface RehearsedPlan {
  sequence: Sequence;
  hash: string;
  hosts: readonly Host[];
  hostsHash: string;
}

export interface RehearsalKeeperDeps {
  clock: Clock;
  store: RehearsalStore;
  notifier: Notifier;
  steps: StepTable;
  expected: ExpectedOf;
  /** The plan as it is stored now; null: there is none. */
  plan(): RehearsedPlan | null;
  /** Why none may go on now (a run goes on, a UPS is on battery), a sentence; null: it may. */
  forbidden(): string | null;
  /** Seconds; null: not known. */
  runtimeLeft(): number | null;
  every(): SettingsView['rehearse'];
  /** The view has changed. */
  changed(): void;
  /** One line for the log. */
  tell(line: string): void;
}

/** So many reports are listed, the newest. */
const mostListed = 50;

interface Going {
  abort: AbortController;
  progress: RehearsalProgress;
}

/** Holds rehearsals, one at a time, on demand and by the schedule, and keeps their reports. Never in the way of a run. */
export class RehearsalKeeper {
  readonly #deps: RehearsalKeeperDeps;
  readonly #schedule: RehearsalSchedule;
  #all: Rehearsal[] = [];
  #going: Going | null = null;
  #settled: Promise<void> = Promise.resolve();

  constructor(deps: RehearsalKeeperDeps) {
    this.#deps = deps;
    this.#schedule = new RehearsalSchedule(deps.clock);
  }

  /** Reads the reports that are kept. */
  async load(): Promise<void> {
    const kept = await this.#deps.store.list();
    const held = new Set(this.#all.map(({ id }) => id));
    this.#all = [...this.#all, ...kept.filter(({ id }) => !held.has(id))].slice(0, mostListed);
    this.#deps.changed();
  }

  /**
   * Begins one; it goes on by itself.
   * @throws FaultError `refused` while one goes on, or while a run or the power forbids it; `reference-missing` without
   * a plan
   */
  start(cause: Rehearsal['cause']): void {
    if (this.#going) throw refused('A rehearsal goes on already.', 'Wait for its end, or stop it.');
    const why = this.#deps.forbidden();
    if (why !== null) throw refused(why, 'Rehearse when the mains are there and no run goes on.');
    const plan = this.#deps.plan();
    if (plan === null) {
      const where = 'the rehearsal';
      throw new FaultError({ code: 'reference-missing', what: 'There is no plan.', where, remedy: 'Make one first.' });
    }
    const going: Going = {
      abort: new AbortController(),
      progress: { begunAt: this.#deps.clock.now(), done: 0, of: 0 },
    };
    this.#going = going;
    this.#settled = this.#hold(plan, cause, going);
    this.#deps.changed();
  }

  /** Breaks off the one that goes on, if one does. */
  stop(why = 'It was stopped by hand.'): void {
    this.#going?.abort.abort(why);
  }

  /** Once a second. `at`: ms since the epoch. */
  tick(at: number): void {
    const { forbidden, every, plan, notifier } = this.#deps;
    const why = forbidden();
    if (this.#going && why !== null) this.stop(why);
    if (this.#going || plan() === null) return;
    const last = this.#latest?.begunAt ?? null;
    const late = this.#schedule.lateFor(every(), last);
    if (late !== null) notifier.notify(lateNotice(late, why));
    const next = this.#schedule.nextAt(every(), last);
    if (why !== null || next === null || at < next) return;
    this.#schedule.tried();
    this.start('schedule');
  }

  /** Waits for the end of the one that goes on. Never rejects. */
  settled(): Promise<void> {
    return this.#settled;
  }

  /** @throws FaultError `reference-missing` */
  read(id: string): Rehearsal {
    const found = this.#all.find((each) => each.id === id);
    if (found) return found;
    const remedy = 'Choose another one: only the newest are kept.';
    throw new FaultError({ code: 'reference-missing', what: 'There is no such rehearsal.', where: id, remedy });
  }

  view(): RehearsalsView {
    const { plan: planOf, every } = this.#deps;
    const plan = planOf();
    const latest = this.#latest;
    const isAsRehearsed =
      plan !== null &&
      latest?.sequenceId === plan.sequence.id &&
      latest.hash === plan.hash &&
      latest.hostsHash === plan.hostsHash;
    return {
      running: this.#going?.progress ?? null,
      latest,
      editedSince: latest !== null && !isAsRehearsed,
      nextAt: plan === null ? null : this.#schedule.nextAt(every(), latest?.begunAt ?? null),
      list: this.#all.map(summaryOf),
    };
  }

  /** The newest that went to its end. */
  get #latest(): Rehearsal | null {
    return this.#all.find((each) => each.brokenOff === null) ?? null;
  }

  async #hold(plan: RehearsedPlan, cause: Rehearsal['cause'], going: Going): Promise<void> {
    const { clock, steps, expected, runtimeLeft, changed, notifier, store, tell } = this.#deps;
    try {
      const report = await rehearse({
        plan,
        compiled: expand(plan.sequence, plan.hosts),
        hosts: plan.hosts,
        hostsHash: plan.hostsHash,
        steps,
        clock,
        expected,
        runtimeLeft: runtimeLeft(),
        cause,
        signal: going.abort.signal,
        progress: (done, of) => {
          going.progress = { ...going.progress, done, of };
          changed();
        },
      });
      const before = this.#latest?.sequenceId === report.sequenceId ? this.#latest : null;
      const rehearsal = before ? withNewGuests(before, report) : report;
      const notice = before && report.brokenOff === null ? newsNotice(before, rehearsal) : null;
      this.#all = [rehearsal, ...this.#all].slice(0, mostListed);
      if (notice) notifier.notify(notice);
      await store.save(rehearsal);
    } catch (error) {
      tell(`The rehearsal is not kept: ${String(error)}`);
    } finally {
      this.#going = null;
      changed();
    }
  }
}

const refused = (what: string, remedy: string) =>
  new FaultError({ code: 'refused', what, where: 'the rehearsal', remedy });
