/**
 * The part of kubectl's JSONPath templates that a list of lines takes: literal text, `{"\n"}`, one `{range .items[*]}` to
 * its `{end}`, and paths with `[*]`, `[?(@.name==value)]` and escaped dots. What is not there prints nothing.
 * @see https://kubernetes.io/docs/reference/kubectl/jsonpath/
 */
export function expanded(template: string, items: readonly unknown[]): string {
  const [, body] = /^jsonpath=\{range \.items\[\*\]\}(.*)\{end\}$/.exec(template) ?? [];
  if (body === undefined) throw new Error(`not known here: ${template}`);
  const row = (item: unknown): string =>
    body.replace(/\{([^{}]*)\}/g, (_all, part: string) =>
      part.startsWith('"') ? String(JSON.parse(part)) : valuesAt(part, item).map(String).join(' '),
    );
  return items.map(row).join('');
}

const piece = /\.((?:\\.|[^.[\]\\])+)|\[\*\]|\[\?\(@\.(\w+)==("[^"]*"|true|false)\)\]/y;

function valuesAt(path: string, item: unknown): unknown[] {
  let values: unknown[] = [item];
  piece.lastIndex = 0;
  while (piece.lastIndex < path.length) {
    const found = piece.exec(path);
    if (!found) throw new Error(`not known here: ${path}`);
    const [text, key, filter = '', wanted = ''] = found;
    if (key !== undefined) values = values.map((value) => at(value, key.replace(/\\/g, '')));
    else {
      values = values.flatMap((value) => (Array.isArray(value) ? value : []));
      if (text !== '[*]') values = values.filter((value) => at(value, filter) === JSON.parse(wanted));
    }
    values = values.filter((value) => value !== undefined);
  }
  return values;
}

const at = (value: unknown, key: string): unknown =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[key] : undefined;
