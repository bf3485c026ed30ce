import { badValues, type Chance } from './ups-chance.ts';

/** One thing that a peer does instead of answering: bytes in pieces with pauses (ms) before each, or the end. */
export type Act = { pieces: Buffer[]; pauseMs: number } | 'reset' | 'silence';

type Hostile = (chance: Chance, lines: string[]) => Act;

const bytes = (all: Buffer | string): Act => ({ pieces: [Buffer.from(all)], pauseMs: 0 });
const text = (lines: readonly string[]): Act => bytes(lines.map((line) => `${line}\n`).join(''));

function changed(chance: Chance, lines: string[], change: (line: string) => string): Act {
  const at = chance.below(lines.length);
  return text(lines.map((line, index) => (index === at ? change(line) : line)));
}

const errors = [
  'DATA-STALE',
  'DRIVER-NOT-CONNECTED',
  'ACCESS-DENIED',
  'UNKNOWN-UPS',
  'VAR-NOT-SUPPORTED',
  '',
  '\u0000',
];
const statuses = ['', 'OL OB', 'OB LB', 'FSD OB', 'WAIT', 'OL '.repeat(900), '\u0000OL', 'ob', 'CAL OB', 'ALARM'];

/** What may come where an honest upsd would send `lines`. */
const hostile: readonly Hostile[] = [
  () => 'reset',
  () => 'silence',
  (chance) => bytes(chance.bytes(1 + chance.below(300))),
  (chance) => bytes(Buffer.alloc(5000 + chance.below(5000), 'a')),
  (_chance, lines) => bytes(lines.join('\n')),
  (chance, lines) => bytes(lines.join('\n').slice(0, chance.below(40))),
  (chance) => text([`ERR ${chance.pick(errors)}`]),
  (_chance, lines) => text([...lines, 'VAR rack ups.status "OB LB FSD"', 'END LIST VAR rack']),
  (_chance, lines) => text([...lines].reverse()),
  (_chance, lines) => text(lines.slice(0, -1)),
  (_chance, lines) => text(lines.slice(1)),
  () => text(['BEGIN LIST VAR rack', ...Array.from({ length: 3000 }, (_, at) => `VAR rack x${at} "1"`)]),
  () => text(['BEGIN LIST UPS', ...Array.from({ length: 500 }, (_, at) => `UPS u${at} "x"`), 'END LIST UPS']),
  () => text(['BEGIN LIST UPS', 'UPS "a b" "x"', 'UPS', 'END LIST UPS']),
  () => text(['BEGIN LIST UPS', 'END LIST UPS']),
  (chance, lines) => changed(chance, lines, (line) => line.replace('"', '')),
  (chance, lines) => changed(chance, lines, (line) => `${line.slice(0, -1)}\\`),
  (chance, lines) => changed(chance, lines, (line) => line.replace(/"[^"]*"/, `"${chance.pick(badValues)}"`)),
  (chance, lines) => changed(chance, lines, () => ''),
  (chance, lines) => changed(chance, lines, () => 'BEGIN LIST VAR shelf'),
  (chance, lines) => text(lines.map((line) => line.replace(/(ups\.status) "[^"]*"/, `$1 "${chance.pick(statuses)}"`))),
  (chance, lines) => {
    const whole = Buffer.from(lines.map((line) => `${line}\n`).join(''));
    whole[chance.below(whole.length)] = 0xff;
    return bytes(whole);
  },
  // Drips: whole in the end, or too late.
  (chance, lines) => ({
    pieces: [...Buffer.from(lines.map((line) => `${line}\n`).join('')).subarray(0, 60)].map((byte) => Buffer.of(byte)),
    pauseMs: chance.pick([1, 50, 200, 3000]),
  }),
];

/** Hostile once in `rarity` answers, else honest and in pieces. */
export function answerOf(chance: Chance, lines: string[], rarity: number): Act {
  if (chance.below(rarity) > 0) {
    return { pieces: chance.pieces(Buffer.from(lines.map((line) => `${line}\n`).join(''))), pauseMs: 0 };
  }
  return chance.pick(hostile)(chance, lines);
}
