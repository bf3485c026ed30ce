import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import type { Notice } from '../../electron/core/ports.ts';
import { Outbox } from '../../electron/notify/outbox.ts';
import { delivered, type Outcome } from '../../electron/notify/outcome.ts';
import { type Channel, channelSchema } from '../../shared/channels.ts';
import type { Fault } from '../../shared/fault.ts';
import { type Message, type NoticesFile, noNotices, noticesSchema } from '../../shared/notices.ts';
import { ManualClock } from '../fakes/manual-clock.ts';

const fault: Fault = { code: 'unreachable', what: 'It is dead.', where: 'Hook', remedy: 'Look.' };
const dead: Outcome = { type: 'retry', fault, after: null };

const channel = (id: string, more: Record<string, unknown> = {}): Channel =>
  channelSchema.parse({
    id,
    name: id,
    categories: ['power', 'run', 'failure', 'contact'],
    kind: 'command',
    program: '/bin/tell',
    ...more,
  });

const power = (title: string, more: Partial<Notice> = {}): Notice => ({
  category: 'power',
  urgency: 'critical',
  title,
  body: '',
  ...more,
});

interface Try {
  at: number;
  channel: string;
  message: Message;
  /** What was kept of it by then. */
  onDisk: Message | null | undefined;
}

/** An outbox whose receiver does what `says.outcome` says, with a disk in memory. */
async function outboxWith(channels: readonly Channel[], kept: NoticesFile = noNotices, clock = new ManualClock()) {
  const says = { outcome: delivered as Outcome | Promise<Outcome>, disk: (): Promise<void> => Promise.resolve() };
  const tries: Try[] = [];
  const warnings: string[] = [];
  const signals: AbortSignal[] = [];
  const disk = { file: kept, saves: 0 };
  const outbox = new Outbox({
    clock,
    rack: 'cellar',
    newId: randomUUID,
    store: {
      load: async () => disk.file,
      save: async (file) => {
        await says.disk();
        disk.saves += 1;
        disk.file = noticesSchema.parse(JSON.parse(JSON.stringify(file)));
      },
    },
    deliver: async ({ id }, message, signal) => {
      tries.push({ at: clock.monotonic(), channel: id, message, onDisk: disk.file.channels[id]?.message });
      signals.push(signal);
      return says.outcome;
    },
    warn: (line) => void warnings.push(line),
    changed: () => undefined,
  });
  await outbox.load();
  outbox.configure(channels);
  return {
    clock,
    outbox,
    says,
    tries,
    warnings,
    signals,
    disk,
    titles: () => tries.map(({ message }) => message.title),
  };
}

test('a notice goes to the channels of its category, a step to those it names, or to all', async () => {
  const { outbox, clock, tries, warnings } = await outboxWith([
    channel('a'),
    channel('b', { categories: ['failure'] }),
    channel('c', { categories: [] }),
  ]);
  const to = async (notice: Notice) => {
    tries.length = 0;
    outbox.notify(notice);
    await clock.advance(0);
    return tries.map((each) => each.channel);
  };
  expect(await to(power('x'))).toEqual(['a']);
  expect(await to(power('x', { category: 'failure' }))).toEqual(['a', 'b']);
  expect(await to(power('x', { category: 'user' }))).toEqual([]);
  expect(await to(power('x', { channels: 'all' }))).toEqual(['a', 'b', 'c']);
  expect(await to(power('x', { channels: ['c', 'gone'] }))).toEqual(['c']);
  expect(warnings).toEqual(['a step tells the channel “gone”, which there is not']);
});

test('a dead receiver is tried after 5 s, 15 s, 60 s and then every 5 min, always under one id, for a day', async () => {
  const { outbox, clock, tries, says, warnings } = await outboxWith([channel('a')]);
  says.outcome = dead;
  outbox.notify(power('Power lost'));
  await clock.advance(24 * 3_600_000 + 300_000);
  const waits = tries.slice(1).map(({ at }, n) => at - (tries[n]?.at ?? 0));
  expect(waits.slice(0, 5)).toEqual([5000, 15_000, 60_000, 300_000, 300_000]);
  expect(waits.slice(5).every((wait) => wait === 300_000)).toBe(true);
  expect(tries.at(-1)?.at).toBeLessThanOrEqual(24 * 3_600_000);
  expect(tries.at(-1)?.at).toBeGreaterThan(24 * 3_600_000 - 300_000);
  expect(new Set(tries.map(({ message }) => message.id)).size).toBe(1);
  // Once that it fails, once that it is given up; not once for each try.
  expect(warnings).toHaveLength(2);
  expect(outbox.state('a')).toEqual({ state: 'failed', waiting: 0, fault });
});

