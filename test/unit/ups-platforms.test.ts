import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type Candidate, upsDescriptor } from '../../electron/ups/hid/candidates.ts';
import { knownDescriptors } from '../../electron/ups/hid/platforms/known-descriptors.ts';
import { isKnownUps, knownVendors } from '../../electron/ups/hid/platforms/known-ids.ts';
import { linux } from '../../electron/ups/hid/platforms/linux.ts';
import { takenUpses } from '../../electron/ups/hid/platforms/linux-usb.ts';
import { descriptorFromRegistry, macos } from '../../electron/ups/hid/platforms/macos.ts';
import { parsePlist } from '../../electron/ups/hid/platforms/plist.ts';
import { knownDescriptorOf, windows } from '../../electron/ups/hid/platforms/windows.ts';
import { saysGone } from '../../electron/ups/hid/report-reader.ts';
import { noAccess, rulesFile, udevRule, vendorRules } from '../../electron/ups/hid/udev-rule.ts';
import { temporaryFolder } from '../fakes/temp-folder.ts';
import { descriptorNames, readDescriptor } from '../fakes/ups/fixtures.ts';

const backUps: Candidate = {
  path: 'DevSrvsID:4294969135',
  vendorId: 0x051d,
  productId: 0x0002,
  manufacturer: 'American Power Conversion',
  product: 'Back-UPS ES 850G2 FW:931.a10.D USB FW:a10',
  serial: '4B1837P41014',
  port: null,
};

describe('macOS: the registry of devices', () => {
  const es = readDescriptor('apc-back-ups-es-850g2').bytes;
  /** As `ioreg -a -l -r -d 1 -c IOHIDDevice` prints it: one entry for each HID device. */
  const entry = (id: number, vendor: number, product: number, serial: string, descriptor: Buffer) => `	<dict>
		<key>IOObjectClass</key>
		<string>AppleUserUSBHostHIDDevice</string>
		<key>IORegistryEntryID</key>
		<integer>${id}</integer>
		<key>DeviceUsagePairs</key>
		<array>
			<dict>
				<key>DeviceUsage</key>
				<integer>4</integer>
				<key>DeviceUsagePage</key>
				<integer>132</integer>
			</dict>
		</array>
		<key>Built-In</key>
		<false/>
		<key>Empty</key>
		<array/>
		<key>Product</key>
		<string>Back-UPS &amp; more</string>
		<key>SerialNumber</key>
		<string>${serial}  </string>
		<key>VendorID</key>
		<integer>${vendor}</integer>
		<key>ProductID</key>
		<integer>${product}</integer>
		<key>ReportDescriptor</key>
		<data>
		${descriptor.toString('base64').replaceAll(/(.{60})/g, '$1\n		')}
		</data>
	</dict>
`;
  const printed = (...entries: string[]) => `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<plist version="1.0">
<array>
${entries.join('')}</array>
</plist>
`;
  const keyboard = entry(4294968000, 1452, 834, '', Buffer.from('05010906a101c0', 'hex'));

  test('the descriptor of the entry that the path names', () => {
    const xml = printed(
      keyboard,
      entry(4294969134, 0x051d, 2, '4B1837P41014', Buffer.of(1)),
      entry(4294969135, 0x051d, 2, '4B1837P41014', es),
    );
    expect(descriptorFromRegistry(xml, backUps)).toEqual(Uint8Array.from(es));
  });

  test('or of the only one with its ids and its serial number', () => {
    const xml = printed(entry(1, 0x051d, 2, 'OTHER', Buffer.of(1)), entry(2, 0x051d, 2, '4B1837P41014', es));
    expect(descriptorFromRegistry(xml, backUps)).toEqual(Uint8Array.from(es));
    const two = printed(entry(1, 0x051d, 2, '4B1837P41014', es), entry(2, 0x051d, 2, '4B1837P41014', es));
    expect(descriptorFromRegistry(two, backUps)).toBeNull();
    expect(descriptorFromRegistry(printed(keyboard), backUps)).toBeNull();
  });

  test.each([
    ['', null],
    ['<plist', null],
    ['<plist><array><dict>', []],
    ['<plist></dict></array></plist>', null],
    [`<plist>${'<array>'.repeat(100)}`, null],
    ['no list at all', null],
  ])('whatever is printed ends soon: %s', (xml, expected) => {
    const found = parsePlist(xml);
    if (expected === null) expect(found).toBeNull();
    else expect(Array.isArray(found)).toBe(true);
    expect(descriptorFromRegistry(xml, backUps)).toBeNull();
  });

  test('a key may have any name', () => {
    expect(parsePlist('<plist><dict><key>__proto__</key><integer>1</integer></dict></plist>')).toEqual(
      Object.assign(Object.create(null), JSON.parse('{"__proto__":1}')),
    );
    expect(({} as Record<string, unknown>)['1']).toBeUndefined();
  });
});

