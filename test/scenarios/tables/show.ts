import type { Told } from './play.ts';
import type { Row } from './row.ts';

const pad = (lines: string[]) => lines.map((line) => `      ${line}`).join('\n');

/** A row and what was seen to come of it, for people. */
export function shown(row: Row, told: Told): string {
  const { outcome } = row;
  const states = Object.entries(told.state).map(([at, state]) => `${at} ${state}`);
  const came = [
    ...(told.runs.length > 0 ? told.runs.map((run) => `run ${run}`) : ['no run']),
    `state: ${states.join(' | ')}`,
    `taken away: ${told.down || 'nothing'} (acts: ${told.counts})`,
    ...(told.back ? [`brought back: ${told.back}`] : []),
    ...(told.ends ? [`end: ${told.ends}`] : []),
    `cut hard: ${told.cut || 'nobody'}`,
    ...(outcome.says ?? []).map((part) => `said: ${told.said.find((line) => line.includes(part)) ?? 'NOT SAID'}`),
    ...(outcome.never ?? []).map((part) => `never said: ${part}`),
  ];
  return `- ${row.name} (${row.rack.title})\n    what happens\n${pad(row.happens)}\n    outcome\n${pad(came)}`;
}
