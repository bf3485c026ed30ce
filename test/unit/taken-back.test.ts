import { expect, test } from 'vitest';
import { takenBack } from '../../electron/core/taken-back.ts';
import { FaultError } from '../../shared/fault.ts';
import { ManualClock } from '../fakes/manual-clock.ts';

const refusal = new FaultError({ code: 'ups-refused', what: 'it says no', where: 'ups', remedy: 'Look.' });

async function after(ms: number, undo: () => Promise<string>) {
  const clock = new ManualClock();
  let end: unknown = 'goes on';
  void takenBack(clock, undo).then((value) => {
    end = value;
  });
  await clock.advance(ms);
  return { end, pending: clock.pending };
}

test('is tried again, and told when it was taken', async () => {
  let tries = 0;
  const undo = async () => {
    tries += 1;
    if (tries < 3) throw refusal;
    return 'stopped';
  };
  expect(await after(10_000, undo)).toEqual({ end: { isWell: true, sentence: 'stopped' }, pending: 0 });
  expect(tries).toBe(3);
});

test('ends when nobody ever answers: the run must come to its end', async () => {
  let tries = 0;
  const undo = () => {
    tries += 1;
    return new Promise<string>(() => undefined);
  };
  expect((await after(5 * 60_000, undo)).end).toBe('goes on');
  const { end, pending } = await after(5 * 60_000 + 4 * 2000, undo);
  expect(end).toMatchObject({ isWell: false, sentence: expect.stringContaining('no answer came within 60 s') });
  expect(pending).toBe(0);
  expect(tries).toBe(10);
});
