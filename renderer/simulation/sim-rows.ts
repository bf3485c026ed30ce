import type { Host } from '../../shared/inventory.ts';
import type { Sequence } from '../../shared/sequence.ts';
import type { CheckedPlan, SimulatedStep, SimulationView } from '../../shared/view.ts';
import { clock } from '../parts/format.ts';
import { stepTitle } from '../plan/step-words.ts';
import { targetWords } from '../plan/targets.ts';
import { authoredSteps } from './sim-words.ts';

export interface Bar extends SimulatedStep {
  critical: boolean;
}

/** One authored step with all that it became. */
export interface SimRow {
  id: string;
  title: string;
  bars: Bar[];
  /** "2:15 to 3:40", or that it is not begun. */
  time: string;
}

/** In the order of the plan. Of the way back only what is begun. */
export function simRows(
  view: SimulationView,
  sequence: Sequence,
  checked: CheckedPlan,
  hosts: readonly Host[],
): SimRow[] {
  const critical = new Set(checked.steps.filter((step) => step.critical).map((step) => step.id));
  const authored = authoredSteps(sequence, checked);
  const rows = new Map<string, Omit<SimRow, 'time'>>();
  for (const step of view.steps) {
    if (step.phase === 'return' && step.startedAt === null) continue;
    const bar = { ...step, critical: critical.has(step.id) };
    const from = authored(step.id);
    const id = from?.id ?? step.id;
    const row = rows.get(id);
    if (row) row.bars.push(bar);
    else rows.set(id, { id, title: from ? stepTitle(from, hosts) : id, bars: [bar] });
  }
  return [...rows.values()].map((row) => ({ ...row, time: timeWords(row.bars) }));
}

function timeWords(bars: readonly Bar[]): string {
  const begun = bars.filter((bar) => bar.startedAt !== null);
  if (begun.length === 0) return bars.every((bar) => bar.state === 'skipped') ? 'skipped' : 'not begun';
  const starts = begun.map((bar) => bar.startedAt ?? 0);
  const ends = begun.map((bar) => bar.endedAt);
  const start = clock(Math.min(...starts));
  return ends.includes(null) ? `${start} on` : `${start} to ${clock(Math.max(...ends.map((end) => end ?? 0)))}`;
}

/** What a single step of a row is called: the host, where there are several. */
export const barName = (row: SimRow, bar: Bar, hosts: readonly Host[]): string =>
  row.bars.length === 1 || bar.hostId === null ? row.title : `${row.title}: ${targetWords(bar.hostId, hosts)}`;
