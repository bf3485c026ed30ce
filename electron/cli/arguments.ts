import { parse } from './parse-words.ts';
import { type RackCommand, rackCommands } from './rack-arguments.ts';

/** What the command line was asked to do. */
export type Command =
  | RackCommand
  | { name: 'help' }
  | { name: 'list'; json: boolean }
  /** `ups`: its id or name; null: the only one there is. `out`: a file; null: standard output. */
  | { name: 'dump'; ups: string | null; raw: boolean; serial: boolean; out: string | null }
  | { name: 'decode'; descriptor: string; profile: string }
  /** `seconds`: how long; null: until Ctrl+C. */
  | { name: 'watch'; seconds: number | null };

/** `wrong`: what is the matter with the line, one sentence. */
export type Parsed = { command: Command } | { wrong: string };

const longestWatch = 7 * 86_400;

/** Reads the words after `glidepath`. `--help` wins over everything. */
export function parseArguments(words: readonly string[]): Parsed {
  if (words.includes('--help') || words.includes('-h')) return { command: { name: 'help' } };
  const [subject, verb, ...rest] = words;
  if (subject === undefined) return { wrong: 'No command is given.' };
  const ofRack = rackCommands.get(subject);
  if (!ofRack && subject !== 'ups') return { wrong: `There is no command "${subject}".` };
  if (!ofRack && verb === undefined)
    return { wrong: '"ups" needs to be told what to do: list, dump, decode or watch.' };
  try {
    if (ofRack) return ofRack(words.slice(1));
    switch (verb) {
      case 'list':
        return list(rest);
      case 'dump':
        return dump(rest);
      case 'decode':
        return decode(rest);
      case 'watch':
        return watch(rest);
      default:
        return { wrong: `There is no command "ups ${verb}".` };
    }
  } catch (error) {
    // An option that is not known, or one without its value: Node says which, in its first sentence.
    const [what = ''] = (error instanceof Error ? error.message : String(error)).split(/(?<=\.) /);
    return { wrong: what.endsWith('.') ? what : `${what}.` };
  }
}

function list(words: string[]): Parsed {
  const { values } = parse(words, { json: { type: 'boolean' } }, 0);
  return { command: { name: 'list', json: values.json === true } };
}

function dump(words: string[]): Parsed {
  const options = {
    raw: { type: 'boolean' },
    serial: { type: 'boolean' },
    out: { type: 'string', short: 'o' },
  } as const;
  const { values, positionals } = parse(words, options, 1);
  const [ups = null] = positionals;
  const out = typeof values.out === 'string' ? values.out : null;
  return { command: { name: 'dump', ups, raw: values.raw === true, serial: values.serial === true, out } };
}

function decode(words: string[]): Parsed {
  const [descriptor, profile] = parse(words, {}, 2).positionals;
  if (descriptor === undefined || profile === undefined) {
    return { wrong: '"ups decode" takes two files: DESCRIPTOR.hex and PROFILE.tsv.' };
  }
  return { command: { name: 'decode', descriptor, profile } };
}

function watch(words: string[]): Parsed {
  const text = parse(words, { for: { type: 'string' } }, 0).values.for;
  if (typeof text !== 'string') return { command: { name: 'watch', seconds: null } };
  const seconds = /^\d+(\.\d+)?$/.test(text) ? Number(text) : Number.NaN;
  if (!(seconds > 0 && seconds <= longestWatch)) {
    return { wrong: `"--for" takes seconds, more than 0 and at most ${longestWatch}, not "${text}".` };
  }
  return { command: { name: 'watch', seconds } };
}
