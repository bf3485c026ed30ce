import type { Fault } from '../../shared/fault.ts';
import type { RehearsedStep } from '../../shared/rehearsal.ts';

/** Every fault once, however many steps it keeps from working. */
export function toMend(steps: readonly RehearsedStep[]): Fault[] {
  const faults = steps
    .flatMap((step) => step.checks)
    .filter((check) => check.verdict === 'fails')
    .flatMap((check) => (check.fault ? [check.fault] : []));
  return [...new Map(faults.map((fault) => [`${fault.where}\n${fault.what}`, fault])).values()];
}
