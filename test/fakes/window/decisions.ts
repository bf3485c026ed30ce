import type { Decision } from '../../../shared/decision.ts';

/** An evening: a flicker, an outage that was put off once, what came of it, and an outage with the plan not armed. */
export const decisions = (): Decision[] => {
  const decision = (minutesAgo: number, kind: Decision['kind'], sentence: string, runId: string | null = null) => ({
    at: Date.now() - minutesAgo * 60_000,
    kind,
    sentence,
    runId,
  });
  const run = '2026-11-18-031500';
  return [
    decision(310, 'nothing', 'The mains are back after 6 min, at 84 %: nothing was due.'),
    decision(
      313,
      'held-back',
      'Not started: 31 min of runtime are left, the start is at 7 min 30 s (the plan needs 6 min, times 1.25).',
    ),
    decision(4290, 'return-halted', 'The way back was not begun: the way down failed at esx-2.', run),
    decision(4296, 'widened', 'APC Smart-UPS 1500 failed too: backup-1 and esx-2 are taken in.', run),
    decision(4300, 'started', 'Started: 7 min 28 s of runtime are left, the plan needs 6 min (times 1.25).', run),
    decision(4306, 'postponed', 'Put off by 5 min by hand; the latest safe start is in 9 min 10 s.'),
    decision(
      28_800,
      'not-armed',
      'It would have started: the charge fell to 30 %. The plan was not armed, so nothing was done.',
    ),
  ];
};
