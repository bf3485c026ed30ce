import { randomUUID } from 'node:crypto';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Notice } from '../../electron/core/ports.ts';
import { deliver } from '../../electron/notify/deliver.ts';
import { NameLookup } from '../../electron/notify/lookup.ts';
import { Outbox } from '../../electron/notify/outbox.ts';
import { noticeStore } from '../../electron/storage/notices-file.ts';
import type { Channel } from '../../shared/channels.ts';
import { type Answer, HttpReceiver } from '../fakes/http-receiver.ts';
import { keptLog } from '../fakes/kept-log.ts';
import { ManualClock } from '../fakes/manual-clock.ts';
import { freePort } from '../fakes/server-process.ts';
import { temporaryFolder } from '../fakes/temp-folder.ts';
import { keptUrl, secretPath, secretToken, webhook } from './notify-kit.ts';

const notice = (title: string, category: Notice['category'] = 'power'): Notice => ({
  category,
  urgency: 'critical',
  title,
  body: '',
});

/** One life of the outbox, on a real disk and with a real receiver. */
async function life(folder: string, channel: Channel, url: string, clock = new ManualClock()) {
  const log = keptLog();
  let woken: (() => void)[] = [];
  const outbox = new Outbox({
    clock,
    rack: 'cellar',
    newId: randomUUID,
    store: noticeStore(folder, log),
    deliver: (...delivery) =>
      deliver(
        { clock, lookup: new NameLookup().function, roots: null, secret: async () => keptUrl(url, secretToken) },
        ...delivery,
      ),
    warn: log.warn,
    changed: () => {
      const all = woken;
      woken = [];
      for (const wake of all) wake();
    },
  });
  await outbox.load();
  outbox.configure([channel]);
  /** Resolves when the channel stands so: it is told of every change. */
  const until = async (is: (state: ReturnType<Outbox['state']>) => boolean) => {
    while (!is(outbox.state(channel.id))) await new Promise<void>((resolve) => woken.push(resolve));
  };
  return { outbox, clock, log, until };
}

const titles = (receiver: HttpReceiver) => receiver.received.map(({ json }) => (json as { title: string }).title);
const ids = (receiver: HttpReceiver) => receiver.received.map(({ json }) => (json as { id: string }).id);

test('what could not be told before the end is told after it, in order, nothing twice and nothing left out', async () => {
  const folder = await temporaryFolder();
  const port = await freePort();
  const url = `http://127.0.0.1:${port}/${secretPath}`;
  const channel = webhook('json', url);

  const first = await life(folder, channel, url);
  first.outbox.notify(notice('Power lost'));
  await first.until(({ fault }) => fault?.code === 'unreachable');
  first.outbox.notify(notice('Shutting down', 'run'));
  first.outbox.notify(notice('Battery low'));
  await first.outbox.stop();

  const receiver = await HttpReceiver.start(null, port);
  const second = await life(folder, channel, url);
  await second.until(({ state }) => state === 'ok');
  expect(titles(receiver)).toEqual(['Power lost', 'Shutting down', 'Battery low']);
  await second.outbox.stop();

  const third = await life(folder, channel, url);
  await third.until(({ state }) => state === 'ok');
  await third.outbox.stop();
  expect(receiver.received).toHaveLength(3);

  const files = await Promise.all((await readdir(folder)).map((name) => readFile(join(folder, name), 'utf8')));
  expect([...files, ...first.log.lines, ...second.log.lines].join('\n')).not.toMatch(/verysecret/);
});

test('one whose answer was lost comes again under its id, also after a restart: whoever got it can tell', async () => {
  const folder = await temporaryFolder();
  const receiver = await HttpReceiver.start();
  const url = `${receiver.origin}/in`;
  const answers: Answer[] = ['drop', 'hang', 204];
  receiver.answer = (n) => answers[n - 1] ?? 500;
  const channel = webhook('json', url);
  const first = await life(folder, channel, url);
  first.outbox.notify(notice('Power lost'));
  await first.until(({ fault }) => fault !== null);
  await first.clock.advance(5000);
  await receiver.arrived(2);
  // While it waits for the answer.
  first.outbox.notify(notice('Power is back'));
  await first.outbox.stop();
  const second = await life(folder, channel, url);
  await receiver.arrived(3);
  receiver.answer = () => 204;
  await second.until(({ state }) => state === 'ok');
  expect(titles(receiver)).toEqual(['Power lost', 'Power lost', 'Power lost', 'Power is back']);
  expect(new Set(ids(receiver).slice(0, 3)).size).toBe(1);
  expect(new Set(ids(receiver)).size).toBe(2);
  await second.outbox.stop();
});

test('429 with Retry-After is obeyed by a real answer', async () => {
  const receiver = await HttpReceiver.start();
  receiver.answer = (n) => (n === 1 ? { status: 429, headers: { 'retry-after': '64' } } : 204);
  const url = `${receiver.origin}/in`;
  const { outbox, clock, until } = await life(await temporaryFolder(), webhook('json', url), url);
  outbox.notify(notice('x'));
  await until(({ fault }) => fault !== null);
  await clock.advance(63_999);
  expect(receiver.received).toHaveLength(1);
  await clock.advance(1);
  await until(({ state }) => state === 'ok');
  expect(receiver.received).toHaveLength(2);
  await outbox.stop();
});

test('a file of notices that is broken is kept as it is, and keeps nobody from being told', async () => {
  const folder = await temporaryFolder();
  const path = join(folder, 'notices.json');
  await writeFile(path, '{ "format": ');
  const receiver = await HttpReceiver.start();
  const url = `${receiver.origin}/in`;
  const { outbox, log, until } = await life(folder, webhook('json', url), url);
  expect(log.lines).toEqual([expect.stringContaining('notices.json, line 1')]);
  outbox.notify(notice('x'));
  await receiver.arrived(1);
  await until(({ state }) => state === 'ok');
  await outbox.stop();
  expect(await readFile(path, 'utf8')).toBe('{ "format": ');
});
