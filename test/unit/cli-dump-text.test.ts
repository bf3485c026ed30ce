import { describe, expect, it } from 'vitest';
import { type Capture, dumpText } from '../../electron/cli/dump-text.ts';
import { decodeProfile } from '../../electron/ups/hid/decode-profile.ts';
import { smallApc } from '../fakes/ups/small-apc.ts';

const capture = (patch: Partial<Capture> = {}): Capture => ({
  ups: {
    id: 'hid:051d:0002:AB1234',
    name: 'Back-UPS',
    manufacturer: 'APC',
    serial: 'AB1234',
    firmware: '',
    source: 'hid',
    via: 'USB 051d:0002',
    offers: [],
  },
  vendorId: '051d',
  productId: '0002',
  descriptor: Uint8Array.from(smallApc.descriptor),
  features: [{ id: 0x0c, bytes: Uint8Array.of(100, 0x10, 0x0e) }],
  inputs: [],
  failed: [],
  details: [],
  ...patch,
});
const options = { raw: false, serial: false };
const lines = (text: string, key: string) => text.split('\n').filter((line) => line.startsWith(`# ${key} `));

describe('the text of a dump', () => {
  it('is descriptor and profile at once', () => {
    const text = dumpText(capture(), options);
    const { device, reading, fields } = decodeProfile(text, text);
    expect(device).toEqual({ vendorId: 0x051d, productId: 2, name: 'APC Back-UPS' });
    expect(reading).toMatchObject({ charge: 100, runtime: 3600, acPresent: null });
    expect(fields.filter(({ reportId, raw }) => reportId !== 0x0c && raw !== null)).toEqual([]);
  });

  it('lets what was asked for stand before what came by itself', () => {
    const inputs = [
      { id: 0x0c, bytes: Uint8Array.of(1, 2, 3) },
      { id: 0x16, bytes: Uint8Array.of(4) },
    ];
    const text = dumpText(capture({ inputs }), options);
    expect(lines(text, 'report')).toEqual(['# report      0c 64 10 0e', '# report      16 04']);
    expect(lines(text, 'input')).toEqual(['# input       0c 01 02 03']);
    expect(decodeProfile(text, text).reading).toMatchObject({ charge: 100, acPresent: true });
  });

  it('cannot be given lines by what the device calls itself, or by why a report failed', () => {
    const ups = { ...capture().ups, name: 'Back-UPS\n# report 0c 01\n05 84', firmware: 'a\r\n05 84' };
    const text = dumpText(capture({ ups, failed: [{ id: 0x31, why: 'stall\n# report 31 ff' }] }), options);
    expect(lines(text, 'report')).toEqual(['# report      0c 64 10 0e']);
    expect(decodeProfile(text, text).reading.charge).toBe(100);
  });

  it('leaves the values of a report with the serial number out of the table too', () => {
    const details = [0x0c, 0x10].map((id) => ({
      name: 'UPS.X',
      place: `Feature 0x${id.toString(16).padStart(2, '0')}, bits 0..7`,
      raw: '65',
      value: '65 V',
      feeds: null,
      repair: '',
    }));
    const features = [{ id: 0x10, bytes: Uint8Array.from(Buffer.from('AB1234')) }];
    expect(lines(dumpText(capture({ features, details }), options), 'field')).toEqual([
      '# field       UPS.X | Feature 0x0c, bits 0..7 | 65 | 65 V | |',
      '# field       UPS.X | Feature 0x10, bits 0..7 | left out | left out | |',
    ]);
    const open = dumpText(capture({ features, details }), { raw: false, serial: true });
    expect(open).toContain('# report      10 41 42 31 32 33 34');
    expect(open).toContain('# serial      AB1234');
  });
});
