import { assertNever } from './assert-never.ts';
import type { Fault } from './fault.ts';
import type { Host } from './inventory.ts';
import type { RunCause, RunRecord, StepData } from './run-record.ts';
import type { Sequence, Step } from './sequence.ts';

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
  /** Why nothing more is begun on the way down; null: it was not cancelled. */
  cancelled: string | null;
  hosts: Host[];
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
  return rest.reduce(applyRecord, beginRun(first));
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
    cancelled: null,
    hosts: first.hosts,
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
export function applyRecord(run: RunView, record: RunRecord): RunView {
  const say = (text: string, step: string | null = null) => [...run.log, { at: record.at, text, step }];
  const change = (id: string, patch: Partial<StepView>, text: string): RunView => {
    const old = run.steps[id];
    if (!old) return run;
    return { ...run, steps: { ...run.steps, [id]: { ...old, ...patch } }, log: say(text, id) };
  };
  const merged = (data: StepData) => mergeData('step' in record ? run.steps[record.step]?.data : undefined, data);
  switch (record.type) {
    case 'begun':
      return run;
    case 'resumed':
      return { ...run, resumes: run.resumes + 1, log: say(record.why) };
    case 'step-started':
      return change(
        record.step,
        { state: 'active', startedAt: run.steps[record.step]?.startedAt ?? record.at },
        'started',
      );
    case 'intent':
      return change(
        record.step,
        { attempt: record.attempt, inDoubt: true, accepted: false, data: merged(record.data) },
        `attempt ${record.attempt}`,
      );
    case 'accepted':
      return change(
        record.step,
        { inDoubt: false, accepted: true, data: merged(record.data) },
        'accepted, waiting for the proof',
      );
    case 'step-ended': {
      const data = merged(record.data);
      const text = record.fault ? `${record.result}: ${record.fault.what}` : `${record.result}: ${record.proof}`;
      return change(
        record.step,
        { state: record.result, endedAt: record.at, inDoubt: false, proof: record.proof, fault: record.fault, data },
        text,
      );
    }
    case 'no-return':
      return {
        ...run,
        noReturnAt: record.at,
        log: say('point of no return passed: mains returning no longer cancels this run'),
      };
    case 'note':
      return { ...run, log: say(record.sentence) };
    case 'cancelled':
      return { ...run, cancelled: record.why, log: say(`cancelled: ${record.why}`) };
    case 'down-ended':
      return {
        ...run,
        phase: 'waiting-for-return',
        downEndedAt: record.at,
        downResult: record.result,
        log: say(record.why),
      };
    case 'return-begun':
      return { ...run, phase: 'return', returnBegunAt: record.at, log: say(record.why) };
    case 'ended':
      return {
        ...run,
        phase: 'ended',
        endedAt: record.at,
        endedByHand: record.byHand,
        result: record.result,
        log: say(record.why),
      };
    default:
      return assertNever(record, 'run record');
  }
}

/** Lists stay as they were first: a second attempt finds fewer guests on than the first one, and all must come back. */
function mergeData(old: StepData = {}, news: StepData): StepData {
  const kept = Object.entries(old).filter(([, value]) => Array.isArray(value));
  return { ...old, ...news, ...Object.fromEntries(kept) };
}
