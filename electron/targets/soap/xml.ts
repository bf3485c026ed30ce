/** One element of a parsed document. */
export interface XmlNode {
  /** Without its prefix: servers choose prefixes as they like. */
  name: string;
  /** Those with a prefix stand under `:name`, so that `type` and `xsi:type` are two. */
  attributes: ReadonlyMap<string, string>;
  children: XmlNode[];
  /** Its own text, without that of its children. */
  text: string;
}

/** More than any answer to us nests, and has elements. */
const deepest = 100;
const mostNodes = 400_000;

const openName = /<([^\s/>=<"'&!?]+)/y;
const attribute = /\s+([^\s=<>"'/&]+)\s*=\s*(?:"([^"<]*)"|'([^'<]*)')/y;
const openEnd = /\s*(\/?)>/y;
const closing = /<\/([^\s/>=<"'&!?]+)\s*>/y;

const local = (name: string): string => name.slice(name.indexOf(':') + 1);
const isBlank = (text: string): boolean => /^\s*$/.test(text);

/**
 * Parses a whole document, strictly. There is no document type and so no entity but the five of XML itself: nothing
 * grows, and nothing is fetched.
 * @throws Error when it is not well-formed, has a document type, or is deeper or larger than any answer can be
 * @see https://www.w3.org/TR/xml/ (2.4 Character Data, 4.6 Predefined Entities)
 */
export function parseXml(text: string): XmlNode {
  const root: XmlNode = { name: '', attributes: new Map(), children: [], text: '' };
  const open: Array<{ node: XmlNode; tag: string }> = [{ node: root, tag: '' }];
  let nodes = 0;
  let at = text.startsWith('\uFEFF') ? 1 : 0;

  const top = (): XmlNode => (open.at(-1) as { node: XmlNode }).node;
  const skipTo = (end: string, what: string): void => {
    const found = text.indexOf(end, at);
    if (found < 0) throw new Error(`${what} that does not end`);
    at = found + end.length;
  };
  const match = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = at;
    const found = pattern.exec(text);
    if (found) at = pattern.lastIndex;
    return found;
  };
  const addText = (more: string): void => {
    if (open.length > 1) top().text += more;
    else if (!isBlank(more)) throw new Error('text outside of the document');
  };
  const begin = (tag: string): void => {
    if (open.length > deepest) throw new Error(`elements nest deeper than ${deepest}`);
    nodes += 1;
    if (nodes > mostNodes) throw new Error(`more than ${mostNodes} elements`);
    if (open.length === 1 && root.children.length > 0) throw new Error('a second root element');
    const attributes = new Map<string, string>();
    for (let one = match(attribute); one; one = match(attribute)) {
      const [, name = '', double, single] = one;
      attributes.set(name.includes(':') ? `:${local(name)}` : name, decode(double ?? single ?? ''));
    }
    const end = match(openEnd);
    if (!end) throw new Error(`the element ${tag.slice(0, 40)} is not well-formed`);
    const node: XmlNode = { name: local(tag), attributes, children: [], text: '' };
    top().children.push(node);
    if (end[1] === '') open.push({ node, tag });
  };

  while (at < text.length) {
    const next = text.indexOf('<', at);
    addText(decode(text.slice(at, next < 0 ? text.length : next)));
    if (next < 0) break;
    at = next;
    if (text.startsWith('<?', at)) skipTo('?>', 'an instruction');
    else if (text.startsWith('<!--', at)) skipTo('-->', 'a comment');
    else if (text.startsWith('<![CDATA[', at)) {
      const from = at + '<![CDATA['.length;
      skipTo(']]>', 'a CDATA section');
      addText(text.slice(from, at - ']]>'.length));
    } else if (text.startsWith('<!', at)) throw new Error('a document type, which is not accepted');
    else if (text.startsWith('</', at)) {
      const tag = match(closing)?.[1];
      if (tag === undefined || open.length === 1 || open.pop()?.tag !== tag) throw new Error('an end tag out of place');
    } else {
      const tag = match(openName)?.[1];
      if (tag === undefined) throw new Error('a “<” that begins no element');
      begin(tag);
    }
  }
  if (open.length > 1) throw new Error('it ends in the middle of an element');
  const [only] = root.children;
  if (!only) throw new Error('no element');
  return only;
}

const entities: ReadonlyMap<string, string> = new Map([
  ['lt', '<'],
  ['gt', '>'],
  ['amp', '&'],
  ['quot', '"'],
  ['apos', "'"],
]);

function decode(text: string): string {
  if (!text.includes('&')) return text;
  return text.replace(/&([^;&\s]{0,10};)?/g, (whole, name?: string) => {
    const known = entities.get(name?.slice(0, -1) ?? '');
    if (known !== undefined) return known;
    const [, hex, decimal] = /^&#(?:x([0-9a-fA-F]{1,6})|(\d{1,7}));$/.exec(whole) ?? [];
    const code = hex ? Number.parseInt(hex, 16) : decimal ? Number(decimal) : 0;
    if (code === 0 || code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff))
      throw new Error('an entity that is not known');
    return String.fromCodePoint(code);
  });
}

/** The element at the end of `path`, by the first child of each name; null: there is none. */
export function find(node: XmlNode | null, ...path: string[]): XmlNode | null {
  let found = node;
  for (const name of path) found = found?.children.find((one) => one.name === name) ?? null;
  return found;
}

/** Its text without the blanks around it; null: there is no such element. */
export const textAt = (node: XmlNode | null, ...path: string[]): string | null =>
  find(node, ...path)?.text.trim() ?? null;

/** All children of that name. */
export const all = (node: XmlNode | null, name: string): XmlNode[] =>
  node?.children.filter((one) => one.name === name) ?? [];

/** The name of its `xsi:type`, without prefix; empty: it has none. */
export const xsiType = (node: XmlNode | null): string => local(node?.attributes.get(':type') ?? '');
