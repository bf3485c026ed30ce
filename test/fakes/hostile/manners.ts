import type { Duplex } from 'node:stream';
import type { Chance } from '../../fuzz/ups-chance.ts';

// What any peer can do to a connection, whatever is spoken over it.

/** Writes for as long as the other side takes it, and no faster. */
export function flood(stream: Duplex, chunk: Buffer): void {
  const more = (): void => {
    while (!stream.destroyed && stream.write(chunk));
  };
  stream.on('drain', more);
  more();
}

/** One piece after the other, `ms` apart, until the other side has gone. */
export function drip(stream: Duplex, pieces: Iterable<Buffer | string>, ms: number): void {
  const all = pieces[Symbol.iterator]();
  const timer = setInterval(() => {
    const next = all.next();
    if (next.done || stream.destroyed) clearInterval(timer);
    else stream.write(next.value);
  }, ms);
  stream.once('close', () => clearInterval(timer));
  stream.once('error', () => clearInterval(timer));
}

/** The same piece for ever. */
export function* forever(piece: Buffer | string): Generator<Buffer | string> {
  for (;;) yield piece;
}

/** The whole with some of its bytes changed. */
export function mutated(chance: Chance, whole: Buffer): Buffer {
  const changed = Buffer.from(whole);
  for (let left = 1 + chance.below(8); left > 0 && changed.length > 0; left -= 1) {
    changed[chance.below(changed.length)] = chance.below(256);
  }
  return changed;
}

/** A part of the whole from its beginning, at least one byte short. */
export const cut = (chance: Chance, whole: Buffer): Buffer =>
  whole.subarray(0, chance.below(Math.max(1, whole.length)));
