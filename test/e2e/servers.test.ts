import { afterEach, beforeEach, expect, test } from 'vitest';
import type { UpsServer } from '../../shared/supplies.ts';
import { hasApcupsd, startApcupsd } from '../fakes/apcupsd/daemon.ts';
import { startUpsd } from '../fakes/nut/upsd.ts';
import type { Rack } from '../fakes/rack/rack.ts';
import { App, newDataFolder } from './support/app.ts';
import { Desktop } from './support/desktop.ts';
import { enterHosts, planFor, powerOrder, rackUp, saveAndArm } from './support/lab.ts';

let desktop: Desktop;
let rack: Rack;
let app: App;
const cleanUps: (() => Promise<unknown>)[] = [];

beforeEach(async () => {
  desktop = Desktop.start();
  rack = await rackUp();
  app = await App.start(newDataFolder(), {});
});

afterEach(async () => {
  await app?.close();
  for (const cleanUp of cleanUps.splice(0)) await cleanUp();
  await rack?.down();
  desktop?.stop();
});

/** The whole way, with a UPS that only a server knows: on mains, cut, every host off, mains back, every host on. */
async function outage(name: string, server: UpsServer, mains: (on: boolean) => void): Promise<void> {
  await app.request('servers.save', { server });
  await app.until('the UPS on mains', ({ status }) => status.powers[0]?.state === 'mains');
  await enterHosts(app, rack);
  await saveAndArm(app, planFor({ until: 'port-closed' }));
  const cutAt = Date.now();
  mains(false);
  await app.until('the outage', ({ status }) => status.powers[0]?.state === 'battery');
  const seen = Date.now() - cutAt;
  await app.until('the way down', ({ run }) => (run?.phase === 'waiting-for-return' ? run : null), 90_000);
  expect(rack.hosts.map((host) => [host.name, host.state])).toEqual(rack.hosts.map((host) => [host.name, 'off']));
  expect(rack.host('esx').crashedVms).toBe(0);
  expect(powerOrder(rack).at(-1)).toBe('nas');
  desktop.picture(`servers-${name}`);
  mains(true);
  const ended = await app.until('the return', ({ run }) => (run?.phase === 'ended' ? run : null), 60_000);
  expect(ended.result).toBe('done');
  expect(rack.hosts.every((host) => host.state === 'on')).toBe(true);
  console.log(`${name}: cut to battery in the window ${seen} ms, all hosts off and back`);
}

test('an outage told by a real upsd', async () => {
  const onMains = {
    'ups.status': 'OL',
    'battery.charge': '100',
    'battery.runtime': '3600',
    'ups.mfr': 'EATON',
    'ups.model': '5P 1550',
    'input.voltage': '231.0',
  };
  const upsd = await startUpsd({ ups: { rack: onMains } });
  cleanUps.push(() => upsd.stop());
  await outage(
    'upsd',
    { id: 'nut', kind: 'nut', address: '127.0.0.1', port: upsd.port, user: '', certificate: null },
    (on) =>
      upsd.set(
        'rack',
        on ? { ...onMains, 'battery.charge': '80' } : { 'ups.status': 'OB DISCHRG', 'battery.runtime': '120' },
      ),
  );
});

/** Under CI a missing apcupsd is a failure, not a skip. */
test.skipIf(!hasApcupsd && process.env.CI !== 'true')('an outage told by a real apcupsd', async () => {
  const apcupsd = await startApcupsd();
  cleanUps.push(() => apcupsd.stop());
  await outage('apcupsd', { id: 'apc', kind: 'apcupsd', address: '127.0.0.1', port: apcupsd.port }, (on) =>
    apcupsd.mains(on, on ? 45 : 2),
  );
});
