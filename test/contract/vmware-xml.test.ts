import { describe, expect, it } from 'vitest';
import { element, envelope, escapeXml, reference, value } from '../../electron/targets/soap/write.ts';
import { all, find, parseXml, textAt, xsiType } from '../../electron/targets/soap/xml.ts';

describe('what a server sends', () => {
  it('is read by local names, whatever the prefixes are', () => {
    const root = parseXml(
      '\uFEFF<?xml version="1.0"?>\n<!-- hello --><s:Envelope xmlns:s="x"><s:Body><r xmlns="urn:vim25"><returnval type="HostSystem" XMLSchema-instance:type=\'x:ManagedObjectReference\'>host-1</returnval><returnval/></r></s:Body></s:Envelope>\n',
    );
    const [first, second] = all(find(root, 'Body', 'r'), 'returnval');
    expect([first?.text, first?.attributes.get('type'), xsiType(first ?? null)]).toEqual([
      'host-1',
      'HostSystem',
      'ManagedObjectReference',
    ]);
    expect(second?.text).toBe('');
    expect(textAt(root, 'Body', 'nothing')).toBeNull();
  });

  it('keeps every character, escaped, numbered or in CDATA', () => {
    const root = parseXml('<a b="&lt;&quot;&#x41;">1 &amp; 2 &gt; &#8364; &#x1F600;<c/><![CDATA[<&b;>]]></a>');
    expect(root.text).toBe('1 & 2 > € 😀<&b;>');
    expect(root.attributes.get('b')).toBe('<"A');
  });

  it.each([
    ['a document type', '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'],
    ['an entity of its own', '<a>&b;</a>'],
    ['a bare ampersand', '<a>1 & 2</a>'],
    ['a character that is none', '<a>&#xD800;</a>'],
    ['a character beyond all', '<a>&#x110000;</a>'],
    ['an end that does not fit', '<a><b></a></b>'],
    ['an end of its own', '</a>'],
    ['no end', '<a><b>'],
    ['half a tag', '<a b="1'],
    ['an attribute without quotes', '<a b=1/>'],
    ['an attribute twice glued', '<a b="1"c="2"/>'],
    ['two roots', '<a/><b/>'],
    ['text around', 'x<a/>'],
    ['text behind', '<a/>x'],
    ['nothing', ''],
    ['a page', '<html>It works!<br></html>'],
    ['a comment without end', '<a><!-- </a>'],
    ['too deep', `${'<a>'.repeat(101)}${'</a>'.repeat(101)}`],
    ['too many', `<a>${'<b/>'.repeat(400_000)}</a>`],
  ])('is refused with %s', (_what, text) => {
    expect(() => parseXml(text)).toThrow();
  });

  it('takes no longer for what is made to take long', () => {
    const began = performance.now();
    const hostile = [
      `<a ${'b '.repeat(200_000)}>`,
      `<a ${' '.repeat(1_000_000)}`,
      `<${'a'.repeat(1_000_000)}`,
      '<'.repeat(1_000_000),
      `<a>${'&'.repeat(1_000_000)}</a>`,
      `<a>${'<![CDATA['.repeat(100_000)}`,
    ];
    for (const text of hostile) expect(() => parseXml(text)).toThrow();
    expect(performance.now() - began).toBeLessThan(2000);
  });
});

describe('what is sent', () => {
  it('says the same when it is read, whatever stands in it', () => {
    const nasty = `<a>&"'\u0000\u0007]]>\u20ac</password><x/>`;
    const sent = envelope('Login', { type: 'Session"Manager', value: 'a<b' }, [
      value('userName', nasty),
      reference('host', { type: 'HostSystem', value: '"><x/>' }),
      element('spec', [value('on', true), value('n', 3)], 'ClusterConfigSpecEx'),
    ]);
    const call = find(parseXml(sent), 'Body', 'Login');
    expect(call?.children.map(({ name }) => name)).toEqual(['_this', 'userName', 'host', 'spec']);
    expect(find(call, '_this')?.attributes.get('type')).toBe('Session"Manager');
    expect([textAt(call, '_this'), find(call, 'userName')?.text]).toEqual(['a<b', nasty.replace('\u0000\u0007', '')]);
    expect([textAt(call, 'host'), textAt(call, 'spec', 'on'), xsiType(find(call, 'spec'))]).toEqual([
      '"><x/>',
      'true',
      'ClusterConfigSpecEx',
    ]);
    expect(escapeXml('\ufffe\uffff')).toBe('');
  });
});
