import { describe, expect, it } from 'vitest';
import {
  type ChannelForm,
  changeChannel,
  channelOf,
  formOfChannel,
  missingInChannel,
  secretOfForm,
} from '../../renderer/channels/channel-form.ts';
import { categories, secretNoun, stateWords, tellsWords } from '../../renderer/channels/channel-words.ts';
import { channelSchema } from '../../shared/channels.ts';
import { noticeCategorySchema } from '../../shared/notices.ts';
import { mail, pager, slack, topic } from '../fakes/window/channels.ts';

const none: ReadonlySet<string> = new Set();
const fill = (change: Partial<ChannelForm>): ChannelForm => ({ ...formOfChannel(null), name: 'New', ...change });

describe('the form of a channel', () => {
  it.each([slack, mail, pager, topic])('gives back $name as it was, with nothing to keep anew', (channel) => {
    const form = formOfChannel(channel);
    expect(channelSchema.parse(channelOf(form, channel, none))).toEqual(channel);
    expect(secretOfForm(form)).toBeNull();
    expect(missingInChannel(form, channel)).toBeNull();
  });

  it('makes what the schema takes, and puts of a URL only its place into the file', () => {
    const url = 'https://hooks.slack.com/services/T0/B0/secret';
    const form = fill({ url: ` ${url} ` });
    const channel = channelOf(form, null, new Set(['new']));
    expect(channelSchema.parse(channel)).toMatchObject({
      id: 'new-2',
      kind: 'webhook',
      origin: 'https://hooks.slack.com',
    });
    expect(JSON.stringify(channel)).not.toContain('secret');
    expect(secretOfForm(form)).toEqual({ secret: url, token: '' });
    const program = fill({ kind: 'command', program: '/bin/tell', arguments: '--to\nAda L\n' });
    expect(channelSchema.parse(channelOf(program, null, none))).toMatchObject({ arguments: ['--to', 'Ada L'] });
  });

  it('lets the port follow the encryption until it was typed', () => {
    expect(changeChannel(fill({}), { security: 'tls' }).port).toBe(465);
    expect(changeChannel(fill({ port: 2525 }), { security: 'none' }).port).toBe(2525);
  });

  it('says what a webhook lacks', () => {
    expect(missingInChannel(fill({ name: ' ' }), null)).toBe('It needs a name.');
    expect(missingInChannel(fill({}), null)).toBe('It needs its URL.');
    expect(missingInChannel(fill({ url: 'ftp://x' }), null)).toBe('Its URL begins with https:// or http://.');
    const kept = formOfChannel(slack);
    expect(missingInChannel({ ...kept, token: 'x' }, slack)).toBe('A token goes with its URL: enter both.');
    // What was given to Slack is not posted to Discord.
    expect(missingInChannel({ ...kept, kind: 'discord' }, slack)).toBe('It needs its URL.');
  });

  it('says what a mail lacks, and asks for the password again where the old one must not go', () => {
    const lacks = (change: Partial<ChannelForm>, kept = true) =>
      missingInChannel({ ...formOfChannel(mail), ...change }, kept ? mail : null);
    expect(lacks({ server: '' })).toBe('It needs a mail server.');
    expect(lacks({ from: '' })).toBe('It needs a sender.');
    expect(lacks({ to: ' , ' })).toBe('It needs a recipient.');
    expect(lacks({}, false)).toBe('A user needs a password.');
    expect(lacks({ user: '', password: 'x' })).toBe('A password needs a user.');
    const again = 'Its password was kept for another place or user: enter it again.';
    for (const change of [{ server: 'other' }, { port: 25 }, { user: 'eve' }, { security: 'none' as const }]) {
      expect(lacks(change), JSON.stringify(change)).toBe(again);
    }
    expect(lacks({ server: 'other', password: 'x' })).toBeNull();
    expect(lacks({ security: 'tls' })).toBeNull();
    expect(lacks({ user: '' }, false)).toBeNull();
  });
});

describe('the words of a channel', () => {
  it('name every category once', () => {
    expect(categories.map(({ value }) => value).sort()).toEqual([...noticeCategorySchema.options].sort());
    expect(tellsWords(noticeCategorySchema.options)).toBe('tells everything');
    expect(tellsWords(['power', 'failure'])).toBe('tells of failures and power');
    expect(tellsWords(['contact', 'user', 'run'])).toBe('tells of runs, UPSes and its use');
    expect(tellsWords([])).toBe('tells only what a step of the plan says');
  });

  it('tell a channel that is held from one that lost a message', () => {
    const words = (state: 'ok' | 'waiting' | 'failed', waiting: number) =>
      stateWords({ state, waiting, fault: null }).words;
    expect(words('failed', 3)).toBe('does not tell, 3 messages wait');
    expect(words('failed', 0)).toBe('did not tell the last one');
    expect(words('waiting', 1)).toBe('1 message waits');
    expect([slack, mail, { ...mail, user: '' }, pager].map(secretNoun)).toEqual(['URL', 'password', null, null]);
  });
});
