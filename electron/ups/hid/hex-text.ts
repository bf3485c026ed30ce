import { FaultError } from '../../../shared/fault.ts';

/** Larger than any descriptor or capture that a USB device can give. */
const mostCharacters = 4_000_000;

export interface Line {
  text: string;
  /** From 1. */
  number: number;
}

/** The lines of a text file, whatever ends them, without the mark that some editors put first. */
export function linesOf(text: string, what: string): Line[] {
  if (text.length > mostCharacters) throw badInput(`${text.length} characters are too many`, what);
  return text
    .replace(/^\uFEFF/, '')
    .split(/\r\n|\n|\r/)
    .map((line, index) => ({ text: line.trim(), number: index + 1 }));
}

/** Bytes written as two hexadecimal digits each, apart or together, `0x` or not, between spaces, commas or semicolons. */
export function hexBytes({ text, number }: Line, what: string): number[] {
  const bytes: number[] = [];
  for (const word of text.split(/[\s,;]+/)) {
    const digits = word.replace(/^0x/i, '').replace(/h$/i, '');
    if (word === '') continue;
    if (!/^[0-9a-f]+$/i.test(digits)) throw badInput(`"${word.slice(0, 40)}" is no hexadecimal byte`, what, number);
    const even = digits.length === 1 ? `0${digits}` : digits;
    if (even.length % 2 !== 0) throw badInput(`"${word.slice(0, 40)}" has an odd number of digits`, what, number);
    for (let at = 0; at < even.length; at += 2) bytes.push(Number.parseInt(even.slice(at, at + 2), 16));
  }
  return bytes;
}

/** `what`: which of the files; `line`: from 1. */
export function badInput(problem: string, what: string, line?: number): FaultError {
  return new FaultError({
    code: 'invalid-input',
    what: problem,
    where: line === undefined ? what : `${what}, line ${line}`,
    remedy: 'Give a report descriptor as hexadecimal bytes, and a profile with its "# report" lines.',
  });
}
