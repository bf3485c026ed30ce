import type { Channel } from '../../shared/channels.ts';
import { channelFault, type Outcome, retry } from './outcome.ts';

/** Of Node and OpenSSL, as DEPTH_ZERO_SELF_SIGNED_CERT, ERR_TLS_CERT_ALTNAME_INVALID, CERT_HAS_EXPIRED, EPROTO. */
const ofTls = /CERT|TLS|SSL|UNABLE_TO_|EPROTO/;
/** Our own codes have letters, digits and "_" only; anything else may be what the other side said. */
const plainCode = /^[A-Z][A-Z0-9_]{2,60}$/;

/**
 * What a connection that failed is for a channel: the network is often down in an outage, and a certificate can be wrong
 * because our own clock still is. So all of it is tried again.
 */
export function networkOutcome(channel: Channel, place: string, error: unknown): Outcome {
  const code = codeOf(error);
  const why = plainCode.test(code) ? ` (${code})` : '';
  if (ofTls.test(code)) {
    const what = `No trusted connection to ${place} came about${why}.`;
    const remedy =
      'Look at its certificate: it must be valid for this name, and this computer must trust who issued it.';
    return retry(channelFault(channel, 'tls-failed', what, remedy));
  }
  const what =
    code === 'ENOTFOUND' || code === 'EAI_AGAIN'
      ? `The name of ${place} could not be resolved${why}.`
      : `${place} could not be reached, or broke off${why}.`;
  return retry(channelFault(channel, 'unreachable', what, 'Look at the network, and at where the channel goes.'));
}

/** It took too long, whatever of it. `seconds`: the limit. */
export const lateOutcome = (channel: Channel, place: string, seconds: number): Outcome =>
  retry(
    channelFault(
      channel,
      'unreachable',
      `${place} did not take it within ${seconds} s.`,
      'Look at the network, and at where the channel goes.',
    ),
  );

/** The first one there is: several addresses that were tried in vain give several. nodemailer puts its own before it. */
function codeOf(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) return codeOf(error.errors[0]);
  if (!(error instanceof Error)) return '';
  if ('originalCode' in error && typeof error.originalCode === 'string') return error.originalCode;
  return 'code' in error && typeof error.code === 'string' ? error.code : '';
}