test('a receiver that says how long to wait is not asked before', async () => {
  const { outbox, clock, tries, says } = await outboxWith([channel('a')]);
  says.outcome = { ...dead, after: 64_000 };
  outbox.notify(power('x'));
  await clock.advance(63_999);
  expect(tries).toHaveLength(1);
  await clock.advance(1);
  expect(tries).toHaveLength(2);
});

test('what comes while it is dead goes out behind it, folded, when it lives again; the tries begin anew', async () => {
  const { outbox, clock, tries, says, titles } = await outboxWith([channel('a')]);
  says.outcome = dead;
  outbox.notify(power('Power lost'));
  await clock.advance(0);
  outbox.notify(power('Shutting down', { category: 'run' }));
  outbox.notify(power('Battery low'));
  outbox.notify(power('Power is back'));
  expect(outbox.state('a')).toEqual({ state: 'waiting', waiting: 4, fault });
  says.outcome = delivered;
  await clock.advance(5000);
  expect(titles()).toEqual(['Power lost', 'Power lost', 'Shutting down', 'Power is back (and 1 earlier)']);
  expect(outbox.state('a')).toEqual({ state: 'ok', waiting: 0, fault: null });
  says.outcome = dead;
  outbox.notify(power('again'));
  await clock.advance(5000);
  expect(tries).toHaveLength(6);
});

test('one that is refused is given up, and the next one is tried', async () => {
  const { outbox, clock, says, titles, warnings } = await outboxWith([channel('a')]);
  says.outcome = { type: 'give-up', fault };
  outbox.notify(power('x'));
  await clock.advance(3_600_000);
  expect(titles()).toEqual(['x']);
  expect(outbox.state('a')).toEqual({ state: 'failed', waiting: 0, fault });
  expect(warnings).toEqual(['channel “a”: a notice was not told: It is dead.']);
  says.outcome = delivered;
  outbox.notify(power('y'));
  await clock.advance(0);
  expect(titles()).toEqual(['x', 'y']);
  expect(outbox.state('a').state).toBe('ok');
});

test('a login that is refused is tried once, over restarts too, until the channel is edited', async () => {
  const first = await outboxWith([channel('a')]);
  first.says.outcome = { type: 'hold', fault };
  first.outbox.notify(power('x'));
  await first.clock.advance(0);
  first.outbox.notify(power('y'));
  await first.clock.advance(7 * 3_600_000);
  expect(first.titles()).toEqual(['x']);
  await first.outbox.stop();

  const again = await outboxWith([channel('a')], first.disk.file);
  again.outbox.notify(power('z'));
  await again.clock.advance(3_600_000);
  expect(again.tries).toEqual([]);
  expect(again.outbox.state('a')).toEqual({ state: 'failed', waiting: 3, fault });
  again.outbox.configure([channel('a', { name: 'edited' })]);
  await again.clock.advance(0);
  expect(again.titles()).toEqual(['x', 'z (and 1 earlier)']);

  const other = await outboxWith([channel('a')], first.disk.file);
  other.outbox.secretChanged('a');
  await other.clock.advance(0);
  expect(other.titles()).toEqual(['x', 'y']);

  const tested = await outboxWith([channel('a')], first.disk.file);
  await tested.outbox.test('a');
  await tested.clock.advance(0);
  expect(tested.titles()).toEqual(['Test of this channel', 'x', 'y']);
});

test('a test tells why it does not get through, and touches nothing that waits', async () => {
  const { outbox, clock, says, tries } = await outboxWith([channel('a')]);
  says.outcome = { type: 'give-up', fault };
  await expect(outbox.test('a')).rejects.toMatchObject({ fault });
  await expect(outbox.test('gone')).rejects.toMatchObject({ fault: { code: 'reference-missing' } });
  await clock.advance(0);
  expect(tries).toHaveLength(1);
  expect(outbox.state('a')).toEqual({ state: 'ok', waiting: 0, fault: null });
});

test('an edited channel ends its try and begins anew; what is said of the old try does not count', async () => {
  const { outbox, clock, says, tries, signals } = await outboxWith([channel('a')]);
  let end: (outcome: Outcome) => void = () => undefined;
  says.outcome = new Promise<Outcome>((resolve) => {
    end = resolve;
  });
  outbox.notify(power('x'));
  await clock.advance(0);
  says.outcome = dead;
  outbox.configure([channel('a', { program: '/bin/other' })]);
  await clock.advance(0);
  expect(signals.map(({ aborted }) => aborted)).toEqual([true, false]);
  end({ type: 'hold', fault });
  await clock.advance(0);
  expect(outbox.state('a')).toMatchObject({ state: 'waiting', waiting: 1 });
  expect(new Set(tries.map(({ message }) => message.id)).size).toBe(1);
});

