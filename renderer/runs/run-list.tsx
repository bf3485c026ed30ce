import type { ReactElement } from 'react';
import type { RunView } from '../../shared/run.ts';
import type { RunSummary } from '../../shared/view.ts';
import { count, duration } from '../parts/format.ts';
import { openRun } from '../store/ui.ts';
import { EntryList } from './entry-list.tsx';
import { withLive } from './live-summary.ts';
import { causeWords, resultWords, runWords } from './run-words.ts';

interface RunListProps {
  live: RunView | null;
  runs: readonly RunSummary[];
  shown: string | null;
}

export function RunList({ live, runs, shown }: RunListProps): ReactElement {
  const entries = withLive(live, runs).map((run) => ({
    id: run.runId,
    at: run.begunAt,
    result: run.runId === live?.runId ? runWords(live) : resultWords(run.result),
    lines: [
      causeWords(run.cause),
      [
        run.sequenceName,
        run.endedAt === null ? null : duration((run.endedAt - run.begunAt) / 1000),
        count(run.hostsOff, 'host off', 'hosts off'),
      ]
        .filter(Boolean)
        .join(' · '),
    ],
    onOpen: () => openRun(run.runId),
  }));
  return <EntryList title="Runs" many="runs" entries={entries} shown={shown} />;
}
