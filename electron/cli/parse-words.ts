import { type ParseArgsConfig, parseArgs } from 'node:util';

/** `most`: how many words that are no option. @throws Error in words for the user, when an option is not known or a word is one too many */
export function parse(args: string[], options: NonNullable<ParseArgsConfig['options']>, most: number) {
  const parsed = parseArgs({ args, options, allowPositionals: true, strict: true });
  const surplus = parsed.positionals[most];
  if (surplus !== undefined) throw new Error(`"${surplus}" is one word too many.`);
  return parsed;
}
