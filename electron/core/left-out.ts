import type { StepView } from '../../shared/run.ts';
import type { StepData } from '../../shared/run-record.ts';

/** Why a step was left out that nobody refused: what needs it goes on without it. */
export type LeftOut = 'condition' | 'optional' | 'not-wanted' | 'host-off';

/** What the record of its end keeps, so that a resumed run knows it too. */
export const leftOut = (reason: LeftOut): StepData => ({ leftOut: reason });

export const isLeftOut = (step: StepView): boolean => step.state === 'skipped' && 'leftOut' in step.data;

/** In the record of a step that may have arrived, and was followed for a while without being found done. */
export const followed: StepData = { followed: 'in doubt' };

/** In the record of a step that the user skipped. */
export const byHand: StepData = { skippedBy: 'hand' };

export const isByHand = (step: StepView): boolean => step.state === 'skipped' && 'skippedBy' in step.data;

/** It was given up after something of it may have arrived: the host may still be on its way down. */
export const mayHaveArrived = (step: StepView): boolean =>
  step.state === 'skipped' &&
  step.attempt > 0 &&
  (isByHand(step) || 'followed' in step.data || step.data.leftOut === 'not-wanted');
