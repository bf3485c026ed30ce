import type { Fault } from '../../shared/fault.ts';

const longest = 1500;

/** `where: what. remedy`, on one line whatever stands in it, and without control characters that a terminal would obey. */
export function faultLine({ where, what, remedy }: Fault): string {
  const sentence = /[.!?]$/.test(what.trim()) ? what.trim() : `${what.trim()}.`;
  return printable(`${where}: ${sentence} ${remedy}`).slice(0, longest);
}

/** Text from a device, a server or a file, fit for one line of a terminal. */
export const printable = (text: string): string => printableRow(text.replaceAll(/\s+/g, ' ')).trimStart();

/** The same for a line of columns, which keeps its blanks. */
export const printableRow = (text: string): string => text.replaceAll(/\p{C}/gu, '?').trimEnd();
