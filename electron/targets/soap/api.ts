import type { Host } from '../../../shared/inventory.ts';
import type { Addresses } from '../../core/ports.ts';
import type { SoapAnswer } from './answer.ts';
import type { ServiceContent } from './content.ts';
import type { SoapServers } from './pool.ts';
import { onlyReads } from './reading.ts';
import type { Ref, Xml } from './write.ts';

/** Milliseconds of real time for one call, unless it says otherwise. */
const callMs = 30_000;

/** One server with VMware's API, as a platform talks to it in a step or in a rehearsal. */
export interface VsphereApi {
  /** Where the names of hosts lead. */
  readonly addresses: Addresses;
  /** What it is and what everything begins with. @throws FaultError of `SoapServer.content` */
  content(): Promise<ServiceContent>;
  /**
   * Calls a method of an object. A server that says no gives an answer.
   * @param limitMs of real time, 30 s unless given
   * @throws FaultError of `SoapServer.call`
   */
  call(method: string, self: Ref, content?: readonly Xml[], limitMs?: number): Promise<SoapAnswer>;
}

/** Calls in a step of a run. */
export const apiOf = (
  soap: SoapServers,
  host: Host,
  options: { signal: AbortSignal; onSent?: () => void },
): VsphereApi => ({
  addresses: soap.addresses,
  content: () => soap.content(host, options.signal),
  call: (method, self, content = [], limitMs = callMs) =>
    soap.call(host, method, self, content, {
      limitMs,
      signal: options.signal,
      // What only reads has told the server nothing.
      ...(options.onSent && !onlyReads(method) && { onSent: options.onSent }),
    }),
});

/** Calls that only look: anything else is not sent at all. */
export function lookingOnly(api: VsphereApi): VsphereApi {
  return {
    addresses: api.addresses,
    content: api.content,
    call(method, self, content, limitMs) {
      if (!onlyReads(method)) throw new Error(`no method for looking only: ${method}`);
      return api.call(method, self, content, limitMs);
    },
  };
}
