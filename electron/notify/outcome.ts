import type { Channel } from '../../shared/channels.ts';
import type { Fault, FaultCode } from '../../shared/fault.ts';

/**
 * What became of one try. `retry`: it is tried again, not before `after` ms if the receiver says so. `give-up`: this
 * message will never be taken, or may have been. `hold`: nothing is tried until the user has edited the channel.
 */
export type Outcome =
  | { type: 'delivered' }
  | { type: 'retry'; fault: Fault; after: number | null }
  | { type: 'give-up'; fault: Fault }
  | { type: 'hold'; fault: Fault };

export const delivered: Outcome = { type: 'delivered' };

export const retry = (fault: Fault, after: number | null = null): Outcome => ({ type: 'retry', fault, after });

/** `what` and `remedy` are our own words: what a receiver says may repeat what it was sent. */
export const channelFault = ({ name }: Channel, code: FaultCode, what: string, remedy: string): Fault => ({
  code,
  what,
  where: name,
  remedy,
});
