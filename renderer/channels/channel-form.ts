import { type Channel, type MailChannel, originOf, type WebhookChannel } from '../../shared/channels.ts';
import type { NoticeCategory } from '../../shared/notices.ts';
import { freshId } from '../plan/ids.ts';
import { securities } from './channel-words.ts';

/** What can be chosen as its kind: each shape of webhook is one of its own. */
export type ChannelKind = WebhookChannel['shape'] | 'mail' | 'command';

/** The fields as they are typed. Whether they are right is for the main process to say, with its schema. */
export interface ChannelForm {
  kind: ChannelKind;
  name: string;
  categories: readonly NoticeCategory[];
  /** Empty: the one that is kept stays as it is. */
  url: string;
  token: string;
  server: string;
  port: number;
  security: MailChannel['security'];
  user: string;
  /** Empty: the one that is kept stays as it is. */
  password: string;
  from: string;
  /** With commas. */
  to: string;
  program: string;
  /** One a line. */
  arguments: string;
}

const empty: ChannelForm = {
  kind: 'slack',
  name: '',
  categories: ['power', 'run', 'failure', 'contact'],
  url: '',
  token: '',
  server: '',
  port: 587,
  security: 'starttls',
  user: '',
  password: '',
  from: '',
  to: '',
  program: '',
  arguments: '',
};

export function formOfChannel(channel: Channel | null): ChannelForm {
  if (!channel) return empty;
  const { name, categories } = channel;
  switch (channel.kind) {
    case 'webhook':
      return { ...empty, name, categories, kind: channel.shape };
    case 'mail': {
      const { server, port, security, user, from } = channel;
      return {
        ...empty,
        name,
        categories,
        kind: 'mail',
        server,
        port,
        security,
        user,
        from,
        to: channel.to.join(', '),
      };
    }
    case 'command': {
      const { program } = channel;
      return { ...empty, name, categories, kind: 'command', program, arguments: channel.arguments.join('\n') };
    }
  }
}

const usualPort = (wanted: MailChannel['security']): number =>
  securities.find(({ value }) => value === wanted)?.port ?? 587;

/** The port follows the encryption until it is another than its usual one. */
export function changeChannel(form: ChannelForm, change: Partial<ChannelForm>): ChannelForm {
  const next = { ...form, ...change };
  const follows = next.security !== form.security && form.port === usualPort(form.security);
  return follows ? { ...next, port: usualPort(next.security) } : next;
}

const isWebhook = (kind: ChannelKind): kind is WebhookChannel['shape'] => kind !== 'mail' && kind !== 'command';

/**
 * Why it cannot be saved yet, one sentence; null: it can.
 * @param kept the channel whose secret is kept; null: none is
 */
export function missingInChannel(form: ChannelForm, kept: Channel | null): string | null {
  if (form.name.trim() === '') return 'It needs a name.';
  if (form.kind === 'command') return form.program.trim() === '' ? 'It needs a program.' : null;
  return isWebhook(form.kind) ? missingInWebhook(form, kept) : missingInMail(form, kept);
}

function missingInWebhook({ kind, url, token }: ChannelForm, kept: Channel | null): string | null {
  if (url.trim() !== '') return originOf(url.trim()) === null ? 'Its URL begins with https:// or http://.' : null;
  if (kept?.kind !== 'webhook' || kept.shape !== kind) return 'It needs its URL.';
  return token === '' ? null : 'A token goes with its URL: enter both.';
}

function missingInMail(form: ChannelForm, kept: Channel | null): string | null {
  if (form.server.trim() === '') return 'It needs a mail server.';
  if (form.from.trim() === '') return 'It needs a sender.';
  if (addresses(form.to).length === 0) return 'It needs a recipient.';
  if (form.user.trim() === '') return form.password === '' ? null : 'A password needs a user.';
  if (form.password !== '') return null;
  if (kept?.kind !== 'mail') return 'A user needs a password.';
  return isKeptFor(kept, form) ? null : 'Its password was kept for another place or user: enter it again.';
}

/** A kept password goes to the place and user that it was given for, and never in plain text where it was not before. */
function isKeptFor(old: MailChannel, { server, port, user, security }: ChannelForm): boolean {
  if (old.server !== server.trim() || old.port !== port || old.user !== user.trim()) return false;
  return old.security === 'none' || security !== 'none';
}

const addresses = (text: string): string[] => text.split(/[\s,;]+/).filter(Boolean);

export function channelOf(form: ChannelForm, old: Channel | null, taken: ReadonlySet<string>): Channel {
  const name = form.name.trim();
  const common = { id: old?.id ?? freshId(name, taken), name, categories: [...form.categories] };
  if (isWebhook(form.kind)) {
    const origin = originOf(form.url.trim()) ?? (old?.kind === 'webhook' ? old.origin : '');
    return { ...common, kind: 'webhook', shape: form.kind, origin };
  }
  if (form.kind === 'mail') {
    const { port, security } = form;
    const [server, user, from] = [form.server.trim(), form.user.trim(), form.from.trim()];
    return { ...common, kind: 'mail', server, port, security, user, from, to: addresses(form.to) };
  }
  const lines = form.arguments.split('\n').filter((line) => line !== '');
  return { ...common, kind: 'command', program: form.program.trim(), arguments: lines };
}

/** What is entered of its secret and goes to the keychain; null: nothing. */
export function secretOfForm(form: ChannelForm): { secret: string; token: string } | null {
  if (isWebhook(form.kind)) return form.url.trim() === '' ? null : { secret: form.url.trim(), token: form.token };
  return form.kind === 'mail' && form.password !== '' ? { secret: form.password, token: '' } : null;
}
