/** Calls once after `ms`; the returned function cancels. The same shape as the core's clock has. */
export type After = (ms: number, call: () => void) => () => void;

/** Real time, compressed: with `factor` 0.01 a host that takes 60 s to die is gone after 0.6 s. */
export function scaledAfter(factor = 1): After {
  return (ms, call) => {
    const timer = setTimeout(call, ms * factor);
    return () => clearTimeout(timer);
  };
}
