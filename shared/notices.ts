import { z } from 'zod';
import { faultSchema } from './fault.ts';
import { idSchema } from './id.ts';

/**
 * What a notice is about. `power`: the mains and the batteries; `run`: a shutdown and a return; `failure`: what went
 * wrong in one, or keeps one from beginning; `user`: how to use Glidepath; `contact`: a UPS that cannot be read, or that
 * wants something.
 */
export const noticeCategorySchema = z.enum(['power', 'run', 'failure', 'user', 'contact']);
export type NoticeCategory = z.infer<typeof noticeCategorySchema>;

const about = {
  /** When it happened, ms since the epoch. */
  at: z.number(),
  category: noticeCategorySchema,
  urgency: z.enum(['normal', 'critical']),
};

/** Longest title and body of a notice that waits, in UTF-16 units, each of which is 3 bytes of UTF-8 at most. */
export const longestTitle = 200;
export const longestBody = 900;
/**
 * Longest body of a message, in bytes of UTF-8. Slack takes 3,000 characters; ntfy 4,096 bytes before it makes a file of it.
 * @see https://docs.slack.dev/reference/block-kit/blocks/section-block/
 * @see https://docs.ntfy.sh/publish/#limitations
 */
export const longestMessage = 3000;

/** A notice that waits for a channel. */
export const keptNoticeSchema = z.strictObject({
  ...about,
  title: z.string().max(longestTitle),
  body: z.string().max(longestBody),
});
export type KeptNotice = z.infer<typeof keptNoticeSchema>;

/**
 * What one delivery hands over: a notice, or several that were folded into one. It stays as it is from the first try to
 * the last, under the same id, so that whoever receives it twice can tell.
 */
export const messageSchema = z.strictObject({
  ...about,
  id: z.uuid(),
  /** The computer on which Glidepath runs. */
  rack: z.string().max(longestTitle),
  title: z.string().max(longestTitle),
  body: z.string().max(longestMessage),
});
export type Message = z.infer<typeof messageSchema>;

/** Notices that may wait for one channel. */
export const mostWaiting = 200;

export const keptQueueSchema = z.strictObject({
  /** In the order in which they came. */
  waiting: z.array(keptNoticeSchema).max(mostWaiting),
  /** What is being delivered; null: nothing. */
  message: messageSchema.nullable(),
  /** How many were given up because too many waited, since the last message. */
  dropped: z.int().min(0),
  /** Why nothing is delivered until the channel is edited; null: it is. */
  held: faultSchema.nullable(),
});
export type KeptQueue = z.infer<typeof keptQueueSchema>;

/** What still has to be told, by channel. Texts only: no secret stands in it. */
export const noticesSchema = z.strictObject({
  format: z.literal('glidepath-notices'),
  version: z.literal(1),
  channels: z.record(idSchema, keptQueueSchema),
});
export type NoticesFile = z.infer<typeof noticesSchema>;

export const noNotices: NoticesFile = { format: 'glidepath-notices', version: 1, channels: {} };
