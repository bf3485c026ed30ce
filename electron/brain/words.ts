/** "NAS, ESX 1 and 3 more": names, at most `most` of them. */
export function namesText(names: readonly string[], most: number): string {
  if (names.length <= most) return names.join(', ');
  return `${names.slice(0, most).join(', ')} and ${names.length - most} more`;
}

/** Joins sentences, each with one full stop; empty ones are left out. */
export function sentencesText(...sentences: readonly string[]): string {
  const said = sentences.map((each) => each.trim()).filter((each) => each !== '');
  return said.map((each) => (/[.!?…]$/.test(each) ? each : `${each}.`)).join(' ');
}

/** What a device says of itself, on one line and no longer than `most`: a question must not be written by what it is about. */
export function oneLine(text: string, most = 100): string {
  return text
    .replaceAll(/\p{C}+/gu, ' ')
    .trim()
    .slice(0, most);
}
