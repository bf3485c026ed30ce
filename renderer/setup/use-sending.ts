import { useState } from 'react';
import type { Fault } from '../../shared/fault.ts';
import type { Answer, RequestInput, RequestName, RequestOutputs } from '../../shared/ipc.ts';
import { ask } from '../bridge/bridge.ts';
import { isNo } from '../store/ui.ts';

interface Sending {
  isBusy: boolean;
  fault: Fault | null;
  /** The answer's value; null when it was refused, which `fault` then tells. */
  send<N extends RequestName>(name: N, input: RequestInput<N>): Promise<{ value: RequestOutputs[N] } | null>;
}

/**
 * One dialog's talk with the main process: busy while it lasts, and the fault of the last refusal. A button that is busy
 * does nothing and is not switched off: it would lose the focus.
 */
export function useSending(): Sending {
  const [isBusy, setBusy] = useState(false);
  const [fault, setFault] = useState<Fault | null>(null);
  return {
    isBusy,
    fault,
    async send<N extends RequestName>(name: N, input: RequestInput<N>) {
      setBusy(true);
      setFault(null);
      const answer: Answer<N> = await ask(name, input);
      setBusy(false);
      if (answer.ok) return { value: answer.value };
      if (!isNo(answer.fault)) setFault(answer.fault);
      return null;
    },
  };
}
