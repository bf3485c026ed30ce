import { expect } from 'vitest';
import type { Told } from './play.ts';
import type { Row } from './row.ts';

/** What came of a row is what must come of it, and what must never be is not. */
export function judge({ outcome }: Row, told: Told): void {
  const asToldBy = (run: string, at: number) => {
    const real = told.runs[at] ?? '';
    const [head = '', ...rest] = run.split(': ');
    return real.startsWith(`${head}: `) && real.includes(rest.join(': ')) ? real : run;
  };
  const { runs, state, down, back, ends, cut = '', says = [], never = [] } = outcome;
  const has = (part: string) => told.said.some((line) => line.includes(part));
  expect({
    runs: told.runs,
    state: told.state,
    down: told.down,
    back: told.back,
    ends: told.ends,
    cut: told.cut,
    errors: told.errors,
  }).toEqual({ runs: runs.map(asToldBy), state, down, back, ends, cut, errors: [] });
  const silent = says.filter((part) => !has(part));
  const loud = never.filter(has);
  expect({ silent, loud }, told.said.join('\n')).toEqual({ silent: [], loud: [] });
}