test('a channel that is removed is forgotten with what it had to tell', async () => {
  const { outbox, clock, says, tries, disk } = await outboxWith([channel('a'), channel('b')]);
  says.outcome = dead;
  outbox.notify(power('x'));
  await clock.advance(0);
  outbox.configure([channel('b')]);
  await clock.advance(5000);
  expect(tries.map((each) => each.channel)).toEqual(['a', 'b', 'b']);
  expect(Object.keys(disk.file.channels)).toEqual(['b']);
  outbox.configure([channel('a'), channel('b')]);
  await clock.advance(0);
  expect(outbox.state('a')).toEqual({ state: 'ok', waiting: 0, fault: null });
});

test('telling it never waits: not for a receiver that hangs, not for a disk that does', async () => {
  const { outbox, clock, says, tries } = await outboxWith([channel('a')]);
  await clock.advance(0);
  says.outcome = new Promise<Outcome>(() => undefined);
  says.disk = () => new Promise(() => undefined);
  for (let n = 0; n < 1000; n += 1) expect(outbox.notify(power(`${n}`))).toBeUndefined();
  // Not a turn of the loop has gone by: nothing was tried, and all of it is taken in.
  expect(tries).toEqual([]);
  expect(outbox.state('a').waiting).toBe(201);
  // A disk that hangs holds a message up by a second, no longer.
  await clock.advance(999);
  expect(tries).toEqual([]);
  await clock.advance(1);
  expect(tries).toHaveLength(1);
});

test('what is delivered is on disk before it goes out, and no longer when it has', async () => {
  const { outbox, clock, tries, disk } = await outboxWith([channel('a')]);
  outbox.notify(power('x'));
  await clock.advance(0);
  expect(tries).toHaveLength(1);
  expect(tries[0]?.onDisk).toEqual(tries[0]?.message);
  expect(disk.file.channels.a).toEqual({ waiting: [], message: null, dropped: 0, held: null });
});

test('1,000 notices to a dead receiver: 200 wait, a few writes, a few messages, and nobody is told 1,000 times', async () => {
  const { outbox, clock, says, tries, warnings, disk } = await outboxWith([channel('a')]);
  says.outcome = dead;
  const categories = ['power', 'run', 'failure', 'contact'] as const;
  for (let n = 0; n < 1000; n += 1) {
    const urgency = n % 10 === 0 ? 'critical' : 'normal';
    outbox.notify(power(`notice ${n}`, { category: categories[n % 4] ?? 'power', urgency, body: 'x'.repeat(2000) }));
    if (n % 100 === 99) await clock.advance(0);
  }
  // 200, and the one that is being delivered.
  expect(outbox.state('a').waiting).toBe(201);
  expect(disk.saves).toBeLessThan(40);
  expect(JSON.stringify(disk.file).length).toBeLessThan(300_000);
  expect(warnings.filter((line) => line.includes('given up'))).toHaveLength(1);
  const before = tries.length;
  says.outcome = delivered;
  await clock.advance(300_000);
  const told = tries.slice(before).map(({ message }) => message);
  expect(told).toHaveLength(5);
  expect(told[0]?.title).toBe('notice 0');
  expect(
    told
      .slice(1)
      .map(({ category }) => category)
      .sort(),
  ).toEqual(['contact', 'failure', 'power', 'run']);
  // All 100 critical ones are among the 200.
  expect(told[1]?.body).toContain('799 more could not be kept');
  expect(told.at(-1)?.title).toMatch(/^notice 99\d \(and \d+ earlier\)$/);
  expect(outbox.state('a')).toEqual({ state: 'ok', waiting: 0, fault: null });
});

test('a disk that refuses costs the memory over a restart, and nothing else', async () => {
  const { outbox, clock, says, titles, warnings } = await outboxWith([channel('a')]);
  says.disk = () => Promise.reject(new Error('no space left'));
  outbox.notify(power('x'));
  await clock.advance(0);
  expect(titles()).toEqual(['x']);
  expect(warnings.every((line) => line.includes('no space left'))).toBe(true);
  await outbox.stop();
});

test('after the end nothing more is sent, and what waits is kept', async () => {
  const { outbox, clock, says, tries, disk } = await outboxWith([channel('a')]);
  says.outcome = dead;
  outbox.notify(power('x'));
  await clock.advance(0);
  outbox.notify(power('y', { category: 'run' }));
  await outbox.stop();
  await clock.advance(3_600_000);
  expect(tries).toHaveLength(1);
  expect(clock.pending).toBe(0);
  expect(disk.file.channels.a).toMatchObject({ message: { title: 'x' }, waiting: [{ title: 'y' }] });
});
