import type { Clock } from './ports.ts';

/** Ms after which a journal that neither answers nor fails (a dead disk, a lost network folder) is given up. */
export const journalPatience = 5000;

export class LateError extends Error {
  override readonly name = 'LateError';
}

/** @throws LateError when the work is not done after `ms`; what becomes of it then concerns nobody */
export async function inTime<T>(clock: Clock, ms: number, work: Promise<T>): Promise<T> {
  let stop: () => void = () => undefined;
  const late = new Promise<never>((_, reject) => {
    stop = clock.after(ms, () => reject(new LateError(`it has not answered for ${ms / 1000} s`)));
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    stop();
  }
}
