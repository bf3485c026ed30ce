import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LineReader } from '../../electron/ups/nut/lines.ts';
import { Refusal, Talk } from '../../electron/ups/nut/talk.ts';
import { quoteWord, splitWords } from '../../electron/ups/nut/words.ts';
import type { FaultError } from '../../shared/fault.ts';
import type { NutServer } from '../../shared/supplies.ts';
import { ManualClock } from '../fakes/manual-clock.ts';

const server: NutServer = { id: 'one', kind: 'nut', address: '10.0.0.5', port: 3493, user: '', certificate: null };

function talking() {
  const clock = new ManualClock();
  const said: string[] = [];
  let closed = 0;
  const wire = {
    write: (text: string) => void said.push(text),
    close: () => {
      closed += 1;
    },
  };
  const talk = new Talk(server, clock, wire);
  return { clock, said, talk, feed: (text: string) => talk.feed(Buffer.from(text)), closed: () => closed };
}

const fails = async (promise: Promise<unknown>): Promise<string> => {
  const error = await promise.then(
    () => new Error('it has not failed'),
    (thrown) => thrown as FaultError,
  );
  return 'fault' in error ? `${error.fault.code}: ${error.fault.what}` : `${error.name}: ${error.message}`;
};

describe('words', () => {
  it('reads back whatever it quotes', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'binary' }).filter((word) => !/[\n\r]/.test(word))), (words) => {
        expect(splitWords(words.map(quoteWord).join(' '))).toEqual(words);
      }),
    );
  });

  it.each([
    ['UPS rack "The \\"rack\\" \\\\ one"', ['UPS', 'rack', 'The "rack" \\ one']],
    ['OK', ['OK']],
    ['  a   b ', ['a', 'b']],
    ['a ""', ['a', '']],
    ['', []],
    ['VAR rack x "open', null],
  ])('splits %s', (line, words) => {
    expect(splitWords(line)).toEqual(words);
  });
});

describe('lines', () => {
  it('do not depend on the pieces that they come in', () => {
    const text = 'BEGIN\r\nä "ö"\n\nEND\nrest';
    fc.assert(
      fc.property(fc.array(fc.nat(Buffer.byteLength(text))), (cuts) => {
        const reader = new LineReader();
        const bytes = Buffer.from(text);
        const at = [0, ...cuts.sort((a, b) => a - b), bytes.length];
        const lines = at.slice(1).flatMap((end, index) => reader.feed(bytes.subarray(at[index], end)));
        expect(lines).toEqual(['BEGIN', 'ä "ö"', '', 'END']);
        expect(reader.waiting).toBe(4);
      }),
    );
  });

  it('have a longest one', () => {
    const reader = new LineReader();
    reader.feed(Buffer.alloc(4096, 'a'));
    expect(() => reader.feed(Buffer.from('a'))).toThrow(RangeError);
  });
});

describe('a talk', () => {
  it('asks one thing after the other', async () => {
    const { talk, said, feed } = talking();
    const both = Promise.all([talk.ask('VER'), talk.list('VAR', 'rack')]);
    expect(said).toEqual(['VER\n']);
    feed('Network UPS Tools\nBEGIN LIST VAR rack\n');
    feed('VAR rack ups.status "OL"\nEND LIST VAR rack\n');
    expect(await both).toEqual([['Network', 'UPS', 'Tools'], [['ups.status', 'OL']]]);
    expect(said[1]).toBe('LIST VAR rack\n');
  });

  it('goes on after a refusal', async () => {
    const { talk, feed, closed } = talking();
    const asked = talk.ask('GET', 'VAR', 'rack', 'x');
    feed('ERR DATA-STALE\n');
    await expect(asked).rejects.toEqual(new Refusal('DATA-STALE'));
    expect(closed()).toBe(0);
  });

  it('repeats no word that a peer may have from us: of refusals only those that upsd has, of lines none after a password', async () => {
    const { talk, feed } = talking();
    const refused = fails(talk.ask('USERNAME', 'me'));
    feed('ERR hunter2\n');
    expect(await refused).toBe('Refusal: an error of no known name');
    const asked = talk.ask('PASSWORD', 'hunter2');
    feed('OK\nhunter2\n');
    await asked;
    expect(await fails(talk.ask('VER'))).toMatch(/^ups-no-answer: It sent a line that nothing asked for\.$/);
  });

  it.each([
    ['a line that nothing asked for', 'OK\nOK\n', 'nothing asked for'],
    ['an open quote', 'VAR "\n', 'broken line'],
    ['an empty line', '\n', 'broken line'],
    ['a line without an end', 'a'.repeat(5000), 'more than 4096 bytes'],
  ])('ends at %s', async (_name, bytes, why) => {
    const { talk, feed, closed } = talking();
    const first = talk.ask('VER');
    feed(bytes);
    await first.catch(() => undefined);
    expect(await fails(talk.ask('VER'))).toContain(why);
    expect(closed()).toBe(1);
  });

  it.each([
    ['the list of another UPS', 'BEGIN LIST VAR shelf\n', 'out of order'],
    ['rows without a beginning', 'VAR rack a "b"\n', 'out of order'],
    ['a row of another UPS', 'BEGIN LIST VAR rack\nVAR shelf a "b"\n', 'out of order'],
    ['too many rows', `BEGIN LIST VAR rack\n${'VAR rack a "b"\n'.repeat(2001)}`, 'without an end'],
    ['too much', `BEGIN LIST VAR rack\n${`VAR rack a "${'b'.repeat(3000)}"\n`.repeat(100)}`, 'without an end'],
  ])('ends at %s', async (_name, bytes, why) => {
    const { talk, feed } = talking();
    const asked = talk.list('VAR', 'rack');
    feed(bytes);
    expect(await fails(asked)).toMatch(new RegExp(`^ups-no-answer: .*${why}`));
  });

  it('ends when the answer drips in too slowly, and what waits behind it too', async () => {
    const { talk, clock, feed } = talking();
    const both = [talk.ask('VER'), talk.ask('NETVER')].map(fails);
    await clock.advance(3900);
    feed('O');
    await clock.advance(100);
    expect(await Promise.all(both)).toEqual(Array(2).fill('ups-no-answer: It has not answered within 4 s.'));
    expect(clock.pending).toBe(0);
  });
});
