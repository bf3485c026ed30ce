/** A small part of the POSIX shell: enough to read command lines as a real host's shell reads them. */

export interface Result {
  stdout: string;
  stderr: string;
  code: number;
}

/** Runs one simple command. `undefined`: no such command. */
export type Exec = (words: readonly string[]) => Promise<Result | undefined>;

export const result = (stdout = '', code = 0, stderr = ''): Result => ({ stdout, stderr, code });

type Token = { word: string } | { operator: string } | { redirect: number; to: string };

export class ShellSyntaxError extends Error {}

const redirection = /^(\d?)(>>|>|<)(?:&(\d)|[ \t]*([^\s;&|<>'"]+))/;

/** Words, operators and redirections of a line. Variables are empty; there is no globbing and no substitution. */
export function tokens(line: string): Token[] {
  const found: Token[] = [];
  let word: string | null = null;
  const endWord = (): void => {
    if (word !== null) found.push({ word });
    word = null;
  };
  for (let at = 0; at < line.length; ) {
    const char = line.charAt(at);
    const redirect =
      word === null || /^\d$/.test(word) ? redirection.exec(line.slice(word === null ? at : at - 1)) : null;
    if (redirect && (word === null || redirect[1] === word)) {
      at += redirect[0].length - (word === null ? 0 : 1);
      word = null;
      found.push({
        redirect: Number(redirect[1] || (redirect[2] === '<' ? 0 : 1)),
        to: redirect[3] ?? redirect[4] ?? '',
      });
    } else if (char === ' ' || char === '\t') {
      endWord();
      at += 1;
    } else if (/[\n;&|]/.test(char)) {
      endWord();
      const operator = /^(&&|\|\||;|&|\||\n)/.exec(line.slice(at))?.[0] ?? char;
      found.push({ operator: operator === '\n' ? ';' : operator });
      at += operator.length;
    } else if (char === '#' && word === null) {
      at = line.indexOf('\n', at) === -1 ? line.length : line.indexOf('\n', at);
    } else {
      const [text, length] = piece(line, at);
      word = (word ?? '') + text;
      at += length;
    }
  }
  endWord();
  return found;
}

/** What stands at `at` inside a word (a quoted part, an escaped character, one character) and how long it is. */
function piece(line: string, at: number): [text: string, length: number] {
  const char = line.charAt(at);
  if (char === "'") {
    const end = line.indexOf("'", at + 1);
    if (end === -1) throw new ShellSyntaxError('unterminated quoted string');
    return [line.slice(at + 1, end), end + 1 - at];
  }
  if (char === '"') {
    const quoted = /^"((?:[^"\\]|\\[\s\S])*)"/.exec(line.slice(at));
    if (!quoted) throw new ShellSyntaxError('unterminated quoted string');
    const text = (quoted[1] ?? '').replace(
      /\\\n|\\([$`"\\])|\$\w+/g,
      (_all, escaped: string | undefined) => escaped ?? '',
    );
    return [text, quoted[0].length];
  }
  if (char === '\\') return [line.charAt(at + 1) === '\n' ? '' : line.charAt(at + 1), 2];
  const variable = /^\$\w+/.exec(line.slice(at));
  if (variable) return ['', variable[0].length];
  if ('()`'.includes(char)) throw new ShellSyntaxError(`unexpected "${char}"`);
  return [char, 1];
}

interface Simple {
  words: string[];
  redirects: Array<{ redirect: number; to: string }>;
  /** The operator before it. */
  after: string;
  background: boolean;
}

function simples(line: string): Simple[] {
  const list: Simple[] = [];
  let current: Simple = { words: [], redirects: [], after: ';', background: false };
  const end = (operator: string): void => {
    if (operator === '|') throw new ShellSyntaxError('pipes are not known here');
    if (current.words.length === 0 && operator !== ';') throw new ShellSyntaxError(`unexpected "${operator}"`);
    current.background = operator === '&';
    if (current.words.length > 0) list.push(current);
    current = { words: [], redirects: [], after: operator === '&' ? ';' : operator, background: false };
  };
  for (const token of tokens(line)) {
    if ('operator' in token) end(token.operator);
    else if ('redirect' in token) current.redirects.push(token);
    else if (current.words.length > 0 || !/^[A-Za-z_]\w*=/.test(token.word)) current.words.push(token.word);
  }
  end(';');
  return list;
}

/** Runs a line: `a && b`, `a || b`, `a; b`, `a &`, `2>&1`, `>/dev/null`, and the shell's own small commands. */
export async function runLine(line: string, exec: Exec, shell = 'sh'): Promise<Result> {
  const whole = result();
  let list: Simple[];
  try {
    list = simples(line);
  } catch (error) {
    if (!(error instanceof ShellSyntaxError)) throw error;
    return result('', 2, `${shell}: syntax error: ${error.message}\n`);
  }
  for (const simple of list) {
    if (simple.after === '&&' && whole.code !== 0) continue;
    if (simple.after === '||' && whole.code === 0) continue;
    if (simple.words[0] === 'exit') return { ...whole, code: Number(simple.words[1] ?? whole.code) };
    const running = one(simple.words, exec, shell);
    if (simple.background) {
      whole.code = 0;
      continue;
    }
    const { stdout, stderr, code } = redirected(await running, simple.redirects);
    whole.stdout += stdout;
    whole.stderr += stderr;
    whole.code = code;
  }
  return whole;
}

async function one(words: readonly string[], exec: Exec, shell: string): Promise<Result> {
  const [name = '', ...rest] = words;
  if (name === 'true' || name === ':') return result();
  if (name === 'false') return result('', 1);
  if (name === 'echo') return result(`${rest.join(' ')}\n`);
  if (name === 'nohup' || name === 'exec') return one(rest, exec, shell);
  if (/^(\/bin\/)?(ba)?sh$/.test(name) && rest[0] === '-c') return runLine(rest[1] ?? '', exec, shell);
  return (await exec(words)) ?? result('', 127, `${shell}: ${name}: not found\n`);
}

function redirected(from: Result, redirects: Simple['redirects']): Result {
  const to: Record<number, 'stdout' | 'stderr' | null> = { 1: 'stdout', 2: 'stderr' };
  for (const { redirect, to: target } of redirects)
    to[redirect] = target === '1' || target === '2' ? (to[Number(target)] ?? null) : null;
  const through = { stdout: '', stderr: '' };
  if (to[1]) through[to[1]] += from.stdout;
  if (to[2]) through[to[2]] += from.stderr;
  return { ...through, code: from.code };
}
