import { expect, it } from 'vitest';
import { ApcupsdSource } from '../../electron/ups/apcupsd/apcupsd-source.ts';
import { request } from '../../electron/ups/apcupsd/records.ts';
import { NutSource } from '../../electron/ups/nut/nut-source.ts';
import { backUps } from '../fakes/apcupsd/nis-server.ts';
import { faceHostility } from '../fuzz/hostile-server.ts';
import { Chance } from '../fuzz/ups-chance.ts';

const connections = 120;
const common = { id: 'one', address: '127.0.0.1' };
const deps = { password: () => Promise.resolve('secret'), changed: () => undefined };

it('outlives hostile NUT servers on real sockets', { timeout: 120_000 }, async () => {
  const honest = Buffer.from('BEGIN LIST UPS\nUPS rack "x"\nEND LIST UPS\n');
  const { faults } = await faceHostility({ connections, chance: new Chance(1), honest }, (port, clock) => {
    return new NutSource({ ...common, kind: 'nut', port, user: 'me', certificate: null }, { ...deps, clock });
  });
  // Each connection but the one that is still open has ended in a fault.
  expect(faults).toBe(connections - 1);
});

it('does not send a word more than STARTTLS to hostile servers with a pinned certificate', {
  timeout: 120_000,
}, async () => {
  const honest = Buffer.from('OK STARTTLS\n');
  const certificate = `SHA256:${'0'.repeat(64)}`;
  const { faults, said } = await faceHostility({ connections, chance: new Chance(2), honest }, (port, clock) => {
    return new NutSource({ ...common, kind: 'nut', port, user: 'me', certificate }, { ...deps, clock });
  });
  expect(faults).toBe(connections - 1);
  // Nothing, or STARTTLS with at most the first record of a handshake behind it.
  const words = said.map((text) => text.split('\u0016', 1)[0]);
  expect(words.filter((text) => text !== '' && text !== 'STARTTLS\n')).toEqual([]);
  expect(said.join('')).not.toMatch(/USERNAME|secret/);
});

it('outlives hostile apcupsd servers on real sockets', { timeout: 120_000 }, async () => {
  const records = Object.entries(backUps).map(([key, value]) => request(`${key.padEnd(9)}: ${value}\n`));
  const honest = Buffer.concat([...records, request('')]);
  const { faults } = await faceHostility({ connections, chance: new Chance(3), honest }, (port, clock) => {
    return new ApcupsdSource({ ...common, kind: 'apcupsd', port }, { ...deps, clock });
  });
  expect(faults).toBeGreaterThan(10);
});
