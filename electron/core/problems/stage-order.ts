import type { Step } from '../../../shared/sequence.ts';

/** Whether one step of a stage has surely ended when another begins, because that one waits for it. */
export type IsBefore = (one: string, other: string) => boolean;

/** One bit for every step that a step waits for, through any number of others. Steps in a circle wait for nothing. */
export function stageOrder(steps: readonly Step[]): IsBefore {
  const index = new Map(steps.map((step, at) => [step.id, at]));
  const words = Math.ceil(steps.length / 32);
  const behind = steps.map(() => new Uint32Array(words));
  const dependents = steps.map((): number[] => []);
  const open = steps.map((step, at) => {
    const needs = new Set(step.needs.map((need) => index.get(need)).filter((need) => need !== undefined));
    for (const need of needs) dependents[need]?.push(at);
    return needs.size;
  });
  const free = [...open.keys()].filter((at) => open[at] === 0);
  for (const at of free) {
    const own = behind[at];
    for (const next of dependents[at] ?? []) {
      const bits = behind[next];
      if (!own || !bits) continue;
      for (let word = 0; word < words; word += 1) bits[word] = (bits[word] ?? 0) | (own[word] ?? 0);
      bits[at >> 5] = (bits[at >> 5] ?? 0) | (1 << (at & 31));
      const left = (open[next] ?? 0) - 1;
      open[next] = left;
      if (left === 0) free.push(next);
    }
  }
  return (one, other) => {
    const [at, bits] = [index.get(one), behind[index.get(other) ?? -1]];
    return at !== undefined && bits !== undefined && ((bits[at >> 5] ?? 0) & (1 << (at & 31))) !== 0;
  };
}
