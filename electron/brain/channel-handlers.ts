import type { ChannelBook } from './channel-book.ts';
import type { Handlers } from './handlers.ts';

export interface ChannelHandlerDeps {
  channels: ChannelBook;
  /** @throws FaultError why a message does not get through */
  testChannel(id: string): Promise<void>;
}

type ChannelRequest = Extract<keyof Handlers, `channels.${string}`>;

const nothing = () => null;

/** The requests about the channels by which notices go out. */
export function createChannelHandlers({ channels, testChannel }: ChannelHandlerDeps): Pick<Handlers, ChannelRequest> {
  return {
    'channels.save': ({ channel }) => channels.save(channel).then(nothing),
    'channels.remove': ({ id }) => channels.remove(id).then(nothing),
    'channels.setSecret': ({ id, secret, token }) => channels.setSecret(id, secret, token).then(nothing),
    'channels.test': ({ id }) => testChannel(id).then(nothing),
  };
}
