import { detailsOf, readingOf } from '../../electron/ups/apcupsd/reading.ts';
import { RecordReader, request } from '../../electron/ups/apcupsd/records.ts';
import { parseStatus } from '../../electron/ups/apcupsd/status.ts';
import { detailSchema, readingSchema } from '../../shared/reading.ts';
import { backUps } from '../fakes/apcupsd/nis-server.ts';
import { badValues, type Chance, type Figures, measure } from './ups-chance.ts';

/** Answers of hostile peers, through everything between the socket and the reading. Throws at the first that is no reading. */
export function fuzzApcupsd(options: { cases: number; seed: number }): Promise<Figures> {
  return measure(options, (chance) => Promise.resolve(oneCase(chance)));
}

const flags = ['0x', '', 'ffffffff', '0x05000018', '-1', '0xfffffffffff', '0x05000008 Status Flag', 'ONLINE'];

function answerOf(chance: Chance): Buffer {
  const lines = Object.entries(backUps).map(([key, value]) => {
    const bad = chance.below(8) === 0 ? chance.pick(badValues) : value;
    return `${key.padEnd(9)}: ${key === 'STATFLAG' && chance.below(2) === 0 ? chance.pick(flags) : bad}\n`;
  });
  if (chance.below(4) === 0) lines.splice(chance.below(lines.length), chance.below(lines.length));
  // A record that `request` makes looks the same as one of an answer.
  const whole = Buffer.concat([...lines.map(request), request('')]);
  switch (chance.below(8)) {
    case 0:
      return chance.bytes(1 + chance.below(400));
    case 1:
      return whole.subarray(0, chance.below(whole.length));
    case 2:
      whole[chance.below(whole.length)] = chance.below(256);
      return whole;
    case 3:
      return Buffer.concat([whole, whole]);
    case 4:
      return Buffer.alloc(70_000, chance.below(256));
    default:
      return whole;
  }
}

function oneCase(chance: Chance): 'fault' | 'ok' {
  const reader = new RecordReader();
  try {
    for (const piece of chance.pieces(answerOf(chance))) {
      const records = reader.feed(piece);
      if (!records) continue;
      const status = parseStatus(records);
      if (!status) return 'fault';
      readingSchema.parse(readingOf('apcupsd:10.0.0.5:3551', 0, status));
      detailSchema.array().parse(detailsOf('apcupsd:10.0.0.5:3551', 0, status));
      return 'ok';
    }
  } catch (error) {
    // What the reader says no to, and nothing else, is a fault.
    if (error instanceof RangeError) return 'fault';
    throw error;
  }
  // It never ended: the limit of the socket's side makes that a fault.
  return 'fault';
}
