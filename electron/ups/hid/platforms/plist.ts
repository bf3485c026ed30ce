/** What a property list holds, as far as we need it. `data` is bytes, a date or a real is left as text. */
export type Plist = string | number | boolean | Uint8Array | Plist[] | { [key: string]: Plist };

const deepest = 64;
const token = /<(\/?)([a-z]+)(?:\s[^>]*)?(\/?)>([^<]*)/g;
const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

/**
 * Parses an XML property list, as `ioreg -a` prints it. Null when it is none.
 * @see https://www.apple.com/DTDs/PropertyList-1.0.dtd
 */
export function parsePlist(xml: string): Plist | null {
  const start = xml.indexOf('<plist');
  if (start < 0) return null;
  const root: Plist[] = [];
  const open: Open[] = [{ into: root, key: null }];
  token.lastIndex = xml.indexOf('>', start) + 1;
  for (let match = token.exec(xml); match; match = token.exec(xml)) {
    const [, closes, name = '', empty, text = ''] = match;
    if (closes) {
      if (name === 'plist') break;
      if (name === 'dict' || name === 'array') open.pop();
      if (open.length === 0) return null;
      continue;
    }
    const top = open.at(-1) as Open;
    if (name === 'key') {
      top.key = unescaped(text);
      continue;
    }
    const value = plistValue(name, text);
    put(top, value);
    if (isContainer(value) && !empty) {
      if (open.length >= deepest) return null;
      open.push({ into: value, key: null });
    }
  }
  return root[0] ?? null;
}

interface Open {
  into: Plist[] | { [key: string]: Plist };
  key: string | null;
}

function put({ into, key }: Open, value: Plist): void {
  if (Array.isArray(into)) into.push(value);
  else if (key !== null) into[key] = value;
}

function plistValue(name: string, text: string): Plist {
  switch (name) {
    case 'dict':
      // No prototype: a key may have any name.
      return Object.create(null) as { [key: string]: Plist };
    case 'array':
      return [];
    case 'integer':
      return Number(text.trim());
    case 'true':
      return true;
    case 'false':
      return false;
    case 'data':
      return Uint8Array.from(Buffer.from(text, 'base64'));
    default:
      return unescaped(text);
  }
}

function isContainer(value: Plist): value is Plist[] | { [key: string]: Plist } {
  return typeof value === 'object' && !(value instanceof Uint8Array);
}

function unescaped(text: string): string {
  return text.replaceAll(/&([a-z]+);/g, (whole, name: string) => entities[name] ?? whole);
}
