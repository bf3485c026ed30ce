import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const folder = join(import.meta.dirname, '../../fixtures/hid');

/** One line of a profile: a field, and what it holds in the captured reports. */
export interface ProfileField {
  path: string;
  collections: string;
  usage: string;
  type: 'Input' | 'Output' | 'Feature';
  reportId: number;
  /** Bits after the report id byte. */
  offset: number;
  size: number;
  logMin: number;
  logMax: number;
  physMin: number | null;
  physMax: number | null;
  unit: string;
  unitExp: number;
  access: 'data' | 'const';
  /** Null: this report was not captured. */
  raw: number | null;
  value: number | null;
  /** What NUT printed for it. */
  nutValue: number | null;
  check: string;
}

export interface Profile {
  device: string;
  /** Report id to payload, without the id byte. */
  reports: ReadonlyMap<number, Buffer>;
  fields: readonly ProfileField[];
}

export interface Descriptor {
  bytes: Buffer;
  vendorId: number;
  productId: number;
  model: string;
  /** Payload bytes by report id, as the header states them. */
  lengths: Record<'Input' | 'Feature', ReadonlyMap<number, number>>;
}

export const profileNames = namesOf('profiles', '.tsv');
export const descriptorNames = namesOf('descriptors', '.hex');

export function readDescriptor(name: string): Descriptor {
  const lines = readFileSync(join(folder, 'descriptors', `${name}.hex`), 'utf8').split('\n');
  const head = (key: string) =>
    lines
      .find((line) => line.startsWith(`# ${key} `))
      ?.slice(key.length + 2)
      .trim() ?? '';
  const lengths = (type: string) => {
    const line = lines.find((text) => text.startsWith('# reports') && text.includes(`${type}: `)) ?? '';
    return new Map([...line.matchAll(/([0-9a-f]{2}):(\d+)/g)].map(([, id, size]) => [hex(id), Number(size)]));
  };
  const [vid, pid] = head('vid:pid').split(':');
  const bytes = lines
    .filter((line) => !line.startsWith('#'))
    .join('')
    .replaceAll(/\s/g, '');
  return {
    bytes: Buffer.from(bytes, 'hex'),
    vendorId: hex(vid),
    productId: hex(pid),
    model: head('model'),
    lengths: { Input: lengths('Input'), Feature: lengths('Feature') },
  };
}

export function readProfile(name: string): Profile {
  const lines = readFileSync(join(folder, 'profiles', `${name}.tsv`), 'utf8')
    .trimEnd()
    .split('\n');
  const reports = lines.filter((line) => line.startsWith('# report ')).map((line) => line.split(/\s+/).slice(2));
  const rows = lines.filter((line) => !line.startsWith('#')).slice(1);
  return {
    device: (lines[0] ?? '').replace(/^# device\s+/, ''),
    reports: new Map(reports.map(([id, ...bytes]) => [hex(id), Buffer.from(bytes.join(''), 'hex')])),
    fields: rows.map((row) => profileField(row.split('\t'))),
  };
}

function profileField(cells: string[]): ProfileField {
  const cell = (index: number) => cells[index] ?? '';
  const number = (index: number) => (cell(index) === '' ? null : Number(cell(index)));
  return {
    path: cell(0),
    collections: cell(1),
    usage: cell(2),
    type: cell(3) as ProfileField['type'],
    reportId: Number(cell(4)),
    offset: Number(cell(5)),
    size: Number(cell(6)),
    logMin: Number(cell(7)),
    logMax: Number(cell(8)),
    physMin: number(9),
    physMax: number(10),
    unit: cell(11),
    unitExp: Number(cell(12)),
    access: cell(13) as ProfileField['access'],
    raw: number(14),
    value: number(15),
    nutValue: number(16),
    check: cell(17),
  };
}

function namesOf(kind: string, suffix: string): string[] {
  const files = readdirSync(join(folder, kind)).filter((name) => name.endsWith(suffix));
  return files.map((name) => name.slice(0, -suffix.length)).sort();
}

function hex(text: string | undefined): number {
  return Number.parseInt(text ?? '', 16);
}
