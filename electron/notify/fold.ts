import { type KeptNotice, longestMessage, type Message } from '../../shared/notices.ts';
import { bytesOf, oneLine, shortTimeText, timeText } from './text.ts';

/** Longest title of an earlier notice in a message. */
const longestEarlier = 120;

/** What a message says besides its notices. */
export interface Envelope {
  id: string;
  /** The computer on which Glidepath runs. */
  rack: string;
  /** Notices that were given up before it. */
  dropped: number;
  /** Whose clock the times are of; absent: this computer's. */
  zone?: string | undefined;
}

/**
 * One message of several notices of one category, in their order: the newest in full, since it is what holds, and before
 * it by title and time as many of the newest as there is room for.
 */
export function fold(notices: readonly [KeptNotice, ...KeptNotice[]], envelope: Envelope): Message {
  const { id, rack, zone } = envelope;
  const newest = notices.at(-1) ?? notices[0];
  const earlier = notices.slice(0, -1);
  const more = earlier.length === 0 ? '' : ` (and ${earlier.length} earlier)`;
  return {
    id,
    rack,
    at: newest.at,
    category: newest.category,
    urgency: notices.some(({ urgency }) => urgency === 'critical') ? 'critical' : 'normal',
    title: `${oneLine(newest.title, 200 - more.length)}${more}`,
    body: bodyOf(newest, earlier, envelope, `${timeText(newest.at, zone)}, on ${rack}`),
  };
}

function bodyOf(newest: KeptNotice, earlier: readonly KeptNotice[], { dropped, zone }: Envelope, when: string): string {
  const lost = dropped === 0 ? [] : [`${dropped} more could not be kept: too many waited to be told.`];
  const rows = [...(newest.body === '' ? [] : [newest.body]), when, ...lost];
  let room = longestMessage - bytesOf(rows.join('\n')) - 100;
  const told: string[] = [];
  for (const notice of [...earlier].reverse()) {
    const row = `${shortTimeText(notice.at, zone)}  ${oneLine(notice.title, longestEarlier)}`;
    room -= bytesOf(row) + 1;
    if (room < 0) break;
    told.unshift(row);
  }
  if (told.length === 0) return rows.join('\n');
  const left = earlier.length - told.length;
  return [...rows, '', left === 0 ? 'Before that:' : `Before that, the newest of ${earlier.length}:`, ...told].join(
    '\n',
  );
}
