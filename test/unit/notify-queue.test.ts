import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { fold } from '../../electron/notify/fold.ts';
import { NoticeQueue } from '../../electron/notify/queue.ts';
import { bytesOf, cut, lines, oneLine, timeText } from '../../electron/notify/text.ts';
import {
  type KeptNotice,
  keptQueueSchema,
  longestBody,
  longestMessage,
  longestTitle,
  messageSchema,
  mostWaiting,
} from '../../shared/notices.ts';
import { ManualClock } from '../fakes/manual-clock.ts';

const at = Date.UTC(2026, 10, 22, 2, 12, 45);
const envelope = { id: randomUUID(), rack: 'cellar', dropped: 0, zone: 'Europe/Berlin' };

const notice = (title: string, more: Partial<KeptNotice> = {}): KeptNotice => ({
  at,
  category: 'power',
  urgency: 'normal',
  title,
  body: `${title}, in full.`,
  ...more,
});

function queueOn(clock = new ManualClock(at)) {
  return { clock, queue: new NoticeQueue(null, { clock, rack: 'cellar', newId: randomUUID }) };
}

test('one notice says what happened, when with its zone, and where', () => {
  const message = fold([notice('Power lost', { urgency: 'critical' })], envelope);
  expect(message).toEqual({
    id: envelope.id,
    rack: 'cellar',
    at,
    category: 'power',
    urgency: 'critical',
    title: 'Power lost',
    body: 'Power lost, in full.\nSun, 22 Nov 2026, 03:12:45 GMT+01:00, on cellar',
  });
});

test('several are one, the newest in full and the earlier ones with their times', () => {
  const message = fold(
    [
      notice('Power lost', { urgency: 'critical' }),
      notice('Power is back', { at: at + 60_000 }),
      notice('Power lost', { at: at + 90_000 }),
    ],
    { ...envelope, dropped: 7 },
  );
  expect(message).toMatchObject({ at: at + 90_000, urgency: 'critical', title: 'Power lost (and 2 earlier)' });
  expect(message.body.split('\n')).toEqual([
    'Power lost, in full.',
    'Sun, 22 Nov 2026, 03:14:15 GMT+01:00, on cellar',
    '7 more could not be kept: too many waited to be told.',
    '',
    'Before that:',
    '22 Nov, 03:12:45  Power lost',
    '22 Nov, 03:13:45  Power is back',
  ]);
});

test('however many and however long, a message has its limit and tells the newest', () => {
  const wide = '漢'.repeat(longestTitle);
  const many = Array.from({ length: mostWaiting }, (_, n) => notice(`${n} ${wide}`.slice(0, longestTitle)));
  const newest = notice('x'.repeat(longestTitle), { body: '漢'.repeat(longestBody) });
  const message = messageSchema.parse(fold([notice('first'), ...many, newest], envelope));
  expect(bytesOf(message.body)).toBeLessThanOrEqual(longestMessage);
  expect(message.body).toContain(newest.body);
  const short = messageSchema.parse(fold([notice('first'), ...many, notice('last')], envelope));
  expect(bytesOf(short.body)).toBeLessThanOrEqual(longestMessage);
  expect(short.body).toContain(`the newest of ${mostWaiting + 1}:`);
  expect(short.body.split('\n').at(-1)).toContain(`${mostWaiting - 1} 漢`);
  expect(short.body).not.toContain('first');
});

test('what waits goes out by category, each in its order, and does not change while it is delivered', () => {
  const { queue } = queueOn();
  for (const [title, category] of [
    ['a', 'power'],
    ['b', 'run'],
    ['c', 'power'],
  ] as const)
    queue.add(notice(title, { category }));
  const first = queue.next();
  expect(first).toMatchObject({ category: 'power', title: 'c (and 1 earlier)' });
  queue.add(notice('d'));
  expect(queue.next()).toBe(first);
  expect(queue.size).toBe(3);
  queue.done();
  expect(queue.next()).toMatchObject({ category: 'run', title: 'b' });
  queue.done();
  const last = queue.next();
  expect(last).toMatchObject({ category: 'power', title: 'd' });
  expect(last?.id).not.toBe(first?.id);
  queue.done();
  expect([queue.next(), queue.size]).toEqual([null, 0]);
});

test('at most 200 wait: the oldest that are not critical go first, then the oldest, and it is said', () => {
  const { queue } = queueOn();
  queue.add(notice('critical 1', { urgency: 'critical' }));
  for (let n = 1; n <= mostWaiting; n += 1) queue.add(notice(`normal ${n}`));
  const titles = () => queue.kept().waiting.map(({ title }) => title);
  expect(titles()).toHaveLength(mostWaiting);
  expect(titles().slice(0, 2)).toEqual(['critical 1', 'normal 2']);
  for (let n = 2; n <= mostWaiting + 1; n += 1) queue.add(notice(`critical ${n}`, { urgency: 'critical' }));
  expect(titles()).toEqual(Array.from({ length: mostWaiting }, (_, n) => `critical ${n + 2}`));
  // One that is not critical is itself the oldest of its kind.
  expect(queue.add(notice('too late'))).toBe(1);
  expect(titles()).not.toContain('too late');
  expect(queue.next()?.body).toContain(`${mostWaiting + 2} more could not be kept`);
  expect(queue.kept().dropped).toBe(0);
});

test('after a day it is no news, by a clock that no correction moves', async () => {
  const { clock, queue } = queueOn();
  queue.add(notice('old'));
  // The computer's clock was a year behind until it was set from outside.
  clock.jump(365 * 24 * 3_600_000);
  expect(queue.expire()).toBe(0);
  queue.next();
  await clock.advance(12 * 3_600_000);
  queue.add(notice('newer', { category: 'run' }));
  await clock.advance(12 * 3_600_000);
  expect(queue.expire()).toBe(0);
  await clock.advance(1);
  expect(queue.expire()).toBe(1);
  expect(queue.next()).toMatchObject({ title: 'newer' });
});

test('what is kept is taken up as it was, with its age and its id', async () => {
  const { clock, queue } = queueOn();
  queue.add(notice('a'));
  const message = queue.next();
  queue.add(notice('b', { at: at + 3_600_000 }));
  const kept = keptQueueSchema.parse({ ...queue.kept(), held: null });
  const later = new ManualClock(at + 24 * 3_600_000);
  const again = new NoticeQueue(kept, { clock: later, rack: 'cellar', newId: randomUUID });
  expect(again.next()).toEqual(message);
  await later.advance(1);
  expect(again.expire()).toBe(1);
  expect(again.next()).toMatchObject({ title: 'b' });
  expect(clock.pending).toBe(0);
});

test('texts are cut between characters and lose what controls a terminal', () => {
  expect(cut('ab😀', 4)).toBe('ab😀');
  expect(cut('ab😀c', 4)).toBe('ab…');
  expect(oneLine(' a\u0000\r\nb\u001b[31m ', 50)).toBe('a b [31m');
  expect(lines('a\r\n\u0007b\nc', 50)).toBe('a \n b\nc');
  // Which of the two depends on the version of ICU.
  expect(timeText(at, 'UTC')).toMatch(/^Sun, 22 Nov 2026, 02:12:45 GMT(\+00:00)?$/);
  expect(timeText(at, 'Asia/Kolkata')).toBe('Sun, 22 Nov 2026, 07:42:45 GMT+05:30');
});
