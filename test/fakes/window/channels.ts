import type { Channel } from '../../../shared/channels.ts';
import type { ChannelsView, ChannelView } from '../../../shared/view.ts';

const quiet = { state: 'ok', waiting: 0, fault: null } as const;

export const slack: Channel = {
  kind: 'webhook',
  id: 'ops',
  name: 'Ops channel',
  shape: 'slack',
  origin: 'https://hooks.slack.com',
  categories: ['power', 'run', 'failure'],
};
export const mail: Channel = {
  kind: 'mail',
  id: 'mail',
  name: 'Mail to Ada',
  server: 'mail.example.com',
  port: 587,
  security: 'starttls',
  user: 'ups@example.com',
  from: 'ups@example.com',
  to: ['ada@example.com'],
  categories: ['run', 'failure', 'contact'],
};
export const pager: Channel = {
  kind: 'command',
  id: 'pager',
  name: 'Pager',
  program: '/usr/local/bin/page',
  arguments: ['--rack', 'cellar 1'],
  categories: ['failure'],
};
export const topic: Channel = {
  kind: 'webhook',
  id: 'topic',
  name: 'Phone',
  shape: 'ntfy',
  origin: 'http://ntfy.lan',
  categories: [],
};

/** One that is fine, one that waits, one that is held until it is edited, one that has no URL yet. */
export const channelViews: ChannelView[] = [
  { channel: slack, where: 'hooks.slack.com', hasSecret: true, state: quiet },
  {
    channel: mail,
    where: 'ada@example.com by mail.example.com',
    hasSecret: true,
    state: {
      state: 'failed',
      waiting: 3,
      fault: {
        code: 'login-refused',
        what: 'the server refused the login of ups@example.com',
        where: 'mail.example.com',
        remedy: 'Enter its user and password anew under Setup.',
      },
    },
  },
  { channel: pager, where: '/usr/local/bin/page', hasSecret: false, state: { ...quiet, state: 'waiting', waiting: 1 } },
  { channel: topic, where: 'ntfy.lan, not encrypted', hasSecret: false, state: quiet },
];

export const noChannels: ChannelsView = { channels: [], refused: null };
export const channels: ChannelsView = { channels: channelViews, refused: null };
