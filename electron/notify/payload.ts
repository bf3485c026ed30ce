import { assertNever } from '../../shared/assert-never.ts';
import type { WebhookChannel } from '../../shared/channels.ts';
import type { Message } from '../../shared/notices.ts';
import { cut } from './text.ts';

/** What is posted, and to which path below the URL's own when that is not the place itself. */
export interface Post {
  url: URL;
  payload: unknown;
}

/** The message as each receiver takes it. Nothing in it is read as markup: a UPS says itself what it is called. */
export function postFor(shape: WebhookChannel['shape'], url: URL, message: Message): Post {
  switch (shape) {
    case 'json':
      return { url, payload: { format: 'glidepath-notice', version: 1, ...message, at: iso(message.at) } };
    case 'ntfy':
      return ntfyPost(url, message);
    case 'slack':
      return { url, payload: slackPayload(message) };
    case 'discord':
      return { url, payload: discordPayload(message) };
    case 'teams':
      return { url, payload: teamsPayload(message) };
    default:
      return assertNever(shape, 'shape');
  }
}

const iso = (at: number): string => new Date(at).toISOString();
const headline = ({ rack, title }: Message): string => `${rack}: ${title}`;

/** Whether this can be posted to in that shape: for ntfy the topic is its last part. */
export const isPostable = (shape: WebhookChannel['shape'], url: URL): boolean =>
  shape !== 'ntfy' || ntfyTopic(url) !== null;

/** The topic of a URL as the user has it from ntfy, "https://ntfy.example.com/topic"; null: there is none. */
function ntfyTopic(url: URL): string | null {
  return /\/([-_A-Za-z0-9]{1,64})\/?$/.exec(url.pathname)?.[1] ?? null;
}

/**
 * As JSON to the server itself, so that any character arrives. A second message of the same sequence takes the place of
 * the first.
 * @see https://docs.ntfy.sh/publish/#publish-as-json
 * @see https://docs.ntfy.sh/publish/#updating-notifications
 */
function ntfyPost(url: URL, message: Message): Post {
  const topic = ntfyTopic(url) ?? '';
  const server = new URL(url);
  server.pathname = url.pathname.replace(/[^/]*\/?$/, '');
  const isCritical = message.urgency === 'critical';
  const payload = {
    topic,
    title: headline(message),
    message: message.body,
    priority: isCritical ? 5 : 3,
    tags: [isCritical ? 'warning' : 'electric_plug'],
    sequence_id: message.id,
  };
  return { url: server, payload };
}

/**
 * `text` is what a phone shows; blocks of plain text are what the channel shows.
 * @see https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks
 * @see https://docs.slack.dev/messaging/formatting-message-text (what is escaped)
 */
function slackPayload(message: Message): unknown {
  const plain = (text: string) => ({ type: 'plain_text', text, emoji: false });
  const escaped = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  return {
    text: escaped(headline(message)),
    blocks: [
      { type: 'header', text: plain(cut(headline(message), 150)) },
      { type: 'section', text: plain(cut(message.body, 3000)) },
    ],
  };
}

/**
 * 2,000 characters; nobody is called by it, and no link in it is fetched (flag 4).
 * @see https://docs.discord.com/developers/resources/webhook#execute-webhook
 */
function discordPayload(message: Message): unknown {
  const escaped = (text: string) => text.replaceAll(/[\\*_~`|[\]<]/g, '\\$&').replaceAll(/^(\s*)([>#-])/gm, '$1\\$2');
  const content = cut(`**${escaped(headline(message))}**\n${escaped(message.body)}`, 2000);
  return { content, allowed_mentions: { parse: [] }, flags: 4 };
}

/**
 * An Adaptive Card, which is all that a Teams workflow takes. Rich text blocks hold plain text; a text block would read
 * Markdown.
 * @see https://learn.microsoft.com/en-us/microsoftteams/platform/webhooks-and-connectors/how-to/connectors-using
 * @see https://adaptivecards.io/explorer/RichTextBlock.html
 */
function teamsPayload(message: Message): unknown {
  const row = (text: string, more = {}) => ({ type: 'RichTextBlock', inlines: [{ type: 'TextRun', text, ...more }] });
  const color = message.urgency === 'critical' ? { color: 'attention' } : {};
  const rows = message.body.split('\n').filter((each) => each !== '');
  return {
    type: 'message',
    attachments: [
      {
        contentType: 'application/vnd.microsoft.card.adaptive',
        contentUrl: null,
        content: {
          $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
          type: 'AdaptiveCard',
          version: '1.4',
          fallbackText: headline(message),
          body: [
            row(headline(message), { weight: 'bolder', size: 'large', ...color }),
            ...rows.map((each) => row(each)),
          ],
        },
      },
    ],
  };
}
