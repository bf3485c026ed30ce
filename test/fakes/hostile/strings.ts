import type { Chance } from '../../fuzz/ups-chance.ts';

/** What names, reasons and paths have held, or might. */
export const nastyStrings: readonly string[] = [
  '',
  ' ',
  "'",
  '"',
  '\\',
  "'; owned /told; '",
  '"; owned /told; "',
  "'\\''",
  '$(owned /told)',
  '`owned /told`',
  // biome-ignore lint/suspicious/noTemplateCurlyInString: a shell's variable
  '${IFS}owned${IFS}x',
  '$((1+1))',
  '\nowned /told\n',
  '\r\nowned /told\r\n',
  '-rf',
  '--help',
  '-',
  '--',
  '-c owned /told',
  '; owned',
  '&& owned',
  '|| owned',
  '| owned',
  '& owned',
  '> /told/owned',
  '>>/told/owned',
  '< /etc/passwd',
  '<<EOF',
  '*',
  '?',
  '[a-z]',
  '~root',
  '{a,b}',
  '!!',
  '#comment',
  'a=b',
  '\t',
  '\u00a0',
  '\u2028',
  '\u202e',
  'Söhne “GmbH”',
  '虚拟机',
  '😀',
  '%s%n%d',
  '\u0007\u001b[2J',
  '\\n',
  "$'\\x41'",
  '\u007f',
  '/../../../etc/passwd',
  'x'.repeat(5000),
  "'".repeat(500),
];

const pieces: readonly string[] = [
  ...'\'"`$(){}[]<>|&;!#*?~\\=%^,:@+-/. \t\n\r_aZ09äß€',
  '$(',
  '${',
  '\\\n',
  "'\\''",
  '--',
  ' -',
  ';owned',
  '|owned',
  '&&owned',
  '\u001b',
  '\u2019',
  '😀',
];

/** Of what shells act on, more than of anything else. Never NUL, which no word can hold. */
export function nastyString(chance: Chance): string {
  const length = chance.below(chance.below(20) === 0 ? 300 : 24);
  return Array.from({ length }, () =>
    chance.below(8) === 0 ? String.fromCodePoint(1 + chance.below(0xd7ff)) : chance.pick(pieces),
  ).join('');
}

/** What is right but for a little: an id or a word that is nearly taken. */
export function nearly(chance: Chance, right: string): string {
  const at = chance.below(right.length + 1);
  const nasty = chance.below(3) === 0 ? chance.pick(nastyStrings) : nastyString(chance).slice(0, 12);
  switch (chance.below(5)) {
    case 0:
      return `${right}${nasty}`;
    case 1:
      return `${nasty}${right}`;
    case 2:
      return `${right}\n${chance.pick([nasty, 'owned /told'])}`;
    case 3:
      return `${right}\n`;
    default:
      return `${right.slice(0, at)}${nasty}${right.slice(at)}`;
  }
}
