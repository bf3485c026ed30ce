import type { FaultCode } from './fault.ts';
import type { RunView, StepView } from './run.ts';
import type { StepData } from './run-record.ts';

/** A UPS that a run has told to turn off, and not called off again. */
export interface TurningOff {
  stepId: string;
  ups: string;
  /** When its outlets go off, or went, ms since the epoch; of one that may not have been told, at the latest. */
  offAt: number;
  /** Seconds of its countdown. */
  delay: number;
}

/** In the data of a step whose countdown was called off. */
export const calledOff: StepData = { offAt: 0 };

/** It took the command, and the countdown was stopped. */
export const wasCalledOff = ({ data }: Pick<StepView, 'data'>): boolean => data.offAt === calledOff.offAt;

/** After these it may have taken what it was told. */
const doubts: ReadonlySet<FaultCode> = new Set(['state-unknown', 'ups-lost', 'limit-reached']);

/** The UPSes that a run turns off, in the order of its steps. */
export const turningOff = ({ sequence, steps }: Pick<RunView, 'sequence' | 'steps'>): TurningOff[] =>
  sequence.stages
    .flatMap((stage) => stage.steps)
    .flatMap((step) => {
      const view = steps[step.id];
      if (step.kind !== 'ups-off' || !view) return [];
      const delay = typeof view.data.delay === 'number' ? view.data.delay : step.delay;
      const offAt = view.data.offAt ?? (mayCount(view) ? lastAt(view) + delay * 1000 : 0);
      return typeof offAt === 'number' && offAt > 0 ? [{ stepId: step.id, ups: step.ups, offAt, delay }] : [];
    });

/** It was told, has ended, and nobody knows whether the UPS took it. */
const mayCount = ({ attempt, state, fault }: StepView): boolean =>
  attempt > 0 && (state === 'skipped' || (fault !== null && doubts.has(fault.code)));

const lastAt = ({ endedAt }: StepView): number => endedAt ?? 0;
