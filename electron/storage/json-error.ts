/** Where a text stops being JSON, counted from 1, and what should have stood there. */
export interface JsonError {
  line: number;
  column: number;
  expected: string;
}

const number = /-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?/y;
// biome-ignore lint/suspicious/noControlCharactersInRegex: JSON forbids exactly these inside a string.
const string = /"(?:[^"\\\u0000-\u001f]|\\["\\/bfnrt]|\\u[0-9a-fA-F]{4})*"/y;
const word = /true|false|null/y;
const space = /[ \t\r\n]*/y;

/**
 * Finds the first place at which a text breaks the grammar of JSON; null when it does not.
 * JSON.parse words its complaint differently in every V8 and leaves the place out of some of them.
 * @see https://www.rfc-editor.org/rfc/rfc8259
 */
export function findJsonError(text: string): JsonError | null {
  let at = 0;
  const take = (pattern: RegExp): boolean => {
    pattern.lastIndex = at;
    const found = pattern.exec(text);
    if (found) at = pattern.lastIndex;
    return found !== null;
  };
  const mark = (sign: string): boolean => {
    take(space);
    if (text[at] !== sign) return false;
    at += 1;
    return true;
  };
  const list = (end: string, item: () => string | null): string | null => {
    if (mark(end)) return null;
    for (;;) {
      const wrong = item();
      if (wrong !== null) return wrong;
      if (mark(end)) return null;
      if (!mark(',')) return `"," or "${end}"`;
    }
  };
  const member = (): string | null => {
    take(space);
    if (!take(string)) return 'a name in double quotes';
    return mark(':') ? value() : '":"';
  };
  const value = (): string | null => {
    if (mark('{')) return list('}', member);
    if (mark('[')) return list(']', value);
    return take(string) || take(number) || take(word) ? null : 'a value';
  };

  let expected = value();
  if (expected === null) {
    take(space);
    if (at === text.length) return null;
    expected = 'the end of the file';
  }
  const before = text.slice(0, at).split('\n');
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1, expected };
}