describe('Windows: published descriptors', () => {
  test('are the fixtures, byte for byte, and each is a UPS', () => {
    const fixtures = descriptorNames.map((name) => readDescriptor(name).bytes.toString('base64'));
    for (const { base64, source } of knownDescriptors) {
      expect(fixtures).toContain(base64);
      expect(source).toMatch(/^https:\/\//);
      expect(upsDescriptor(Buffer.from(base64, 'base64')).fields.length).toBeGreaterThan(10);
    }
    // Two units share one, and one is an emulator without ids.
    expect(knownDescriptors).toHaveLength(new Set(fixtures).size - 1);
  });

  test('are found by ids and product name, without its firmware', () => {
    expect(knownDescriptorOf(backUps)).toEqual(Uint8Array.from(readDescriptor('apc-back-ups-es-850g2').bytes));
    expect(knownDescriptorOf({ ...backUps, product: 'Back-UPS ES 700G' })).toBeNull();
    expect(knownDescriptorOf({ ...backUps, productId: 3 })).toBeNull();
  });

  test('a model without one is a fault that says so, and that nothing was tried on hardware', async () => {
    await expect(windows.descriptorOf({ ...backUps, product: 'Back-UPS ES 700G' })).rejects.toMatchObject({
      fault: {
        code: 'ups-unsupported',
        where: 'Back-UPS ES 700G',
        what: expect.stringContaining('this model is not known'),
        remedy: expect.stringContaining('has not been tried with real devices'),
      },
    });
  });
});

describe('Linux: a UPS that another program has taken', () => {
  interface Usb {
    vendor: string;
    product?: string;
    /** Driver of each interface; null: none. */
    interfaces: { class: string; driver: string | null }[];
  }

  /** A folder as /sys/bus/usb/devices. */
  async function bus(devices: Record<string, Usb>): Promise<string> {
    const folder = await temporaryFolder();
    for (const [name, { vendor, product = '0002', interfaces }] of Object.entries(devices)) {
      mkdirSync(join(folder, name));
      writeFileSync(join(folder, name, 'idVendor'), `${vendor}\n`);
      writeFileSync(join(folder, name, 'idProduct'), `${product}\n`);
      writeFileSync(join(folder, name, 'product'), 'Back-UPS BX1600MI\n');
      for (const [index, { class: kind, driver }] of interfaces.entries()) {
        const part = join(folder, `${name}:1.${index}`);
        mkdirSync(part);
        writeFileSync(join(part, 'bInterfaceClass'), `${kind}\n`);
        if (driver) symlinkSync(`../../../../bus/usb/drivers/${driver}`, join(part, 'driver'));
      }
    }
    return folder;
  }
  const hid = (driver: string | null) => ({ class: '03', driver });

  test.each([['usbfs'], [null]])(
    'its HID interface belongs to %s: NUT or apcupsd has it, and what to do',
    async (driver) => {
      expect(takenUpses(await bus({ '1-4': { vendor: '051d', interfaces: [hid(driver)] } }))).toEqual([
        {
          code: 'ups-in-use',
          what: expect.stringMatching(/NUT \(usbhid-ups\) or apcupsd/),
          where: 'Back-UPS BX1600MI at USB 1-4',
          remedy: expect.stringMatching(/UPS server.*stop its driver/),
        },
      ]);
    },
  );

  test.each<[string, Usb]>([
    ["the kernel's driver has it", { vendor: '051d', interfaces: [hid('usbhid')] }],
    ['one of two interfaces is enough', { vendor: '051d', interfaces: [hid('usbhid'), hid('usbfs')] }],
    ['it is no UPS that we know', { vendor: '1d6b', interfaces: [hid('usbfs')] }],
    ['it has no HID interface', { vendor: '051d', interfaces: [{ class: 'ff', driver: 'usbfs' }] }],
  ])('nothing is said when %s', async (_why, device) => {
    expect(takenUpses(await bus({ '1-4': device }))).toEqual([]);
  });

  test('a system without USB is none the worse', () => {
    expect(takenUpses('/nowhere')).toEqual([]);
  });
});

describe('the rules for the permissions', () => {
  const shipped = readFileSync(join(import.meta.dirname, '../../assets/70-glidepath-ups.rules'), 'utf8');
  const lines = shipped.split('\n').filter((line) => line !== '' && !line.startsWith('#'));

  test('the shipped file has what the program knows, and nothing else', () => {
    expect(lines).toEqual(vendorRules());
    expect(lines).toHaveLength(knownVendors.length);
  });

  test('the file and the text of the fault name the same place', () => {
    expect(shipped).toContain(rulesFile);
    const fault = noAccess('Back-UPS', '/dev/hidraw3', backUps);
    expect(fault).toMatchObject({ code: 'ups-no-access', remedy: expect.stringContaining(`into ${rulesFile}, `) });
    expect(fault.remedy).toContain(udevRule(backUps));
    expect(fault.what).toContain('/dev/hidraw3');
  });

  test('the rule of one device is of the same form as the shipped ones', () => {
    const form = (rule: string) => rule.replaceAll(/"[0-9a-f]{4}(\|[0-9a-f]{4})*"/g, '"ids"');
    expect(lines.map(form)).toContain(form(udevRule(backUps)));
  });

  test('vendors that make keyboards too are let in for their UPSes only', () => {
    for (const { vendorId, alsoMakesOthers } of knownVendors) {
      const rule = lines.find((line) => line.includes(`"${vendorId.toString(16).padStart(4, '0')}"`));
      expect(rule?.includes('idProduct')).toBe(alsoMakesOthers);
    }
    expect([
      isKnownUps({ vendorId: 0x03f0, productId: 0x1f06 }),
      isKnownUps({ vendorId: 0x03f0, productId: 0x0024 }),
    ]).toEqual([true, false]);
  });
});

describe('an open that fails', () => {
  test.each([
    ['linux', linux, 'cannot open device with path /dev/hidraw0: open (/dev/hidraw0): Permission denied', /udev/],
    [
      'macos',
      macos,
      'hid_open_path: failed to open IOHIDDevice: (0xE00002E2) (iokit/common) not permitted',
      /Input Monitoring/,
    ],
    ['windows', windows, 'hid_error: CreateFile: (0x00000005) Access is denied.', /own program/],
  ])('for want of a right is told so on %s', (_name, platform, words, remedy) => {
    const fault = platform.noAccess(words, 'Back-UPS', backUps);
    expect(fault).toMatchObject({ code: 'ups-no-access', where: 'Back-UPS', remedy: expect.stringMatching(remedy) });
    expect(platform.noAccess('No such file or directory', 'Back-UPS', backUps)).toBeNull();
  });
});

describe('the words for a device that is gone', () => {
  test.each([
    ['ioctl (GFEATURE): No such device', true],
    ['HidD_GetFeature: (0x0000048F) The device is not connected.', true],
    ['IOHIDDeviceGetReport failed: device not connected', true],
    ['ioctl (GFEATURE): Broken pipe', false],
    ['ioctl (GFEATURE): Connection timed out', false],
  ])('%s: %s', (message, gone) => {
    expect(saysGone(message)).toBe(gone);
  });
});
