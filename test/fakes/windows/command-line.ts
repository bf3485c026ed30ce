/** A command line as cmd.exe reads it: words and quoted words. Null: with something in it that cmd.exe would act on. */
export function words(line: string): string[] | null {
  const found: string[] = [];
  const part = /[ \t]+|"([^"%]*)"|([^\s"&|<>^%()]+)/y;
  for (part.lastIndex = 0; part.lastIndex < line.length; ) {
    const match = part.exec(line);
    if (match === null) return null;
    const word = match[1] ?? match[2];
    if (word !== undefined) found.push(word);
  }
  return found;
}

/** The longest line that cmd.exe takes. */
export const longestLine = 8191;

/** Letters beyond ASCII as the code page of a German console has them; the text goes out one byte a letter. */
export function inCodePage850(text: string): string {
  const table: Readonly<Record<string, string>> = {
    ä: '\x84',
    ö: '\x94',
    ü: '\x81',
    ß: '\xe1',
    Ä: '\x8e',
    Ö: '\x99',
    Ü: '\x9a',
  };
  return text.replace(/[äöüßÄÖÜ]/g, (char) => table[char] ?? char).replace(/[^\0-\xff]/g, '?');
}
