import { describe, expect, test } from 'vitest';
import type { Candidate } from '../../electron/ups/hid/candidates.ts';
import { identify } from '../../electron/ups/hid/identity.ts';
import { SharedSerials } from '../../electron/ups/hid/shared-serials.ts';
import { upsSchema } from '../../shared/reading.ts';
import type { Offer } from '../../shared/ups-command.ts';

const candidate = {
  path: '/dev/hidraw4',
  vendorId: 0x051d,
  productId: 2,
  manufacturer: 'APC',
  product: 'Back-UPS RS 1000G FW:900.L10.I USB FW:L10',
  serial: '4B1234',
  port: 'usb-0000:00:14.0-1/input0',
};
const free = () => false;

describe('identity', () => {
  test('is the serial number; the firmware is no part of the name', () => {
    expect(identify(candidate, free)).toEqual({
      id: 'hid:051d:0002:4B1234',
      name: 'Back-UPS RS 1000G',
      manufacturer: 'APC',
      serial: '4B1234',
      firmware: '900.L10.I, USB L10',
      source: 'hid',
      via: 'USB 051d:0002',
      offers: [],
    });
  });

  test.each(['', '   ', '000000000000'])('is the port when the serial number is "%s"', (serial) => {
    expect(identify({ ...candidate, serial }, free)).toMatchObject({
      id: 'hid:051d:0002@usb-0000:00:14.0-1/input0',
      serial: '',
    });
    expect(identify({ ...candidate, serial, port: null }, free).id).toBe('hid:051d:0002@/dev/hidraw4');
  });

  const ports = ['usb-0000:00:14.0-1/input0', 'usb-0000:00:14.0-2/input0'];
  const [one, twin] = ports.map((port) => ({ ...candidate, port, path: `/dev/${port}` })) as [Candidate, Candidate];
  const looks = (...found: Candidate[][]) => {
    const shared = new SharedSerials();
    return found.map((candidates) => {
      shared.note(candidates);
      return candidates.map((each) => identify(each, (id) => shared.has(id)).id);
    });
  };

  test('is the port for both of two with one serial number, whichever is listed first', () => {
    const byPort = ports.map((port) => `hid:051d:0002@${port}`);
    expect(looks([one, twin], [twin, one])).toEqual([byPort, byPort.toReversed()]);
  });

  test('is the port ever after for each of the two, also when it is alone', () => {
    const [alone, both, first, second] = looks([one], [one, twin], [one], [twin]);
    expect(alone).toEqual(['hid:051d:0002:4B1234']);
    expect([...(first ?? []), ...(second ?? [])]).toEqual(both);
  });

  test('is the serial number for two that differ in it, or in their kind', () => {
    expect(looks([one, { ...twin, serial: '4B1235' }])).toEqual([['hid:051d:0002:4B1234', 'hid:051d:0002:4B1235']]);
    expect(looks([one, { ...twin, productId: 3 }])).toEqual([['hid:051d:0002:4B1234', 'hid:051d:0003:4B1234']]);
  });

  test('control characters do not reach the name', () => {
    expect(identify({ ...candidate, product: 'UPS\u0000\u001b[31m\u0007' }, free).name).toBe('UPS[31m');
    expect(identify({ ...candidate, product: '' }, free).name).toBe('UPS 051d:0002');
  });

  test('carries the offers that it is given', () => {
    const offers: Offer[] = [{ command: 'beeper.mute', delay: null, note: '' }];
    expect(identify(candidate, free, offers).offers).toEqual(offers);
  });

  test('is valid whatever the device says', () => {
    const long = '\u202e'.padEnd(5000, 'FW:x ');
    const odd = { ...candidate, manufacturer: long, product: long, serial: long, port: long, path: long };
    expect(upsSchema.safeParse(identify(odd, free)).error).toBeUndefined();
    expect(upsSchema.safeParse(identify(odd, () => true)).error).toBeUndefined();
  });
});

describe('firmware', () => {
  test.each([
    ['Back-UPS RS 1000G FW:900.L10.I USB FW:L10', 'Back-UPS RS 1000G', '900.L10.I, USB L10'],
    ['Back-UPS ES 850G2 FW:938.a2 .I USB FW:a2', 'Back-UPS ES 850G2', '938.a2 .I, USB a2'],
    ['Smart-UPS 1500 RM FW:667.19.I USB FW: 11.03', 'Smart-UPS 1500 RM', '667.19.I, USB 11.03'],
    ['Smart-UPS_3000 FW:UPS 06.0 / ID=1027', 'Smart-UPS_3000', 'UPS 06.0 / ID=1027'],
    ['Back-UPS BX1600MI USB FW:03', 'Back-UPS BX1600MI', '03'],
    ['CP1500PFCLCD', 'CP1500PFCLCD', ''],
    ['UPS FW:', 'UPS', ''],
  ])('%s', (product, name, firmware) => {
    expect(identify({ ...candidate, product }, free)).toMatchObject({ name, firmware });
  });
});
