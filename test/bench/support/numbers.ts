const sorted = (values: readonly number[]): number[] => [...values].sort((a, b) => a - b);

export const median = (values: readonly number[]): number => percentile(values, 50);

/** Nearest rank: always a value that was measured. Of 100 values the 99th percentile is the second largest. */
export function percentile(values: readonly number[], percent: number): number {
  return sorted(values)[Math.max(0, Math.ceil((values.length * percent) / 100) - 1)] ?? Number.NaN;
}

export const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

/** "1.4 x"; there is no ratio to what is too small to be measured. */
export const ratio = (ours: number, other: number): string => (other > 0 ? `${(ours / other).toFixed(1)} x` : '-');
