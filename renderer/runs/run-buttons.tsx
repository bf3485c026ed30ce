import { type ReactElement, useState } from 'react';
import type { RunView } from '../../shared/run.ts';
import { Button } from '../parts/button.tsx';
import { stopRun } from '../store/commands.ts';
import { EndDialog } from './end-dialog.tsx';

export const isLive = (run: RunView): boolean => run.phase !== 'ended';

/** Only before the line: behind it, machines already going down could not be called back. */
export const canStop = (run: RunView): boolean =>
  run.phase === 'down' && run.noReturnAt === null && run.cancelled === null;

/** Stop, or in its place the reason why it is not offered; after the way down, ending the run for good. */
export function RunButtons({ run }: { run: RunView }): ReactElement | null {
  const [isEnding, setEnding] = useState(false);
  if (!isLive(run)) return null;
  if (canStop(run)) return <Button label="Stop run" icon="stop" look="danger" acts onPress={() => void stopRun()} />;
  if (run.phase === 'down') return <p>{whyNotStop(run)}</p>;
  return (
    <>
      <Button label="End run…" acts onPress={() => setEnding(true)} />
      {isEnding && <EndDialog onClose={() => setEnding(false)} />}
    </>
  );
}

const whyNotStop = (run: RunView): string =>
  run.cancelled === null
    ? 'Stop is no longer offered: the run has passed its point of no return.'
    : 'Stopped. What was already sent is followed to its end.';
