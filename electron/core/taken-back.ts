import { FaultError, toFault } from '../../shared/fault.ts';
import type { Clock } from './ports.ts';

/** Times that it is tried, and ms between two tries: a countdown that runs on is not waited out. */
const tries = 5;
const againMs = 2000;
/** Ms for one try: what never answers must not hold up the end of the run. */
const tryMs = 60_000;

/** Takes back what a step has begun, and tries again when that fails. Never throws. */
export async function takenBack(
  clock: Clock,
  undo: () => Promise<string>,
): Promise<{ isWell: boolean; sentence: string }> {
  for (let left = tries; ; left -= 1) {
    try {
      return { isWell: true, sentence: await inTime(clock, undo()) };
    } catch (error) {
      const { what, remedy } = toFault(error, 'undo');
      if (left <= 1) return { isWell: false, sentence: `it could not be taken back: ${what}. ${remedy}` };
      await new Promise<void>((resolve) => clock.after(againMs, resolve));
    }
  }
}

function inTime(clock: Clock, work: Promise<string>): Promise<string> {
  return new Promise((resolve, reject) => {
    const late = (): void => {
      const what = `no answer came within ${tryMs / 1000} s`;
      const remedy = 'Look at the UPS by hand.';
      reject(new FaultError({ code: 'limit-reached', what, where: 'undo', remedy }));
    };
    work.finally(clock.after(tryMs, late)).then(resolve, reject);
  });
}
