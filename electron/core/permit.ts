import type { Step } from '../../shared/sequence.ts';

/** Why a step may not be begun, or not be sent. What was sent is followed to its end all the same. */
export type Stop =
  /** It ends without having been done, and what needs it is not done either. */
  | { how: 'refused'; why: string }
  /** It is given up for lack of time; what needs it goes on without it. */
  | { how: 'left-out'; why: string }
  /** Its host is not meant now. It stays where it is until the host is, or the way is over. */
  | { how: 'held' };

/** Whether steps may go on. */
export interface Permit {
  /** null: it may be begun and sent. */
  stop(step: Step): Stop | null;
  /** Steps stop where they are, to be taken up later. */
  isHalted(): boolean;
  /** What may be forced is forced now. */
  isPressed(): boolean;
  /** Calls when something of this may have changed. Returns the function that ends the subscription. */
  onChange(call: () => void): () => void;
}
