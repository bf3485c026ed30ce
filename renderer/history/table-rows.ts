import type { HistoryPoint } from '../../shared/history.ts';
import { gaps, type HistoryRead, type Span } from './lines.ts';

export type TableRow = { type: 'point'; at: number; point: HistoryPoint } | { type: 'gap'; at: number; gap: Span };

/** Points and gaps, newest first. */
export function tableRows(read: HistoryRead): TableRow[] {
  const rows: TableRow[] = [
    ...read.points.map((point): TableRow => ({ type: 'point', at: point.at, point })),
    ...gaps(read).map((gap): TableRow => ({ type: 'gap', at: gap.from, gap })),
  ];
  return rows.sort((a, b) => b.at - a.at);
}
