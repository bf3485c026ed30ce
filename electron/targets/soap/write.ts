/** A managed object as VMware's API names it. */
export interface Ref {
  /** As `HostSystem`. */
  type: string;
  /** As `host-23`: letters, digits and what else servers put into it; it is escaped wherever it is sent. */
  value: string;
}

/** A piece of XML that is ready to be sent. */
export type Xml = string;

const escapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
  // A reader of XML would make a line feed of it. https://www.w3.org/TR/xml/#sec-line-ends
  '\r': '&#13;',
};

/** Characters that XML cannot hold at all are left out. */
export const escapeXml = (text: string): string =>
  text
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the very ones
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '')
    .replace(/[&<>"'\r]/g, (char) => escapes[char] ?? '');

/**
 * One element. The order of elements counts: the server takes them as a sequence.
 * @param type its `xsi:type`, where the server expects a type that others extend
 */
export const element = (name: string, content: readonly Xml[], type?: string): Xml =>
  `<${name}${type === undefined ? '' : ` xsi:type="${type}"`}>${content.join('')}</${name}>`;

export const value = (name: string, content: string | number | boolean): Xml =>
  element(name, [escapeXml(String(content))]);

export const reference = (name: string, ref: Ref): Xml =>
  `<${name} type="${escapeXml(ref.type)}">${escapeXml(ref.value)}</${name}>`;

/** A call of a method of an object, as the body of a request. */
export const envelope = (method: string, self: Ref, content: readonly Xml[]): Xml =>
  [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/"',
    ' xmlns:xsd="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">',
    `<soapenv:Body><${method} xmlns="urn:vim25">${reference('_this', self)}${content.join('')}</${method}>`,
    '</soapenv:Body></soapenv:Envelope>',
  ].join('');
