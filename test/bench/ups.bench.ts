import { cpus } from 'node:os';
import { expect, test } from 'vitest';
import { descriptorNames, profileNames } from '../fakes/ups/fixtures.ts';
import { hasImage } from '../usb/support/image.ts';
import { decodeTime } from './support/decode-time.ts';
import { sideBySide, type Used } from './support/guest-cpu.ts';
import { ratio } from './support/numbers.ts';
import { idleNode, type Polling, polling } from './support/polling.ts';
import { table } from './support/table.ts';

const machine = `Node ${process.version}, ${process.platform} ${process.arch}, ${cpus().length} x ${cpus()[0]?.model}`;

test('what it takes to make a reading of the reports of every make', () => {
  const times = descriptorNames.map(decodeTime);
  expect(times.length).toBeGreaterThanOrEqual(13);
  const us = (ns: number) => `${(ns / 1000).toFixed(1)} us`;
  const rows = times.map(({ name, reports, fields, parse, report, reading, json }) => [
    profileNames.includes(name) ? name : `${name} *`,
    String(reports),
    String(fields),
    us(parse),
    `${report.toFixed(0)} ns`,
    us(reading),
    ratio(reading, json),
  ]);
  const head = [
    'one make each',
    'reports',
    'fields',
    'descriptor',
    'one report',
    'all to a reading',
    'of JSON.parse of it',
  ];
  console.log(`\n${machine}\n\n${table([head, ...rows])}\n\n  * not captured: every report is of ones\n`);
});

test('what polling takes', async () => {
  const idle = await idleNode();
  const measured: [string, Polling][] = [
    ['one UPS on mains', await polling(1)],
    ['ten UPSes on mains', await polling(10)],
    ['ten UPSes on battery', await polling(10, { onBattery: true })],
  ];
  const [one, ten] = measured.map(([, { cpu }]) => cpu);
  // Ten may not cost more than ten times one: what is shared (the heartbeat, the looks) comes once.
  expect(ten).toBeLessThan(10 * Math.max(one ?? 0, 0.1));
  const row = ([name, { cpu, rate }]: [string, Polling]) => [
    name,
    `${cpu.toFixed(2)} %`,
    `${rate.toFixed(1)}/s`,
    ratio(cpu, one ?? 0),
  ];
  console.log(
    `\n${table([
      ['the HID worker, of one processor', 'takes', 'reports', 'to one on mains'],
      ['a Node that does nothing', `${idle.toFixed(2)} %`, '-', ratio(idle, one ?? 0)],
      ...measured.map(row),
    ])}\n`,
  );
});

test.skipIf(!hasImage())("our worker beside NUT's driver", async () => {
  const { ours, nut, idle } = await sideBySide();
  expect(Math.min(ours.reports, nut.reports)).toBeGreaterThan(60);
  const row = (name: string, { cpu, reports }: Used) => [
    name,
    `${cpu} ms`,
    String(reports),
    reports > 0 ? `${(cpu / reports).toFixed(2)} ms` : '-',
  ];
  console.log(
    `\n${table([
      ['a minute on mains, in the virtual machine', 'takes', 'reports', 'each'],
      row("Glidepath's HID worker", ours),
      row("NUT's usbhid-ups", nut),
      row('a Node that does nothing', idle),
      [
        'ours to NUT',
        ratio(ours.cpu, nut.cpu),
        ratio(ours.reports, nut.reports),
        ratio(ours.cpu / ours.reports, nut.cpu / nut.reports),
      ],
    ])}\n`,
  );
});
