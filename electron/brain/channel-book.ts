import {
  type Channel,
  type ChannelsFile,
  channelsSchema,
  emptyChannels,
  mostChannels,
  originOf,
} from '../../shared/channels.ts';
import { FaultError } from '../../shared/fault.ts';
import type { ChannelState, ChannelsView, RefusedFile } from '../../shared/view.ts';
import type { ChannelSecret } from '../core/ports.ts';
import { isPostable } from '../notify/payload.ts';
import { channelsFile } from '../storage/channels-file.ts';
import type { Secrets } from '../storage/secrets.ts';
import { Turns } from './turns.ts';
import { attempt } from './user-files.ts';

export interface ChannelBookDeps {
  dataFolder: string;
  secrets: Pick<Secrets, 'channelIds' | 'setChannelSecret' | 'removeChannelSecret'>;
  /** How telling by each channel goes. */
  state(id: string): ChannelState;
  /** Another secret is kept for this channel. */
  secretChanged(id: string): void;
  /** The file was read, and holds these. Not called while it is refused: nobody's notices are forgotten over a typo. */
  read(channels: readonly Channel[]): void;
  /** The file or the secrets are others than before, or were read again. */
  changed(): void;
}

/** The channels by which notices go out, as the file holds them. Whatever changes it takes its turn. */
export class ChannelBook {
  readonly #deps: ChannelBookDeps;
  readonly #file: ReturnType<typeof channelsFile>;
  readonly #turns = new Turns();
  #contents: ChannelsFile = emptyChannels;
  #secretIds: ReadonlySet<string> = new Set();
  #refused: RefusedFile | null = null;

  constructor(deps: ChannelBookDeps) {
    this.#deps = deps;
    this.#file = channelsFile(deps.dataFolder);
  }

  /** Reads the file, at the start and whenever it was changed from outside. */
  load(): Promise<void> {
    return this.#turns.take(() => this.#load());
  }

  get channels(): readonly Channel[] {
    return this.#contents.channels;
  }

  view(): ChannelsView {
    return {
      channels: this.channels.map((channel) => ({
        channel,
        where: whereText(channel),
        hasSecret: this.#secretIds.has(channel.id),
        state: this.#deps.state(channel.id),
      })),
      refused: this.#refused,
    };
  }

  /** Adds or replaces it; forgets its secret when that was meant for another place. @throws FaultError `refused` */
  save(channel: Channel): Promise<void> {
    return this.#turns.take(async () => {
      const old = this.channels.find(({ id }) => id === channel.id);
      // First, so that a secret never stands beside a channel that it was not given for.
      if (this.#secretIds.has(channel.id) && (!old || goesElsewhere(old, channel)))
        await this.#deps.secrets.removeChannelSecret(channel.id);
      await this.#change((channels) => {
        const at = channels.findIndex(({ id }) => id === channel.id);
        if (at >= 0) return channels.with(at, channel);
        if (channels.length < mostChannels) return [...channels, channel];
        const what = `There are ${mostChannels} of them, and no more are taken.`;
        throw refused('channels', what, 'Remove one first.');
      });
    });
  }

  /** Forgets its secret, and what it still had to tell, too. @throws FaultError `reference-missing` */
  remove(id: string): Promise<void> {
    return this.#turns.take(async () => {
      this.#require(id);
      await this.#deps.secrets.removeChannelSecret(id);
      await this.#change((channels) => channels.filter((each) => each.id !== id));
    });
  }

  /**
   * `secret`: a webhook's URL or a mail server's password; `token`: what goes with a URL, empty for none.
   * @throws FaultError `reference-missing`, `refused` for a channel that takes none or goes elsewhere, and when the
   * keychain refuses
   */
  setSecret(id: string, secret: string, token: string): Promise<void> {
    return this.#turns.take(async () => {
      const channel = this.#require(id);
      await this.#deps.secrets.setChannelSecret(channel, secretOf(channel, secret, token));
      await this.#load();
      this.#deps.secretChanged(id);
    });
  }

  async #change(change: (channels: Channel[]) => Channel[]): Promise<void> {
    await this.#file.update((old) => channelsSchema.parse({ ...emptyChannels, channels: change(old?.channels ?? []) }));
    await this.#load();
  }

  async #load(): Promise<void> {
    const { value, refused: file } = await attempt(this.#file.path, () => this.#file.read());
    const ids = await attempt('secrets.json', () => this.#deps.secrets.channelIds());
    // While the file is refused, what was read from it last stands in its place.
    if (!file) this.#contents = value ?? emptyChannels;
    this.#secretIds = ids.value ?? this.#secretIds;
    this.#refused = file ?? ids.refused;
    if (!file) this.#deps.read(this.channels);
    this.#deps.changed();
  }

  #require(id: string): Channel {
    const channel = this.channels.find((each) => each.id === id);
    if (channel) return channel;
    throw new FaultError({
      code: 'reference-missing',
      what: 'There is no such channel.',
      where: id,
      remedy: 'Look at the channels as they are now.',
    });
  }
}

/** Where it goes, for people. */
function whereText(channel: Channel): string {
  if (channel.kind === 'command') return channel.program;
  if (channel.kind === 'mail') {
    const clear = channel.security === 'none' ? ', not encrypted' : '';
    return `${channel.to.join(', ')} by ${channel.server}${clear}`;
  }
  const { protocol, host } = new URL(channel.origin);
  return protocol === 'http:' ? `${host}, not encrypted` : host;
}

/** What is kept for the old one must not go where the new one goes. */
function goesElsewhere(old: Channel, channel: Channel): boolean {
  if (old.kind === 'webhook' && channel.kind === 'webhook')
    return old.origin !== channel.origin || old.shape !== channel.shape;
  if (old.kind !== 'mail' || channel.kind !== 'mail') return true;
  const isSame = old.server === channel.server && old.port === channel.port && old.user === channel.user;
  return !isSame || (old.security !== 'none' && channel.security === 'none');
}

/** @throws FaultError `refused` */
function secretOf(channel: Channel, secret: string, token: string): ChannelSecret {
  if (channel.kind === 'webhook') {
    if (originOf(secret) !== channel.origin)
      throw refused(channel.name, `The URL does not begin with ${channel.origin}.`, 'Enter the URL of this channel.');
    if (!isPostable(channel.shape, new URL(secret)))
      throw refused(channel.name, 'The URL names no topic.', 'Enter it with its topic, as https://ntfy.sh/my-topic.');
    return { kind: 'webhook', url: secret, token };
  }
  if (channel.kind === 'mail' && channel.user !== '') return { kind: 'mail', password: secret };
  throw refused(channel.name, 'It is used without a login.', 'Enter its user first, and save it.');
}

function refused(where: string, what: string, remedy: string): FaultError {
  return new FaultError({ code: 'refused', what, where, remedy });
}
