import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Address } from '../../electron/core/ports.ts';
import { AddressBook } from '../../electron/storage/addresses.ts';
import { ManualClock } from '../fakes/manual-clock.ts';
import { temporaryFolder } from '../fakes/temp-folder.ts';

const v4 = (address: string): Address => ({ address, family: 4 });

/** A book on a resolver that says what `answers` holds, as soon as it is let. */
async function room(folder?: string) {
  const dataFolder = folder ?? (await temporaryFolder());
  const clock = new ManualClock();
  const answers = new Map<string, Address[]>();
  const state = { hangs: false, onMains: true, wanted: ['nas.lan', 'web.lan', '10.0.0.9'], asked: [] as string[] };
  const hanging: (() => void)[] = [];
  const warned: string[] = [];
  const book = new AddressBook({
    dataFolder,
    clock,
    log: { warn: (line) => void warned.push(line) },
    resolve: async (name) => {
      state.asked.push(name);
      if (state.hangs) await new Promise<void>((resolve) => hanging.push(resolve));
      return answers.get(name) ?? [];
    },
    wanted: () => state.wanted,
    onMains: () => state.onMains,
  });
  const file = () => JSON.parse(readFileSync(join(dataFolder, 'addresses.json'), 'utf8'));
  /** Files take real time: the clock stands still meanwhile. */
  const until = (there: () => boolean) => expect.poll(there).toBe(true);
  return { dataFolder, clock, answers, state, hanging, warned, book, file, until };
}

/** A book that has resolved its names on mains. */
async function filled() {
  const made = await room();
  made.answers.set('nas.lan', [v4('10.0.0.1')]).set('web.lan', [v4('10.0.0.2'), { address: 'fd00::2', family: 6 }]);
  made.book.start();
  await made.clock.advance(1000);
  await made.until(() => made.clock.pending === 1);
  return made;
}

describe('addresses of hosts', () => {
  test('are resolved at the start and kept in a file, IP addresses not', async () => {
    const { file, state } = await filled();
    expect(state.asked).toEqual(['nas.lan', 'web.lan']);
    expect(file()).toEqual({
      format: 'glidepath-addresses',
      version: 1,
      names: { 'nas.lan': [v4('10.0.0.1')], 'web.lan': [v4('10.0.0.2'), { address: 'fd00::2', family: 6 }] },
    });
  });

  test('are resolved anew every 10 min, new ones within 10 s; what is not wanted any more is forgotten', async () => {
    const { clock, state, answers, file, until } = await filled();
    answers.set('nas.lan', [v4('10.0.0.7')]).set('new.lan', [v4('10.0.0.3')]);
    state.wanted = ['nas.lan', 'new.lan'];
    await clock.advance(10_000);
    await until(() => clock.pending === 1);
    expect(state.asked.slice(2)).toEqual(['new.lan']);
    for (let time = 0; time < 59; time += 1) {
      await clock.advance(10_000);
      await until(() => clock.pending === 1);
    }
    expect(state.asked.slice(3)).toEqual(['nas.lan', 'new.lan']);
    expect(file().names).toEqual({ 'nas.lan': [v4('10.0.0.7')], 'new.lan': [v4('10.0.0.3')] });
  });

  test('are not resolved in an outage, and what is said then is used and not kept', async () => {
    const { book, clock, state, answers, file, until } = await filled();
    state.onMains = false;
    answers.set('nas.lan', [v4('192.168.1.1')]);
    await clock.advance(700_000);
    await until(() => clock.pending === 1);
    expect(state.asked).toHaveLength(2);
    expect(await book.of('nas.lan')).toEqual([v4('192.168.1.1')]);
    expect(file().names['nas.lan']).toEqual([v4('10.0.0.1')]);
  });

  test('are those that were kept when the resolver knows nothing, also in another process', async () => {
    const { dataFolder } = await filled();
    const next = await room(dataFolder);
    expect(await next.book.of('nas.lan')).toEqual([v4('10.0.0.1')]);
    expect(await next.book.of('other.lan')).toEqual([]);
    expect(await next.book.of('10.0.0.9')).toEqual([v4('10.0.0.9')]);
    expect(await next.book.of('fd00::9')).toEqual([{ address: 'fd00::9', family: 6 }]);
    expect(next.state.asked).toEqual(['nas.lan', 'other.lan']);
  });

  test('come from what is kept after 2 s when the resolver hangs, and then at once for a minute', async () => {
    const { book, clock, state } = await filled();
    Object.assign(state, { hangs: true, onMains: false, asked: [] });
    let found: readonly Address[] | null = null;
    void book.of('nas.lan').then((addresses) => (found = addresses));
    await clock.advance(1999);
    expect(found).toBe(null);
    await clock.advance(1);
    expect(found).toEqual([v4('10.0.0.1')]);
    const before = clock.monotonic();
    expect(await book.of('nas.lan')).toEqual([v4('10.0.0.1')]);
    expect([clock.monotonic() - before, state.asked]).toEqual([0, ['nas.lan']]);
  });

  test('two questions at once at most: the others are not put while the resolver hangs', async () => {
    const { book, clock, state, hanging } = await filled();
    Object.assign(state, { hangs: true, onMains: false, asked: [] });
    const all = ['nas.lan', 'web.lan', 'a.lan', 'b.lan', 'nas.lan'].map((name) => book.of(name));
    await clock.advance(2000);
    expect((await Promise.all(all)).map((each) => each.length)).toEqual([1, 2, 0, 0, 1]);
    expect(state.asked).toEqual(['nas.lan', 'web.lan']);
    state.hangs = false;
    for (const end of hanging) end();
    await clock.advance(0);
    expect(state.asked).toEqual(['nas.lan', 'web.lan', 'a.lan', 'b.lan']);
  });

  test('in a file that cannot be read are not used, and it is kept as it is', async () => {
    const { dataFolder, book, clock, answers, warned, until } = await room();
    const path = join(dataFolder, 'addresses.json');
    writeFileSync(
      path,
      '{"format":"glidepath-addresses","version":1,"names":{"nas.lan":[{"address":"x","family":4}]}}',
    );
    answers.set('nas.lan', [v4('10.0.0.1')]);
    const before = readFileSync(path, 'utf8');
    book.start();
    await clock.advance(1000);
    await until(() => clock.pending === 1);
    expect([readFileSync(path, 'utf8'), warned.length]).toEqual([before, 1]);
    expect(await book.of('nas.lan')).toEqual([v4('10.0.0.1')]);
  });

  test('are looked after no longer once it was stopped', async () => {
    const { book, clock } = await filled();
    book.stop();
    expect(clock.pending).toBe(0);
  });
});
