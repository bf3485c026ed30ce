/** Names that stand in one sentence; of more only the number is told. */
const mostNamed = 8;

/** "esx, web, nas", and of many "a, b, c, d, e, f, g, h and 12 more". */
export function listed(names: readonly string[]): string {
  const more = names.length > mostNamed ? ` and ${names.length - mostNamed} more` : '';
  return `${names.slice(0, mostNamed).join(', ')}${more}`;
}
