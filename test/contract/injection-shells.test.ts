import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { quote } from '../../electron/targets/ssh/quote.ts';
import { type Shell, ShellRoom, shells } from '../fakes/hostile/shell-room.ts';
import { nastyString, nastyStrings } from '../fakes/hostile/strings.ts';
import { Chance } from '../fuzz/ups-chance.ts';

const seed = Number(process.env.GLIDEPATH_SEED ?? 20_261_122);
const count = 10_000;
/** Words in one command. */
const together = 50;

describe.skipIf(process.getuid?.() !== 0)('a quoted word', { timeout: 120_000 }, () => {
  let room: ShellRoom;
  beforeAll(() => {
    room = new ShellRoom();
  });
  afterAll(() => room.close(), 60_000);

  const all = [...nastyStrings, ...Array.from({ length: count }, (_, at) => nastyString(new Chance(seed + at)))];
  const groups = Array.from({ length: Math.ceil(all.length / together) }, (_, at) =>
    all.slice(at * together, (at + 1) * together),
  );
  const reads = (shell: Shell, quoted: (word: string) => string, some = groups) =>
    room.read(
      shell,
      some.map((group) => `tell ${group.map(quoted).join(' ')}`),
      ['tell', 'owned'],
    );

  it.each(shells)('reaches %s as it was, 10,000 times', async (shell) => {
    const read = await reads(shell, quote);
    groups.forEach((group, at) => void expect(read[at]).toEqual([['tell', ...group]]));
  });

  it.each(shells)('would not reach %s so, quoted otherwise', async (shell) => {
    // The room is no rubber stamp: what people write instead runs things.
    const some = all.slice(0, 500).map((word) => [word]);
    for (const naive of [(word: string) => `"${word}"`, (word: string) => `'${word}'`, (word: string) => word]) {
      const read = await reads(shell, naive, some);
      const wrong = some.filter((group, at) => JSON.stringify(read[at]) !== JSON.stringify([['tell', ...group]]));
      expect(wrong.length).toBeGreaterThan(some.length / 4);
      expect(read.flat().some(([program]) => program === 'owned')).toBe(true);
    }
  });
});
