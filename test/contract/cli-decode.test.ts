import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { temporaryFolder } from '../fakes/temp-folder.ts';
import { descriptorNames, profileNames, readDescriptor, readProfile } from '../fakes/ups/fixtures.ts';
import { bundleCli, type Ended, runCli } from './cli-kit.ts';

// The built command line as a process of its own, over descriptors and reports of real devices.

const fixtures = join(import.meta.dirname, '../fixtures/hid');
const descriptor = (name: string) => join(fixtures, 'descriptors', `${name}.hex`);
const hex2 = (byte: number) => byte.toString(16).padStart(2, '0');
const profile = (name: string) => join(fixtures, 'profiles', `${name}.tsv`);

let cli = '';
const compared = { nut: 0, raw: 0, differ: 0 };
beforeAll(async () => {
  cli = await bundleCli();
});
afterAll(() => {
  console.log(`ups decode: ${compared.nut} values against NUT's, ${compared.raw} raw ones, ${compared.differ} differ`);
  rmSync(dirname(cli), { recursive: true });
});

interface Decoded {
  device: { vendorId: number; productId: number; name: string };
  fields: {
    path: string;
    type: string;
    reportId: number;
    offset: number;
    size: number;
    raw: number | null;
    value: number | null;
    unit: string;
  }[];
  reading: Record<string, unknown>;
}

async function decoded(descriptorFile: string, profileFile: string): Promise<Decoded> {
  const ended = await runCli(cli, ['ups', 'decode', descriptorFile, profileFile]);
  expect(ended).toMatchObject({ code: 0, stderr: '' });
  return JSON.parse(ended.stdout) as Decoded;
}

const isNear = (value: number | null, wanted: number | null): boolean =>
  value !== null && wanted !== null && Math.abs(value - wanted) <= 1e-6 * Math.max(1, Math.abs(wanted));

/** Some of the logs have whole numbers only. */
const isAsNutHas = (value: number | null, printed: number): boolean =>
  isNear(value, printed) || (value !== null && Number.isInteger(printed) && Math.round(value) === printed);

describe('ups decode', { timeout: 30_000 }, () => {
  test.each(profileNames)('%s: every field stands where the profile has it, with its values', async (name) => {
    const { fields } = await decoded(descriptor(name), profile(name));
    const wrong = readProfile(name).fields.flatMap((row) => {
      const [field, ...twins] = fields.filter(
        ({ path, type, reportId, offset, size }) =>
          path === row.path &&
          type === row.type &&
          reportId === row.reportId &&
          offset === row.offset &&
          size === row.size,
      );
      if (!field || twins.length > 0) return [{ row, field }];
      if (row.raw !== null) compared.raw += 1;
      if (row.nutValue !== null) compared.nut += 1;
      const well =
        (row.raw === null || (field.raw === row.raw && isNear(field.value, row.value))) &&
        (row.nutValue === null || isAsNutHas(field.value, row.nutValue));
      return well ? [] : [{ row, field }];
    });
    compared.differ += wrong.length;
    expect(wrong).toEqual([]);
  });

  test('so many were compared', () => {
    expect(compared).toEqual({ nut: 117, raw: 566, differ: 0 });
  });

  test.each(descriptorNames)('%s: its descriptor parses, with the reports that its header names', async (name) => {
    const { lengths } = readDescriptor(name);
    const reports = join(await temporaryFolder(), 'zeros.tsv');
    const zeros = [...lengths.Feature].map(([id, size]) => [id, ...Buffer.alloc(size)].map(hex2).join(' '));
    writeFileSync(reports, zeros.map((bytes) => `# report ${bytes}\n`).join(''));
    const { fields, device } = await decoded(descriptor(name), reports);
    const features = fields.filter(({ type }) => type === 'Feature');
    expect(new Set(features.map(({ reportId }) => reportId))).toEqual(new Set(lengths.Feature.keys()));
    expect(features.filter(({ raw, size }) => raw !== 0 && size <= 32)).toEqual([]);
    expect(device).toMatchObject({ vendorId: readDescriptor(name).vendorId || 0 });
  });

  test('the reading has the repaired value, the field the one of the descriptor', async () => {
    const { fields, reading } = await decoded(descriptor('tripplite-3016'), profile('tripplite-3016'));
    expect(reading.inputVoltage).toBeCloseTo(121.4, 1);
    expect(fields.find(({ path }) => path.endsWith('Input.Voltage'))?.value).toBeLessThan(1);
  });

  test('paths are from where the command is given', async () => {
    const folder = await temporaryFolder();
    mkdirSync(join(folder, 'sub'));
    writeFileSync(join(folder, 'a.hex'), readFileSync(descriptor('eaton-3s-700')));
    writeFileSync(join(folder, 'sub', 'b.tsv'), readFileSync(profile('eaton-3s-700')));
    const { code, stdout } = await runCli(cli, ['ups', 'decode', '../a.hex', 'b.tsv'], { cwd: join(folder, 'sub') });
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ reading: { charge: 92 } });
  });
});

