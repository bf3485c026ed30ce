import type { Chance } from '../../fuzz/ups-chance.ts';

/** Bodies that are XML, or nearly, and no answer. */
export interface XmlAttack {
  name: string;
  body(chance: Chance, honest: string): string | Buffer;
}

const MiB = 2 ** 20;
const entities = Array.from({ length: 9 }, (_, at) => `<!ENTITY l${at + 1} "${`&l${at};`.repeat(10)}">`).join('');
const within = (inner: string): string => `<soapenv:Envelope><soapenv:Body>${inner}</soapenv:Body></soapenv:Envelope>`;

export const xmlAttacks: readonly XmlAttack[] = [
  {
    name: 'a billion laughs',
    body: () => `<?xml version="1.0"?><!DOCTYPE x [<!ENTITY l0 "lol">${entities}]>${within('<a>&l9;</a>')}`,
  },
  {
    name: 'a file as an entity',
    body: () => `<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]>${within('<a>&f;</a>')}`,
  },
  { name: 'an entity that is not known', body: () => within(`<a>${'&nbsp;'.repeat(1000)}</a>`) },
  { name: 'a million elements deep', body: () => '<a>'.repeat(MiB) },
  { name: 'a million elements', body: () => within('<a/>'.repeat(MiB)) },
  { name: 'a name of 4 MiB', body: () => `<${'a'.repeat(4 * MiB)}` },
  { name: 'attributes of 4 MiB', body: () => `<a ${'b="c" '.repeat(MiB / 2)}` },
  { name: 'an attribute without an end', body: () => `<a b="${'c'.repeat(4 * MiB)}` },
  { name: 'blanks of 4 MiB in a tag', body: () => `<a${' '.repeat(4 * MiB)}b` },
  { name: 'a comment without an end', body: () => `<!--${'-'.repeat(4 * MiB)}` },
  { name: 'comments of 4 MiB', body: () => '<!---->'.repeat(MiB / 2) },
  { name: 'a CDATA section without an end', body: () => within(`<a><![CDATA[${']'.repeat(4 * MiB)}`) },
  { name: 'a text of 7 MiB', body: () => `<a>${'x'.repeat(7 * MiB)}` },
  { name: 'a million “&”', body: () => within(`<a>${'&'.repeat(MiB)}</a>`) },
  { name: 'a million “<”', body: () => '<'.repeat(MiB) },
  { name: 'no body', body: () => '<soapenv:Envelope><soapenv:Header/></soapenv:Envelope>' },
  { name: 'two roots', body: (_chance, honest) => honest.replace(/^<\?[^>]*>/, '').repeat(2) },
  { name: 'UTF-16', body: (_chance, honest) => Buffer.from(`\ufeff${honest}`, 'utf16le') },
  { name: 'an answer without a body', body: () => within('') },
];
