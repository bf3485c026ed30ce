/**
 * The words of a line. A word in quotes may hold spaces; a backslash takes away the meaning of the character behind it.
 * Null when a quote is not closed.
 * @see https://www.rfc-editor.org/rfc/rfc9271#section-4.1
 */
export function splitWords(line: string): string[] | null {
  const words: string[] = [];
  let word: string | null = null;
  let quoted = false;
  for (let at = 0; at < line.length; at += 1) {
    const character = line[at] as string;
    if (character === '\\') {
      at += 1;
      word = (word ?? '') + (line[at] ?? '');
    } else if (character === '"') {
      quoted = !quoted;
      word ??= '';
    } else if (!quoted && (character === ' ' || character === '\t')) {
      if (word !== null) words.push(word);
      word = null;
    } else {
      word = (word ?? '') + character;
    }
  }
  if (quoted) return null;
  if (word !== null) words.push(word);
  return words;
}

/** A word as it is sent. It must not hold a line break. */
export function quoteWord(word: string): string {
  if (/^[A-Za-z0-9_.@:-]+$/.test(word)) return word;
  return `"${word.replace(/["\\]/g, (each) => `\\${each}`)}"`;
}