describe('bad input', { timeout: 30_000 }, () => {
  const good = 'apc-back-ups-bx1600mi';

  /** One line on stderr that names the file, nothing on stdout, exit code 1. */
  function refused(ended: Ended, where: string): void {
    expect(ended).toMatchObject({ code: 1, stdout: '' });
    expect(ended.stderr).toMatch(/^glidepath: [^\n]+\n$/);
    expect(ended.stderr).toContain(where);
    expect(ended.stderr).not.toMatch(/\n\s+at |internal|defect in Glidepath|\.ts:/);
  }

  const hexText = readFileSync(descriptor(good), 'utf8');
  const bytes = hexText
    .split('\n')
    .filter((line) => !line.startsWith('#'))
    .join('\n');
  const garbage = Buffer.from(Array.from({ length: 4096 }, (_, at) => (at * 73 + (at >> 3)) & 0xff));

  test.each([
    ['empty', ''],
    ['with comments only', '# vid:pid 051d:0002\n'],
    ['cut off inside an item', bytes.slice(0, Math.floor(bytes.length / 6) * 3 + 3)],
    ['cut off inside a byte', bytes.trimEnd().slice(0, -1)],
    ['with an odd number of digits', bytes.replace('05 84 09', '05840 9')],
    ['with a letter that is no digit', bytes.replace('05 84', '05 8x')],
    ['of no UPS', '05 01 09 06 a1 01 05 07 75 08 95 01 15 00 25 65 09 04 81 02 c0\n'],
    ['of binary garbage', garbage],
    ['of text', 'Lorem ipsum dolor sit amet\n'],
    ['of 10 MB', Buffer.alloc(10_000_000, '05 84 ')],
  ])('a descriptor %s', async (_, content) => {
    const file = join(await temporaryFolder(), 'bad.hex');
    writeFileSync(file, content);
    const ended = await runCli(cli, ['ups', 'decode', file, profile(good)]);
    refused(ended, 'bad.hex');
    expect(ended.took).toBeLessThan(5000);
  });

  test.each([
    ['empty', ''],
    ['without a report', '# device x\npath\tvalue\nUPS.x\t1\n'],
    ['with bad hex', '# report 0c 6g\n'],
    ['with a byte of three digits', '# report 0c 640\n'],
    ['with a report of no id', '# report\n'],
    ['of binary garbage', garbage],
    ['of 10 MB', Buffer.alloc(10_000_000, '# report 0c 64\n')],
  ])('a profile %s', async (_, content) => {
    const file = join(await temporaryFolder(), 'bad.tsv');
    writeFileSync(file, content);
    const ended = await runCli(cli, ['ups', 'decode', descriptor(good), file]);
    refused(ended, 'bad.tsv');
    expect(ended.took).toBeLessThan(5000);
  });

  test('a file that is not there, and a folder', async () => {
    refused(
      await runCli(cli, ['ups', 'decode', '/no/such.hex', profile(good)]),
      '/no/such.hex: There is no such file.',
    );
    refused(await runCli(cli, ['ups', 'decode', descriptor(good), fixtures]), `${fixtures}: It is a folder.`);
  });

  test('a command that is not understood ends with 2', async () => {
    const none = await runCli(cli, []);
    expect(none).toMatchObject({ code: 2, stdout: '' });
    expect(none.stderr).toMatch(/^glidepath: command line: No command is given\. [^\n]+\n$/);
    expect(await runCli(cli, ['ups', 'decode', 'x'])).toMatchObject({ code: 2, stdout: '' });
  });

  test('--help is on standard output', async () => {
    const help = await runCli(cli, ['--help']);
    expect(help).toMatchObject({ code: 0, stderr: '' });
    expect(help.stdout).toMatch(/^Usage: /);
  });
});
