import { FaultError } from '../../../shared/fault.ts';
import type { Host } from '../../../shared/inventory.ts';
import { hostFault } from '../host-fault.ts';

/**
 * What an error of a connection, or of a request over it, means to the user.
 * @param connected the host had taken the connection
 */
export function connectFault(host: Host, error: unknown, connected: boolean): FaultError {
  if (error instanceof FaultError) return error;
  const message = error instanceof Error ? error.message : String(error);
  const code = error instanceof Error ? (error as Error & { code?: unknown }).code : undefined;
  // Only who accepted a connection resets it, even when that arrives before we are told of the connection.
  if (connected || code === 'ECONNRESET') {
    return hostFault(
      host,
      'dead-peer',
      `it took the connection and then failed: ${message.slice(0, 300)}`,
      'Look whether its management service is healthy; something else may be listening on this port.',
    );
  }
  const why =
    code === 'ECONNREFUSED'
      ? 'nothing listens there (connection refused)'
      : code === 'ENOTFOUND' || code === 'EAI_AGAIN'
        ? 'its name cannot be resolved'
        : message.slice(0, 300);
  return hostFault(host, 'unreachable', why, 'Check that it is on, its address and port.');
}
