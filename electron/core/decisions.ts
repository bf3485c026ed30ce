import type { Decision, DecisionKind } from '../../shared/decision.ts';
import { duration } from '../../shared/words.ts';
import type { Moment } from './monitor.ts';
import type { Reason, Verdict } from './trigger.ts';

/** Ms between two records of the same kind, however often the reason changes. */
const pauses: Readonly<Partial<Record<DecisionKind, number>>> = { nothing: 60_000 };
const pause = 10_000;
/** Ms between two words about an outage that holds; after its first hour, the second one. */
const repeatEvery = 60_000;
const repeatSlowly = 15 * 60_000;
const slowAfter = 3_600_000;
/** The longest sentence that a record takes. */
const longest = 2000;

/** Those that go on being held to, with numbers that change. */
const repeated: ReadonlySet<Reason> = new Set(['no-plan', 'carried', 'no-trigger', 'counting', 'postponed', 'due']);

export interface Present {
  verdict: Verdict;
  armed: boolean;
  /** A run should begin now, and cannot before the one that goes on has ended. */
  isHeldUp: boolean;
  /** Some UPS fails, whether it concerns the plan or not. */
  isFailing: boolean;
  /** What else is to be said, as that hosts cannot be reached; empty: nothing. */
  besides: string;
  runId: string | null;
}

/** Records what is decided and why: when it changes in kind, and from time to time while an outage holds. */
export class DecisionLog {
  readonly #write: (decision: Decision) => void;
  #last: { key: string; kind: DecisionKind; mono: number } | null = null;
  #isNews = false;
  #outage: { sinceMono: number; hadRun: boolean } | null = null;

  constructor(write: (decision: Decision) => void) {
    this.#write = write;
  }

  /** What was decided for a run. */
  told(kind: DecisionKind, sentence: string, runId: string | null, at: Moment): void {
    this.#write({ at: at.wall, kind, sentence: sentence.slice(0, longest), runId });
  }

  /** The next judgement is recorded whatever it is. */
  anew(): void {
    this.#isNews = true;
  }

  /** The present judgement, whether it is a new one or not. A run that begins by it is told on its own. */
  judged(present: Present, at: Moment): void {
    const { verdict, armed, isFailing, besides, runId } = present;
    // After a sleep, and when nobody speaks, it is not known to be over.
    const isOutage = isFailing || (this.#outage !== null && verdict.reason === 'no-power-told');
    const over = this.#watchOutage(isOutage, runId !== null, at);
    const kind = kindOf(present, isOutage);
    // Of an outage whose run goes on the run itself tells.
    if (kind === null || (verdict.reason === 'had-its-run' && runId !== null)) return;
    const key = [verdict.reason, verdict.next, verdict.off, armed, present.isHeldUp, besides].join('|');
    // What is said in the first moments, before the UPSes have spoken, means nothing.
    this.#last ??= { key: '', kind: 'nothing', mono: at.mono };
    if (over === null && !this.#isDue(key, kind, repeated.has(verdict.reason) && isOutage, at)) return;
    this.#isNews = false;
    this.#last = { key, kind, mono: at.mono };
    const sentence = `${over ?? ''}${prefixOf(kind, present)}${verdict.sentence}${besides}`;
    this.#write({ at: at.wall, kind, sentence: sentence.slice(0, longest), runId });
  }

  #isDue(key: string, kind: DecisionKind, isRepeated: boolean, at: Moment): boolean {
    const last = this.#last;
    if (this.#isNews || last?.kind !== kind) return true;
    const since = at.mono - last.mono;
    if (last.key !== key) return since >= (pauses[kind] ?? pause);
    const lasts = this.#outage ? at.mono - this.#outage.sinceMono : 0;
    return isRepeated && since >= (lasts < slowAfter ? repeatEvery : repeatSlowly);
  }

  /** What is to be said of an outage that is over now; null: none is. */
  #watchOutage(isOutage: boolean, hasRun: boolean, at: Moment): string | null {
    const outage = this.#outage;
    if (isOutage) {
      this.#outage = { sinceMono: outage?.sinceMono ?? at.mono, hadRun: hasRun || outage?.hadRun === true };
      return null;
    }
    this.#outage = null;
    if (outage === null) return null;
    const lasted = duration((at.mono - outage.sinceMono) / 1000);
    return `The outage is over after ${lasted}${outage.hadRun ? '' : ', and no run was started'}. `;
  }
}

/** null: what comes of it is told on its own. */
function kindOf({ verdict, armed, isHeldUp }: Present, isOutage: boolean): DecisionKind | null {
  if (!isOutage) return 'nothing';
  if (verdict.fire !== null && !isHeldUp) return armed ? null : 'not-armed';
  return verdict.reason === 'postponed' ? 'postponed' : 'held-back';
}

function prefixOf(kind: DecisionKind, { verdict: { reason }, armed, isHeldUp }: Present): string {
  if (isHeldUp) return 'A run is due, and begins when what the one before has sent has ended: ';
  if (kind === 'not-armed') return 'Not armed, so nothing is done. It would have started: ';
  return armed || kind === 'nothing' || reason === 'no-plan' ? '' : 'Not armed, so nothing will be done. ';
}
