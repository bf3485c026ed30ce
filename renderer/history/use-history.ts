import { useEffect, useState } from 'react';
import type { Fault } from '../../shared/fault.ts';
import { ask } from '../bridge/bridge.ts';
import type { HistoryRead } from './lines.ts';

const againMs = 60_000;

/** What is kept of a UPS up to now, read again once a minute; null while it is read for the first time. */
export function useHistory(upsId: string, ms: number): HistoryRead | { fault: Fault } | null {
  const [got, setGot] = useState<{ of: string; read: HistoryRead | { fault: Fault } } | null>(null);
  const of = `${upsId} ${ms}`;
  useEffect(() => {
    let isWanted = true;
    const read = async () => {
      const to = Date.now();
      const span = { from: to - ms, to };
      const answer = await ask('history.read', { upsId, ...span });
      if (isWanted) setGot({ of, read: answer.ok ? { span, points: answer.value } : { fault: answer.fault } });
    };
    void read();
    const timer = setInterval(() => void read(), againMs);
    return () => {
      isWanted = false;
      clearInterval(timer);
    };
  }, [upsId, ms, of]);
  // The answer to an earlier question is not shown under a new one.
  return got?.of === of ? got.read : null;
}
