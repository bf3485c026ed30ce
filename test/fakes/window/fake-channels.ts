import { type Answer, type RequestName, requestSchemas } from '../../../shared/ipc.ts';
import type { ChannelsView } from '../../../shared/view.ts';

/** What is asked of channels, for the fake bridge; null: it is about something else. */
export function answerChannels(
  name: RequestName,
  input: unknown,
  view: ChannelsView,
  change: (channels: ChannelsView) => void,
): Answer<RequestName> | null {
  const done: Answer<RequestName> = { ok: true, value: null };
  switch (name) {
    case 'channels.save': {
      const { channel } = requestSchemas['channels.save'].parse(input);
      const old = view.channels.find((each) => each.channel.id === channel.id);
      const where = channel.kind === 'webhook' ? new URL(channel.origin).host : channel.name;
      const fresh = { where, hasSecret: false, state: { state: 'ok', waiting: 0, fault: null } } as const;
      const next = { ...(old ?? fresh), channel };
      change({
        ...view,
        channels: old ? view.channels.map((each) => (each === old ? next : each)) : [...view.channels, next],
      });
      return done;
    }
    case 'channels.remove': {
      const { id } = requestSchemas['channels.remove'].parse(input);
      change({ ...view, channels: view.channels.filter((each) => each.channel.id !== id) });
      return done;
    }
    case 'channels.setSecret': {
      const { id } = requestSchemas['channels.setSecret'].parse(input);
      change({
        ...view,
        channels: view.channels.map((each) => (each.channel.id === id ? { ...each, hasSecret: true } : each)),
      });
      return done;
    }
    case 'channels.test':
      return done;
    default:
      return null;
  }
}
