import http from 'node:http';
import https from 'node:https';
import type { LookupFunction } from 'node:net';
import type { WebhookChannel } from '../../shared/channels.ts';
import type { Message } from '../../shared/notices.ts';
import type { ChannelSecret } from '../core/ports.ts';
import { networkOutcome } from './network-fault.ts';
import { channelFault, delivered, type Outcome, retry } from './outcome.ts';
import { postFor } from './payload.ts';

/** Longest time that a receiver may ask us to wait, ms. */
const longestWait = 3_600_000;

export interface Connecting {
  lookup: LookupFunction;
  /** PEM of the certificates that are trusted in the place of the usual ones; null: the usual ones. */
  roots: string | null;
  signal: AbortSignal;
}

interface Answer {
  status: number;
  retryAfter: string | undefined;
}

/** One POST. A redirect is not followed: the message, and a token, would go to whoever it names. */
export async function postWebhook(
  channel: WebhookChannel,
  secret: Extract<ChannelSecret, { kind: 'webhook' }>,
  message: Message,
  connecting: Connecting,
): Promise<Outcome> {
  const { url, payload } = postFor(channel.shape, new URL(secret.url), message);
  const headers: Record<string, string> = {
    'content-type': 'application/json; charset=utf-8',
    'user-agent': 'Glidepath',
    // So that whoever gets it twice can tell: the answer to the first may have been lost.
    // https://datatracker.ietf.org/doc/draft-ietf-httpapi-idempotency-key-header/
    'idempotency-key': `"${message.id}"`,
    ...(secret.token === '' ? {} : { authorization: `Bearer ${secret.token}` }),
  };
  try {
    return verdict(channel, await post(url, headers, JSON.stringify(payload), connecting));
  } catch (error) {
    return networkOutcome(channel, url.host, error);
  }
}

function post(url: URL, headers: Record<string, string>, text: string, connecting: Connecting): Promise<Answer> {
  const body = Buffer.from(text, 'utf8');
  const { lookup, roots, signal } = connecting;
  const options: https.RequestOptions = {
    method: 'POST',
    headers: { ...headers, 'content-length': body.length },
    // A connection of its own: the one of the last notice may be dead since hours.
    agent: false,
    lookup,
    signal,
    ...(roots === null ? {} : { ca: roots }),
  };
  return new Promise((resolve, reject) => {
    const request = (url.protocol === 'http:' ? http : https).request(url, options, (response) => {
      resolve({ status: response.statusCode ?? 0, retryAfter: response.headers['retry-after'] });
      // What it says besides is not needed, and may never end.
      response.on('error', () => undefined).destroy();
    });
    request.on('error', reject);
    // The only thing that is told when a receiver goes on with another protocol, which nobody asked for.
    request.on('close', () => reject(new Error('the connection ended without an answer')));
    request.end(body);
  });
}

function verdict(channel: WebhookChannel, { status, retryAfter }: Answer): Outcome {
  const said = `${channel.origin} answered with status ${status}`;
  if (status >= 200 && status < 300) return delivered;
  if (status === 401) {
    const what = `${said}: it does not accept the token, or wants one.`;
    return { type: 'hold', fault: channelFault(channel, 'login-refused', what, 'Enter its URL and token again.') };
  }
  if (status === 408 || status === 429 || status >= 500) {
    const fault = channelFault(channel, 'unexpected-answer', `${said}.`, 'It is tried again by itself.');
    return retry(fault, waitOf(retryAfter));
  }
  const isMoved = status >= 300 && status < 400;
  const what = isMoved ? `${said}: it stands somewhere else, and no redirect is followed.` : `${said}: it refuses it.`;
  const remedy = 'Look at the URL: the webhook may have been removed, or be one of another kind.';
  return { type: 'give-up', fault: channelFault(channel, 'not-delivered', what, remedy) };
}

/**
 * In ms, an hour at most; null: it names none. A date is left out: which clock it is of, nobody knows.
 * @see https://www.rfc-editor.org/rfc/rfc9110#field.retry-after
 */
function waitOf(retryAfter: string | undefined): number | null {
  if (retryAfter === undefined || !/^\d{1,9}(\.\d+)?$/.test(retryAfter.trim())) return null;
  return Math.min(longestWait, Math.ceil(Number(retryAfter) * 1000));
}
