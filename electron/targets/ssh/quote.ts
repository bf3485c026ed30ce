/**
 * One word for a POSIX shell, whatever it holds: nothing in it is expanded, and it never ends the quotation.
 * @see https://pubs.opengroup.org/onlinepubs/9799919799/utilities/V3_chap02.html (2.2.2 Single-Quotes)
 */
export function quote(word: string): string {
  return `'${word.replaceAll("'", "'\\''")}'`;
}
