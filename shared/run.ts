import { assertNever } from './assert-never.ts';
import type { Fault } from './fault.ts';
import type { Host } from './inventory.ts';
import type { OwedSetting, RunCause, RunRecord, StepData } from './run-record.ts';
import type { Sequence, Shed, Step } from './sequence.ts';
import { calledOff } from './turning-off.ts';

export type StepState = 'waiting' | 'active' | 'done' | 'already' | 'failed' | 'skipped';

export interface StepView {
  id: string;
  state: StepState;
  startedAt: number | null;
  endedAt: number | null;
  attempt: number;
  /** An intent was written and nothing after it tells what became of it. */
  inDoubt: boolean;
  /** The other side took the act, the proof is awaited. */
  accepted: boolean;
  proof: string;
  fault: Fault | null;
  data: StepData;
}

export type RunPhase = 'down' | 'waiting-for-return' | 'return' | 'ended';

/** A run as its journal tells it. The runner, resume and the window all draw from this and from nothing else. */
export interface RunView {
  runId: string;
  cause: RunCause;
  why: string;
  sequence: Sequence;
  hash: string;
  /** Mains returning cancels or follows it; false for a run begun by hand on mains. */
  followsPower: boolean;
  /** The ids of the UPSes for whose failure it was begun. */
  upses: string[];
  /** Hosts that an earlier run powered off and that have not been brought back since. */
  owed: string[];
  /** Guests that an earlier run shut down and that have not been started since, by the id of their host. */
  owedGuests: Record<string, string[]>;
  /** What an earlier run switched and nothing has switched back since, by the id of the host. */
  owedSettings: Record<string, OwedSetting[]>;
  /** When an earlier run began to wake a host that it had not found awake, ms, by the id of the host. */
  waking: Record<string, number>;
  /** Hosts that were signed in to when it began: they were on. */
  met: string[];
  /** Why nothing more is begun on the way down; null: it was not cancelled. */
  cancelled: string | null;
  hosts: Host[];
  /** The ids of the hosts that it is for; null: all. */
  wanted: string[] | null;
  /** What is given up because the battery will not last, in the order in which it was. */
  shed: Shed[];
  begunAt: number;
  phase: RunPhase;
  /** When the point of no return was passed; null: not yet. */
  noReturnAt: number | null;
  downEndedAt: number | null;
  downResult: 'done' | 'failed' | 'cancelled' | null;
  returnBegunAt: number | null;
  endedAt: number | null;
  /** The user ended it: nothing more is brought back. */
  endedByHand: boolean;
  result: 'done' | 'failed' | 'cancelled' | null;
  resumes: number;
  steps: Record<string, StepView>;
  /** What happened, oldest first. */
  log: { at: number; text: string; step: string | null }[];
}

const waiting = (step: Step): StepView => ({
  id: step.id,
  state: 'waiting',
  startedAt: null,
  endedAt: null,
  attempt: 0,
  inDoubt: false,
  accepted: false,
  proof: '',
  fault: null,
  data: {},
});

/** @throws Error when the records do not begin with `begun`: such a journal tells nothing. */
export function replayRun(records: readonly RunRecord[]): RunView {
  const [first, ...rest] = records;
  if (first?.type !== 'begun') throw new Error('a journal must begin with "begun"');
  return applyRecords(beginRun(first), rest);
}

function beginRun(first: Extract<RunRecord, { type: 'begun' }>): RunView {
  const all = [...first.sequence.stages, ...first.sequence.returnStages].flatMap((stage) => stage.steps);
  return {
    runId: first.runId,
    cause: first.cause,
    why: first.why,
    sequence: first.sequence,
    hash: first.hash,
    followsPower: first.followsPower,
    upses: first.upses ?? [],
    owed: first.owed,
    owedGuests: first.owedGuests,
    owedSettings: first.owedSettings ?? {},
    waking: first.waking ?? {},
    met: first.met ?? [],
    cancelled: null,
    hosts: first.hosts,
    wanted: first.wanted ?? null,
    shed: [],
    begunAt: first.at,
    phase: 'down',
    noReturnAt: null,
    downEndedAt: null,
    downResult: null,
    returnBegunAt: null,
    endedAt: null,
    endedByHand: false,
    result: null,
    resumes: 0,
    steps: Object.fromEntries(all.map((step) => [step.id, waiting(step)])),
    log: [{ at: first.at, text: first.why, step: null }],
  };
}

