import type { Fault } from '../../shared/fault.ts';
import type { Bridge, Push } from '../../shared/ipc.ts';
import type { Slices } from '../../shared/view.ts';

interface Receiver {
  snapshot(slices: Slices): void;
  merge(changed: Push['slices']): void;
  lost(fault: Fault): void;
}

const retryMs = 1000;

/**
 * Keeps the window equal to the main process: subscribe first, then ask, so that nothing falls between. Pushes that
 * the snapshot already contains are dropped; a hole in the numbers means that one was lost, so ask again.
 * @returns what ends it
 */
export function startSync(bridge: Bridge, receiver: Receiver): () => void {
  let rev: number | null = null;
  let asking = false;
  let ended = false;
  let early: Push[] = [];

  const take = (push: Push) => {
    if (rev === null || asking) {
      early.push(push);
      return;
    }
    if (push.rev <= rev) return;
    if (push.rev > rev + 1) {
      early.push(push);
      void resync();
      return;
    }
    rev = push.rev;
    receiver.merge(push.slices);
  };

  const resync = async (): Promise<void> => {
    asking = true;
    const answer = await bridge
      .request('snapshot', {})
      .catch((error: unknown) => ({ ok: false as const, fault: notAnswered(error) }));
    asking = false;
    if (ended) return;
    if (!answer.ok) {
      receiver.lost(answer.fault);
      setTimeout(() => void resync(), retryMs);
      return;
    }
    rev = answer.value.rev;
    receiver.snapshot(answer.value.slices);
    const waiting = early;
    early = [];
    for (const push of waiting) take(push);
  };

  const unsubscribe = bridge.onPush(take);
  void resync();
  return () => {
    ended = true;
    unsubscribe();
  };
}

function notAnswered(error: unknown): Fault {
  return {
    code: 'internal',
    what: `The main process does not answer: ${error instanceof Error ? error.message : String(error)}`,
    where: 'window',
    remedy: 'What is shown may be old. The window asks again every second.',
  };
}
