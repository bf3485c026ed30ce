import type { Fault } from '../../shared/fault.ts';

const longest = 1500;

/** `where: what. remedy`, on one line whatever stands in it, and without control characters that a terminal would obey. */
export function faultLine({ where, what, remedy }: Fault): string {
  const sentence = /[.!?]$/.test(what.trim()) ? what.trim() : `${what.trim()}.`;
  return printable(`${where}: ${sentence} ${remedy}`).slice(0, longest);
}

/** Text from a device, a server or a file, fit for one line of a terminal. */
export function printable(text: string): string {
  return text.replaceAll(/\s+/g, ' ').replaceAll(/\p{C}/gu, '?').trim();
}
