import { idSchema } from '../../shared/id.ts';
import type { WhatIf } from '../../shared/view.ts';
import type { Parsed } from './arguments.ts';
import { parse } from './parse-words.ts';

/** `data`: the data folder; null: the usual one. */
export type RackCommand = { data: string | null } & (
  | { name: 'daemon' }
  | { name: 'plan'; file: string }
  | { name: 'rehearse'; file: string }
  | { name: 'run' }
  | { name: 'simulate'; file: string; whatIf: WhatIf }
  | { name: 'status'; json: boolean }
  /** `hash`: of the sequence, as `plan` prints it. */
  | { name: 'arm'; hash: string }
  | { name: 'disarm' }
);

type Values = Record<string, unknown>;

const text = { type: 'string' } as const;
const flag = { type: 'boolean' } as const;
const data = { data: text };

/** What stands behind each word, and how it is read. */
export const rackCommands: ReadonlyMap<string, (words: string[]) => Parsed> = new Map([
  ['daemon', (words: string[]) => without('daemon', words)],
  ['disarm', (words: string[]) => without('disarm', words)],
  ['plan', (words: string[]) => withFile('plan', words)],
  ['rehearse', (words: string[]) => withFile('rehearse', words)],
  ['run', run],
  ['status', status],
  ['arm', arm],
]);

const folder = (values: Values): string | null => (typeof values.data === 'string' ? values.data : null);

function without(name: 'daemon' | 'disarm', words: string[]): Parsed {
  const { values } = parse(words, data, 0);
  return { command: { name, data: folder(values) } };
}

function withFile(name: 'plan' | 'rehearse', words: string[]): Parsed {
  const { values, positionals } = parse(words, data, 1);
  const [file] = positionals;
  if (file === undefined) return { wrong: `"${name}" takes a file: a sequence, as in the folder "sequences".` };
  return { command: { name, file, data: folder(values) } };
}

function run(words: string[]): Parsed {
  const options = { ...data, simulate: flag, load: text, hang: text, 'back-at': text };
  const { values, positionals } = parse(words, options, 1);
  const [file] = positionals;
  if (file === undefined) return { wrong: '"run" takes a file: a sequence, as in the folder "sequences".' };
  if (values.simulate !== true) {
    const [first] = ['load', 'hang', 'back-at'].filter((name) => values[name] !== undefined);
    return first
      ? { wrong: `"--${first}" goes with "--simulate".` }
      : { command: { name: 'run', data: folder(values) } };
  }
  const load = number(values.load, 1);
  if (load === null || load < 0.1 || load > 10) {
    return { wrong: `"--load" takes a multiple of the present load from 0.1 to 10, not "${values.load}".` };
  }
  const powerBackAt = values['back-at'] === undefined ? null : number(values['back-at'], 0);
  if (values['back-at'] !== undefined && !(Number.isInteger(powerBackAt) && isWithin(powerBackAt, 1, 86_400))) {
    return { wrong: `"--back-at" takes whole seconds from 1 to 86400, not "${values['back-at']}".` };
  }
  const hangs = typeof values.hang === 'string' ? values.hang : null;
  if (hangs !== null && !idSchema.safeParse(hangs).success) {
    return { wrong: `"--hang" takes the id of a host, not "${hangs}".` };
  }
  return { command: { name: 'simulate', file, data: folder(values), whatIf: { load, hangs, powerBackAt } } };
}

function status(words: string[]): Parsed {
  const { values } = parse(words, { ...data, json: flag }, 0);
  return { command: { name: 'status', json: values.json === true, data: folder(values) } };
}

function arm(words: string[]): Parsed {
  const { values, positionals } = parse(words, data, 1);
  const [hash = ''] = positionals;
  if (!/^[0-9a-f]{64}$/.test(hash)) return { wrong: '"arm" takes the hash that "plan" prints: 64 hex digits.' };
  return { command: { name: 'arm', hash, data: folder(values) } };
}

/** null: it is no decimal number. */
function number(value: unknown, otherwise: number): number | null {
  if (typeof value !== 'string') return otherwise;
  return /^\d+(\.\d+)?$/.test(value) ? Number(value) : null;
}

const isWithin = (value: number | null, least: number, most: number): boolean =>
  value !== null && value >= least && value <= most;
