import { toFault } from '../../shared/fault.ts';
import type { Host } from '../../shared/inventory.ts';
import { type Check, type Rehearsal, type RehearsedStep, worstVerdict } from '../../shared/rehearsal.ts';
import type { Sequence, Step } from '../../shared/sequence.ts';
import type { Compiled } from './plan/expand.ts';
import { type ExpectedOf, schedule } from './plan/schedule.ts';
import { targetOf } from './plan/target-of.ts';
import type { Clock, StepTable } from './ports.ts';

/** Hosts that are looked at at once; the steps of one host follow each other. */
const hostsAtOnce = 8;

/** Milliseconds of the clock for all checks of one step: more than they take by their own limits. */
const stepMs = 120_000;

export interface RehearsalInput {
  plan: { sequence: Sequence; hash: string };
  compiled: Compiled;
  hosts: readonly Host[];
  hostsHash: string;
  steps: StepTable;
  clock: Clock;
  expected: ExpectedOf;
  /** Seconds; null: not known. */
  runtimeLeft: number | null;
  cause: Rehearsal['cause'];
  /** Breaks it off; its reason, if it is a text, is said in the report. */
  signal: AbortSignal;
  /** So many of all steps have been looked at. */
  progress(done: number, of: number): void;
}

interface Item {
  step: Step;
  stageId: string;
  phase: RehearsedStep['phase'];
  host: Host | null;
}

/**
 * Looks at every step of both ways, whether it would work; the act itself is never called. How long steps take is not
 * measured, because nothing is done: the report has what was learned from runs, and how long the looks took. A
 * rehearsal that is broken off has the steps that it came to. Never throws.
 */
export async function rehearse(input: RehearsalInput): Promise<Rehearsal> {
  const { plan, compiled, hosts, clock, expected, signal } = input;
  const begunAt = clock.now();
  const items = itemsOf(compiled.sequence, hosts);
  const done: (RehearsedStep | null)[] = items.map(() => null);
  let count = 0;
  input.progress(0, items.length);
  await atMost(hostsAtOnce, byHost(items), async (indexes) => {
    for (const index of indexes) {
      const item = items[index];
      if (!item || signal.aborted) return;
      const checks = await checksOf(item, input);
      // What was broken off tells nothing about the host.
      if (signal.aborted) return;
      done[index] = rehearsed(item, checks, input);
      count += 1;
      input.progress(count, items.length);
    }
  });
  const { needs, usually } = schedule(compiled, hosts, expected);
  return {
    format: 'glidepath-rehearsal',
    version: 1,
    id: idAt(begunAt),
    begunAt,
    endedAt: clock.now(),
    cause: input.cause,
    sequenceId: plan.sequence.id,
    sequenceName: plan.sequence.name,
    hash: plan.hash,
    hostsHash: input.hostsHash,
    brokenOff: signal.aborted ? reasonOf(signal) : null,
    steps: done.filter((step) => step !== null),
    needs: { p50: usually, p90: needs },
    runtimeLeft: input.runtimeLeft,
  };
}

/** Sorts by its begin (UTC, ms). */
const idAt = (at: number): string => `rehearsal-${new Date(at).toISOString().replace(/\D/g, '')}`;

const reasonOf = ({ reason }: AbortSignal): string => (typeof reason === 'string' ? reason : 'It was broken off.');

function itemsOf({ stages, returnStages }: Sequence, hosts: readonly Host[]): Item[] {
  const byId = new Map(hosts.map((host) => [host.id, host]));
  const of = (phase: Item['phase'], list: typeof stages) =>
    list.flatMap((stage) =>
      stage.steps.map((step) => {
        const target = targetOf(step);
        return { step, stageId: stage.id, phase, host: target === null ? null : (byId.get(target) ?? null) };
      }),
    );
  return [...of('down', stages), ...of('return', returnStages)];
}

/** The indexes of each host's steps, in order. Steps of no host belong together. */
function byHost(items: readonly Item[]): number[][] {
  const groups = new Map<string | null, number[]>();
  items.forEach(({ step }, index) => {
    const target = targetOf(step);
    const group = groups.get(target);
    if (group) group.push(index);
    else groups.set(target, [index]);
  });
  return [...groups.values()];
}

function rehearsed({ step, stageId, phase, host }: Item, checks: Check[], input: RehearsalInput): RehearsedStep {
  const { p50, p90 } = input.expected(step, host);
  return {
    stepId: step.id,
    stageId,
    phase,
    kind: step.kind,
    hostId: targetOf(step),
    hostName: host?.name ?? targetOf(step) ?? '',
    hostKind: host?.kind ?? null,
    would: input.steps[step.kind].would(step, host).slice(0, 2000),
    verdict: worstVerdict(checks.map((check) => check.verdict)),
    checks,
    p50,
    p90,
  };
}

/** Ends with the signal, and when a check does not end by itself. */
function checksOf({ step, host }: Item, { steps, clock, signal }: RehearsalInput): Promise<Check[]> {
  return new Promise((resolve) => {
    const end = (checks: Check[]): void => {
      stopLimit();
      signal.removeEventListener('abort', onAbort);
      resolve(checks);
    };
    const fail = (error: unknown): void => {
      const fault = toFault(error, host?.name ?? step.id);
      end([{ what: 'reach', verdict: 'fails', detail: fault.what, fault, ms: null }]);
    };
    const onAbort = (): void => end([]);
    const stopLimit = clock.after(stepMs, () => {
      const what = `the looks at it have not ended within ${stepMs / 1000} s`;
      const fault = {
        code: 'limit-reached' as const,
        what,
        where: host?.name ?? step.id,
        remedy: 'Look at the host by hand.',
      };
      end([{ what: 'time', verdict: 'fails', detail: what, fault, ms: stepMs }]);
    });
    signal.addEventListener('abort', onAbort, { once: true });
    // As a promise's work, so that one that throws at once is told as well.
    Promise.resolve()
      .then(() => steps[step.kind].check({ step, host, signal }))
      .then(end, fail);
  });
}

async function atMost<T>(width: number, items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const waiting = [...items];
  const worker = async (): Promise<void> => {
    for (let item = waiting.shift(); item !== undefined; item = waiting.shift()) await work(item);
  };
  await Promise.all(Array.from({ length: Math.min(width, items.length) }, worker));
}
