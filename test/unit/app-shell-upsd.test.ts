import { expect, onTestFinished, test } from 'vitest';
import { systemClock } from '../../electron/brain/system-clock.ts';
import type { NutServer } from '../../shared/supplies.ts';
import { hasUpsd, startUpsd } from '../fakes/nut/upsd.ts';
import { sampleNas } from '../fakes/sample-rack.ts';
import { temporaryFolder } from '../fakes/temp-folder.ts';
import { brainIn } from './app-shell-room.ts';

const soon = { timeout: 20_000, interval: 50 };

/** Under CI a missing upsd is a failure, not a skip. */
test.skipIf(!hasUpsd && process.env.CI !== 'true')(
  'a real NUT server is set up from the window: its certificate, its password, its UPS and an outage of it',
  { timeout: 60_000 },
  async () => {
    const upsd = await startUpsd({
      ups: { rack: { 'ups.status': 'OL', 'battery.charge': '88', 'ups.model': 'Tower 900' } },
      users: [{ name: 'glidepath', password: 'right', rights: ['upsmon secondary'] }],
      tls: true,
    });
    onTestFinished(() => upsd.stop());
    const { brain, pushed } = await brainIn(await temporaryFolder(), systemClock, []);
    const { handlers } = brain;
    const address = '127.0.0.1';
    const { port } = upsd;
    const { fingerprint } = await handlers['servers.readCertificate']({ address, port });
    expect(fingerprint).toBe(upsd.fingerprint);
    const server: NutServer = {
      id: 'nut-1',
      kind: 'nut',
      address,
      port,
      user: 'glidepath',
      certificate: fingerprint,
    };
    await handlers['servers.save']({ server });
    const shown = () => pushed.supplies?.servers[0];
    // A connection is there already when the password comes: it must be used all the same, and so must the next one.
    await expect.poll(shown, soon).toMatchObject({ hasSecret: false, fault: { code: 'no-credential' } });
    await handlers['servers.setPassword']({ id: 'nut-1', password: 'wrong' });
    await expect.poll(shown, soon).toMatchObject({ hasSecret: true, fault: { code: 'ups-refused' } });
    await handlers['servers.setPassword']({ id: 'nut-1', password: 'right' });
    await expect.poll(shown, soon).toMatchObject({ hasSecret: true, fault: null });

    const upsId = `nut:${address}:${port}/rack`;
    await expect
      .poll(() => brain.supplies.known, soon)
      .toEqual([{ id: upsId, name: 'Tower 900', commandsAllowed: false }]);
    await handlers['ups.save']({ supply: { id: upsId, name: 'Rack', commandsAllowed: false } });
    await expect.poll(() => brain.status().powers[0], soon).toMatchObject({ state: 'mains', ups: { name: 'Rack' } });
    upsd.set('rack', { 'ups.status': 'OB DISCHRG', 'battery.charge': '80' });
    await expect.poll(() => pushed.events?.[0]?.kind, soon).toBe('power-lost');
    upsd.set('rack', { 'ups.status': 'OL CHRG' });
    await expect
      .poll(() => pushed.events?.[0], soon)
      .toMatchObject({
        kind: 'power-back',
        upsName: 'Rack',
        sentence: expect.stringMatching(/^Mains back after \d+ s, charge down to 80 %$/),
      });
    expect(await handlers['ups.details']({ upsId })).toContainEqual(
      expect.objectContaining({ name: 'battery.charge' }),
    );
    await handlers['servers.remove']({ id: 'nut-1' });
    expect(brain.status().powers).toEqual([]);
  },
);

/** As above. */
test.skipIf(!hasUpsd && process.env.CI !== 'true')(
  'a NUT server that has moved takes its UPS along: what was said at the old place proves nothing any more',
  { timeout: 60_000 },
  async () => {
    const before = await startUpsd({ ups: { rack: { 'ups.status': 'OB DISCHRG' } } });
    onTestFinished(() => before.stop());
    const after = await startUpsd({ ups: { rack: { 'ups.status': 'OL' } } });
    onTestFinished(() => after.stop());
    const { brain } = await brainIn(await temporaryFolder(), systemClock, []);
    const { handlers } = brain;
    const server = { id: 'nut-1', kind: 'nut', address: '127.0.0.1', user: '', certificate: null } as const;
    const idAt = (port: number) => `nut:127.0.0.1:${port}/rack`;
    const powers = () => brain.status().powers.map(({ ups, state }) => `${ups.name}: ${state} (${ups.id})`);
    await handlers['servers.save']({ server: { ...server, port: before.port } });
    await expect.poll(() => brain.supplies.known, soon).toMatchObject([{ id: idAt(before.port) }]);
    await handlers['ups.save']({ supply: { id: idAt(before.port), name: 'Rack', commandsAllowed: false } });
    await handlers['hosts.save']({ host: { ...sampleNas, fedBy: { upses: [idAt(before.port)], need: 'any' } } });
    await expect.poll(powers, soon).toEqual([`Rack: battery (${idAt(before.port)})`]);
    await handlers['servers.save']({ server: { ...server, port: after.port } });
    expect(powers()).toEqual([]);
    await expect.poll(powers, soon).toEqual([`Rack: mains (${idAt(after.port)})`]);
    expect(brain.supplies.known).toMatchObject([{ id: idAt(after.port), name: 'Rack' }]);
    expect(brain.workspace.host(sampleNas.id).fedBy.upses).toEqual([idAt(after.port)]);
    expect(brain.workspace.plan().checked.problems).toEqual([]);
    await handlers['servers.remove']({ id: 'nut-1' });
    expect(powers().join()).not.toContain('mains');
  },
);