/** Pure: gives the next view, never changes the old one. */
export const applyRecord = (run: RunView, record: RunRecord): RunView => applyRecords(run, [record]);

/** As one record after the other, with one new view for all of them: a run of many hosts writes thousands. */
export function applyRecords(run: RunView, records: readonly RunRecord[]): RunView {
  const next = { ...run, steps: { ...run.steps }, log: [...run.log] };
  for (const record of records) apply(next, record);
  return next;
}

/** Changes the run, its steps' record and its log; never a step or an entry that is in them. */
function apply(run: RunView, record: RunRecord): void {
  const say = (text: string, step: string | null = null) => run.log.push({ at: record.at, text, step });
  const change = (id: string, patch: (old: StepView) => Partial<StepView>, text: string): void => {
    const old = run.steps[id];
    if (!old) return;
    run.steps[id] = { ...old, ...patch(old) };
    say(text, id);
  };
  switch (record.type) {
    case 'begun':
      return;
    case 'resumed':
      run.resumes += 1;
      say(record.why);
      return;
    case 'step-started':
      change(record.step, (old) => ({ state: 'active', startedAt: old.startedAt ?? record.at }), 'started');
      return;
    case 'intent': {
      const { attempt, data } = record;
      const patch = (old: StepView) => ({ attempt, inDoubt: true, accepted: false, data: mergeData(old.data, data) });
      change(record.step, patch, `attempt ${attempt}`);
      return;
    }
    case 'accepted': {
      const patch = (old: StepView) => ({ inDoubt: false, accepted: true, data: mergeData(old.data, record.data) });
      change(record.step, patch, 'accepted, waiting for the proof');
      return;
    }
    case 'step-ended': {
      const { result, proof, fault, data } = record;
      const ended = { state: result, endedAt: record.at, inDoubt: false, proof, fault };
      const patch = (old: StepView) => ({ ...ended, data: mergeData(old.data, data) });
      change(record.step, patch, `${result}: ${fault ? fault.what : proof}`);
      return;
    }
    case 'taken-back':
      change(record.step, (old) => ({ data: { ...old.data, ...calledOff } }), `taken back: ${record.proof}`);
      return;
    case 'no-return':
      run.noReturnAt = record.at;
      say('point of no return passed: mains returning no longer cancels this run');
      return;
    case 'note':
      say(record.sentence);
      return;
    case 'wanted':
      run.wanted = record.hosts;
      run.upses = [...new Set([...run.upses, ...(record.upses ?? [])])];
      say(record.why);
      return;
    case 'shed':
      run.shed = [...run.shed, record.measure];
      say(record.why);
      return;
    case 'cancelled':
      run.cancelled = record.why;
      say(`cancelled: ${record.why}`);
      return;
    case 'down-ended':
      run.phase = 'waiting-for-return';
      run.downEndedAt = record.at;
      run.downResult = record.result;
      say(record.why);
      return;
    case 'return-begun':
      run.phase = 'return';
      run.returnBegunAt = record.at;
      say(record.why);
      return;
    case 'ended':
      run.phase = 'ended';
      run.endedAt = record.at;
      run.endedByHand = record.byHand;
      run.result = record.result;
      say(record.why);
      return;
    default:
      assertNever(record, 'run record');
  }
}

/** Lists stay as they were first: a second attempt finds fewer guests on than the first one, and all must come back. */
function mergeData(old: StepData, news: StepData): StepData {
  const kept = Object.entries(old).filter(([, value]) => Array.isArray(value));
  return { ...old, ...news, ...Object.fromEntries(kept) };
}
