import { connect, type Socket } from 'node:net';
import type { MailChannel } from '../../shared/channels.ts';
import type { Message } from '../../shared/notices.ts';
import { networkOutcome } from './network-fault.ts';
import { channelFault, delivered, type Outcome, retry } from './outcome.ts';
import type { Connecting } from './webhook.ts';

/** What nodemailer throws. @see https://nodemailer.com/errors */
interface SmtpError {
  code?: unknown;
  responseCode?: unknown;
}

/** One mail over a connection of its own. `password`: null for a channel without a login. */
export async function sendMail(
  channel: MailChannel,
  password: string | null,
  message: Message,
  connecting: Connecting,
): Promise<Outcome> {
  try {
    const { roots, signal } = connecting;
    // Of no use to those who have no such channel, and big.
    const { createTransport } = await import('nodemailer');
    const connection = await dial(channel, connecting);
    const transport = createTransport({
      host: channel.server,
      port: channel.port,
      connection,
      secure: channel.security === 'tls',
      requireTLS: channel.security === 'starttls',
      ignoreTLS: channel.security === 'none',
      tls: roots === null ? {} : { ca: roots },
      // Also when the server offers none: it would take the mail from nobody and drop it.
      ...(password === null ? {} : { auth: { user: channel.user, pass: password }, forceAuth: true }),
      disableFileAccess: true,
      disableUrlAccess: true,
    });
    const { rejected } = await transport.sendMail({ ...mailOf(channel, message), signal }).finally(() => {
      transport.close();
      connection.destroy();
    });
    if (rejected.length === 0) return delivered;
    const what = `${rejected.length} of ${channel.to.length} recipients were refused by ${channel.server}.`;
    return { type: 'give-up', fault: channelFault(channel, 'not-delivered', what, 'Correct the addresses.') };
  } catch (error) {
    return verdict(channel, error);
  }
}

function mailOf({ from, to }: MailChannel, message: Message) {
  return {
    from: { name: 'Glidepath', address: from },
    to,
    subject: `${message.rack}: ${message.title}`,
    text: message.body,
    // The same at every try, so that a mail that comes twice is one for whoever looks at it.
    messageId: `<${message.id}@${from.slice(from.lastIndexOf('@') + 1)}>`,
    priority: message.urgency === 'critical' ? ('high' as const) : ('normal' as const),
    // https://www.rfc-editor.org/rfc/rfc3834#section-5
    headers: { 'Auto-Submitted': 'auto-generated' },
  };
}

/** By our own way to look names up, and by whichever of the server's addresses answers. */
function dial({ server, port }: MailChannel, { lookup, signal }: Connecting): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: server, port, lookup, signal });
    // It stays: until nodemailer listens too, somebody must.
    socket.on('error', reject);
    socket.once('connect', () => resolve(socket));
  });
}

/**
 * A server's 4xx is for now, its 5xx for good.
 * @see https://www.rfc-editor.org/rfc/rfc5321#section-4.2.1
 */
function verdict(channel: MailChannel, error: unknown): Outcome {
  const { code, responseCode } = (error ?? {}) as SmtpError;
  const status = typeof responseCode === 'number' ? responseCode : null;
  const said = `${channel.server} answered ${status === null ? 'nothing of use' : `with status ${status}`}`;
  const isForNow = status !== null && status < 500;
  if (isForNow) return retry(channelFault(channel, 'unexpected-answer', `${said}.`, 'It is tried again by itself.'));
  if (code === 'EAUTH') {
    const what = `${said}: it does not accept the user and the password.`;
    return { type: 'hold', fault: channelFault(channel, 'login-refused', what, 'Enter user and password again.') };
  }
  if (code === 'EENVELOPE' || code === 'EMESSAGE') {
    const what = `${said}: it refuses the mail.`;
    const remedy = 'Look at the addresses, and at who may send by this server.';
    return { type: 'give-up', fault: channelFault(channel, 'not-delivered', what, remedy) };
  }
  return networkOutcome(channel, `${channel.server}:${channel.port}`, error);
}
