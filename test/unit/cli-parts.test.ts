import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { dataFolder } from '../../electron/cli/data-folder.ts';
import { faultLine } from '../../electron/cli/fault-line.ts';
import { stateWords } from '../../electron/cli/state-words.ts';
import { readTextFile } from '../../electron/cli/text-file.ts';
import { withoutSerialBytes, withoutSerialText } from '../../electron/cli/without-serial.ts';
import { emptyReading } from '../../shared/reading.ts';
import { temporaryFolder } from '../fakes/temp-folder.ts';

describe('the data folder', () => {
  it.each([
    [{ GLIDEPATH_DATA: '/rack', XDG_CONFIG_HOME: '/x' }, 'linux', '/rack'],
    [{ XDG_CONFIG_HOME: '/x' }, 'linux', '/x/Glidepath'],
    [{}, 'linux', '/home/me/.config/Glidepath'],
    [{ XDG_CONFIG_HOME: '/x' }, 'darwin', '/home/me/Library/Application Support/Glidepath'],
    [{ APPDATA: '/roaming' }, 'win32', '/roaming/Glidepath'],
    [{}, 'win32', '/home/me/AppData/Roaming/Glidepath'],
  ] as const)('%j on %s is %s', (env, platform, folder) => {
    expect(dataFolder(env, platform, '/home/me')).toBe(folder);
  });
});

describe('a fault', () => {
  it('is one line, with one full stop, and cannot command the terminal', () => {
    const fault = { code: 'internal', where: 'a\nfile', what: 'It is \u001b[2Jbroken. ', remedy: 'Mend it.' } as const;
    expect(faultLine(fault)).toBe('a file: It is ?[2Jbroken. Mend it.');
    expect(faultLine({ ...fault, what: 'Broken' })).toBe('a file: Broken. Mend it.');
  });
});

describe('a state in words', () => {
  const reading = (patch: object) => stateWords({ ...emptyReading('ups', 0), ...patch });

  it('leaves out what is not known', () => {
    expect(reading({})).toBe('power state unknown');
    expect(reading({ acPresent: true, charge: 99.96, runtime: 3600, load: 20.44 })).toBe(
      'on mains, charge 100 %, 1 h left, load 20.4 %',
    );
  });

  it('says what is wrong', () => {
    expect(reading({ acPresent: false, belowCapacityLimit: true, charge: 0, needReplacement: true })).toBe(
      'on battery, low battery, replace battery, charge 0 %',
    );
    expect(reading({ discharging: true })).toBe('on battery');
    expect(reading({ acPresent: true, discharging: true, testing: true })).toBe('on mains, testing');
  });
});

describe('a serial number', () => {
  const report = (id: number, text: string, encoding: BufferEncoding = 'latin1') => ({
    id,
    bytes: Uint8Array.from(Buffer.from(text, encoding)),
  });
  const shown = (reports: ReturnType<typeof report>[], serial: string) => {
    const cleaned = withoutSerialBytes(reports, serial);
    return {
      held: [...cleaned.held],
      texts: cleaned.reports.map(({ bytes }) => Buffer.from(bytes).toString('latin1')),
    };
  };

  it('is blanked wherever it is spelled, also across reports', () => {
    expect(shown([report(1, 'x'), report(2, '<AB12'), report(3, '34>'), report(4, 'AB1234AB1234')], 'AB1234')).toEqual({
      held: [2, 3, 4],
      texts: ['x', '<    ', '  >', '            '],
    });
  });

  it('is blanked as UTF-16 too', () => {
    expect(shown([report(1, 'AB12', 'utf16le')], 'AB12')).toEqual({ held: [1], texts: [' \0'.repeat(4)] });
  });

  it.each<[string, string[], string[]]>([
    ['padded', ['3B1234\0\0', 'X56789\0\0'], ['      \0\0', '      \0\0']],
    ['padded, with a short last piece', ['3B1234X  ', '56789\0', 'other'], [' '.repeat(9), '     \0', 'other']],
    ['in another order', ['X56789', '3B1234'], ['      ', '      ']],
    ['in another order, with a short piece', ['89\0', '3B1234X567'], ['  \0', '          ']],
    ['in small letters', ['3b1234x56789'], [' '.repeat(12)]],
  ])('is blanked %s', (_how, sent, texts) => {
    const reports = sent.map((text, index) => report(index + 1, text));
    expect(shown(reports, '3B1234X56789').texts).toEqual(texts);
  });

  it('takes no numbers with it that only look like a piece', () => {
    const sent = ['4', '4\u00005', '12'].map((text, index) => report(index + 1, text));
    expect(shown(sent, '3B1234X56789').held).toEqual([]);
    expect(shown([...sent.slice(0, 2), report(9, '3B1234X56789')], '3B1234X56789').held).toEqual([9]);
  });

  it('of under four letters is no secret, and would blank half of everything', () => {
    expect(shown([report(1, 'abc')], 'a')).toEqual({ held: [], texts: ['abc'] });
    expect(shown([report(1, 'abc')], '')).toEqual({ held: [], texts: ['abc'] });
    expect(withoutSerialText('a UPS', '')).toBe('a UPS');
  });

  it('leaves texts', () => {
    expect(withoutSerialText('UPS AB12 (ab12)', 'AB12')).toBe('UPS (serial) ((serial))');
    expect(withoutSerialText('a.+b axxb', 'A.+B')).toBe('(serial) axxb');
    expect(withoutSerialText('UPS AB/1-2 ok', 'AB/1-2')).toBe('UPS (serial) ok');
  });
});

describe('a file that the user names', () => {
  it('is read as it is', async () => {
    const path = join(await temporaryFolder(), 'a.txt');
    writeFileSync(path, 'grün\n');
    expect(await readTextFile(path)).toBe('grün\n');
  });

  it('is refused when it is not there, not a file, too large or not text', async () => {
    const folder = await temporaryFolder();
    const at = (name: string) => join(folder, name);
    mkdirSync(at('folder'));
    writeFileSync(at('large'), Buffer.alloc(1_000_001, '0'));
    writeFileSync(at('latin'), Buffer.from([0x61, 0xe4, 0x61]));
    const what = async (name: string) => {
      const refusal = await readTextFile(at(name)).catch((error: unknown) => error);
      return (refusal as { fault?: { where: string; what: string } }).fault;
    };
    expect(await what('none')).toMatchObject({ where: at('none'), what: 'There is no such file' });
    expect(await what('folder')).toMatchObject({ where: at('folder'), what: 'It is a folder' });
    expect(await what('large')).toMatchObject({ what: 'It has 1000001 bytes; such a file has 1000000 at most' });
    expect(await what('latin')).toMatchObject({ what: 'It is not a text file' });
  });
});
