import type { ReactElement } from 'react';
import type { RunView } from '../../shared/run.ts';
import { Button } from '../parts/button.tsx';
import { stopRun } from '../store/commands.ts';

export const isLive = (run: RunView): boolean => run.phase !== 'ended';

/** Only before the line: behind it, machines already going down could not be called back. */
export const canStop = (run: RunView): boolean =>
  run.phase === 'down' && run.noReturnAt === null && run.result === null;

/** Stop, or in its place the reason why it is not offered. */
export function RunButtons({ run }: { run: RunView }): ReactElement | null {
  if (!isLive(run)) return null;
  if (canStop(run)) return <Button label="Stop run" icon="stop" look="danger" onPress={() => void stopRun()} />;
  return <p>{whyNotStop(run)}</p>;
}

function whyNotStop(run: RunView): string {
  if (run.phase === 'down') return 'Stop is no longer offered: the run has passed its point of no return.';
  if (run.phase === 'waiting-for-return') return 'Nothing to stop: the way down has ended.';
  return 'Stop is not offered while things are brought back.';
}
