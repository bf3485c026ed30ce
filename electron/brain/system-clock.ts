import type { Clock } from '../core/ports.ts';

/** The longest wait, ms, that a timer of Node takes; beyond it fires at once. */
const longestTimer = 2 ** 31 - 1;

/** The time of this computer. */
export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  after(ms, call) {
    let timer: NodeJS.Timeout;
    const wait = (left: number) => {
      timer =
        left > longestTimer
          ? setTimeout(() => wait(left - longestTimer), longestTimer)
          : setTimeout(call, Math.max(0, left));
    };
    wait(ms);
    return () => clearTimeout(timer);
  },
};
