import { assertNever } from '../../shared/assert-never.ts';
import type { Channel, MailChannel, WebhookChannel } from '../../shared/channels.ts';
import type { NoticeCategory } from '../../shared/notices.ts';
import type { ChannelState } from '../../shared/view.ts';
import { count } from '../parts/format.ts';
import type { IconName } from '../parts/icons.tsx';
import type { Tone } from '../shell/power-words.ts';

/** In the order in which they are offered: what matters most first. */
export const categories: readonly { value: NoticeCategory; label: string; hint: string }[] = [
  { value: 'failure', label: 'Failures', hint: 'What went wrong in a run or a rehearsal, or keeps one from beginning' },
  { value: 'run', label: 'Runs', hint: 'A shutdown begins, ends, is cancelled; hosts come back' },
  { value: 'power', label: 'Power', hint: 'The mains fail and come back; the batteries' },
  { value: 'contact', label: 'UPSes', hint: 'One cannot be read, or wants a new battery' },
  { value: 'user', label: 'Using Glidepath', hint: 'Good to know, as that it goes on in the tray' },
];

/** "Tells of failures and runs"; without any, it is for the steps of the plan that name it. */
export function tellsWords(chosen: readonly NoticeCategory[]): string {
  if (chosen.length === categories.length) return 'tells everything';
  const names = categories.filter(({ value }) => chosen.includes(value)).map(({ value, label }) => lower(value, label));
  if (names.length === 0) return 'tells only what a step of the plan says';
  const last = names.at(-1);
  return `tells of ${names.length === 1 ? last : `${names.slice(0, -1).join(', ')} and ${last}`}`;
}

const lower = (value: NoticeCategory, label: string): string => {
  if (value === 'contact') return label;
  return value === 'user' ? 'its use' : label.toLowerCase();
};

export const shapeLabels: Readonly<Record<WebhookChannel['shape'], string>> = {
  slack: 'Slack',
  teams: 'Microsoft Teams',
  discord: 'Discord',
  ntfy: 'ntfy',
  json: 'Another webhook (JSON)',
};

/** How the URL looks, and where the user has it from. */
export const urlHints: Readonly<Record<WebhookChannel['shape'], string>> = {
  slack: 'Of an incoming webhook: https://hooks.slack.com/services/…',
  teams: 'Of a workflow that begins with “When a Teams webhook request is received”',
  discord: 'From the settings of a Discord channel, Integrations: https://discord.com/api/webhooks/…',
  ntfy: 'With its topic: https://ntfy.sh/my-topic',
  json: 'Gets a POST with the message as JSON',
};

export const securities: readonly { value: MailChannel['security']; label: string; port: number }[] = [
  { value: 'starttls', label: 'STARTTLS', port: 587 },
  { value: 'tls', label: 'TLS from the first byte', port: 465 },
  { value: 'none', label: 'None: in plain text', port: 25 },
];

/** "Slack", "E-mail", "Program". */
export function kindWords(channel: Channel): string {
  switch (channel.kind) {
    case 'webhook':
      return channel.shape === 'json' ? 'Webhook' : shapeLabels[channel.shape];
    case 'mail':
      return 'E-mail';
    case 'command':
      return 'Program';
    default:
      return assertNever(channel, 'channel');
  }
}

/** What is kept in the keychain for it; null: it needs nothing. */
export function secretNoun(channel: Channel): 'URL' | 'password' | null {
  if (channel.kind === 'webhook') return 'URL';
  return channel.kind === 'mail' && channel.user !== '' ? 'password' : null;
}

export function stateWords({ state, waiting }: ChannelState): { tone: Tone; icon: IconName; words: string } {
  const waits = count(waiting, 'message waits', 'messages wait');
  switch (state) {
    case 'ok':
      return { tone: 'good', icon: 'check', words: 'nothing waits' };
    case 'waiting':
      return { tone: 'warn', icon: 'clock', words: waits };
    case 'failed':
      return {
        tone: 'bad',
        icon: 'alert',
        words: waiting > 0 ? `does not tell, ${waits}` : 'did not tell the last one',
      };
    default:
      return assertNever(state, 'state of a channel');
  }
}
