import type { lookup } from 'node:dns';
import { expect, it } from 'vitest';
import { BackOff } from '../../electron/ups/net/back-off.ts';
import { rememberingLookup } from '../../electron/ups/net/names.ts';
import { ManualClock } from '../fakes/manual-clock.ts';

/** A name server that answers as it is told: an address, an error, or nothing at all (null). */
function names() {
  const clock = new ManualClock();
  const state = { answer: '10.0.0.5' as string | Error | null };
  const resolve = (_name: string, _options: unknown, call: (error: Error | null, found: unknown[]) => void): void => {
    const { answer } = state;
    if (answer === null) return;
    if (answer instanceof Error) call(answer, []);
    else call(null, [{ address: answer, family: 4 }]);
  };
  const look = rememberingLookup(clock, resolve as unknown as typeof lookup);
  const ask = (name: string, all = true): Promise<unknown> =>
    new Promise((done) => look(name, { all }, (error, found) => done(error ? error.code : found)));
  return { clock, state, ask };
}

it('keeps the last address for when the name server is down', async () => {
  const { state, ask } = names();
  expect(await ask('nas')).toEqual([{ address: '10.0.0.5', family: 4 }]);
  state.answer = Object.assign(new Error('down'), { code: 'EAI_AGAIN' });
  expect(await ask('nas')).toEqual([{ address: '10.0.0.5', family: 4 }]);
  expect(await ask('nas', false)).toBe('10.0.0.5');
  expect(await ask('other')).toBe('EAI_AGAIN');
  state.answer = '10.0.0.6';
  expect(await ask('nas', false)).toBe('10.0.0.6');
});

it('does not wait for a name server that says nothing', async () => {
  const { clock, state, ask } = names();
  await ask('nas');
  state.answer = null;
  const both = Promise.all([ask('nas', false), ask('other')]);
  await clock.advance(3000);
  expect(await both).toEqual(['10.0.0.5', 'ENOTFOUND']);
});

it('tries again after 1 s, then ever later, up to 30 s, in an outage up to 5 s', () => {
  const calm = new BackOff();
  expect(Array.from({ length: 7 }, () => calm.next(0, false))).toEqual([
    1000, 2000, 4000, 8000, 16_000, 30_000, 30_000,
  ]);
  expect(calm.next(0, true)).toBe(5000);
  expect(calm.next(10_000, false)).toBe(1000);
});
