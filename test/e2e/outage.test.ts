import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Rack } from '../fakes/rack/rack.ts';
import type { FakeUps } from '../fakes/ups/fake-ups.ts';
import { App, newDataFolder } from './support/app.ts';
import { Desktop, pictures } from './support/desktop.ts';
import { enterHosts, mainsOff, mainsOn, planFor, plugUps, powerOrder, rackUp, saveAndArm } from './support/lab.ts';

let desktop: Desktop;
let rack: Rack;
let ups: FakeUps;
let app: App;
const data = newDataFolder();

beforeEach(async () => {
  desktop = Desktop.start();
  [rack, ups] = await Promise.all([rackUp(), plugUps()]);
  app = await App.start(data, ups.env());
});

afterEach(async () => {
  await app?.close();
  await ups?.dispose();
  await rack?.down();
  desktop?.stop();
});

test('an outage from the plug to the return: real UPS reader, real hosts, real tray, real notifications', async () => {
  console.log(`Electron ${await app.electron.evaluate(() => process.versions.electron)}`);
  await app.until('the UPS on mains', ({ status }) => status.powers[0]?.state === 'mains');
  await enterHosts(app, rack);
  await saveAndArm(app, planFor({ until: 'silent' }));
  expect((await app.slices()).plan).toMatchObject({ armed: true, checked: { problems: [] } });
  await app.page
    .getByRole('tab', { name: 'Now' })
    .or(app.page.getByRole('link', { name: 'Now' }))
    .first()
    .click();
  desktop.picture('outage-1-mains');
  const cutAt = Date.now();

  mainsOff(ups);
  await app.until('the outage', ({ status }) => status.powers[0]?.state === 'battery');
  console.log(`plug pulled to battery shown: ${Date.now() - cutAt} ms`);
  await app.until('the run', ({ run }) => run?.phase === 'down');
  await expect.poll(() => desktop.notices.length, { timeout: 10_000 }).toBeGreaterThan(0);
  await app.until('the line', ({ run }) => run?.noReturnAt);
  desktop.picture('outage-2-running');
  const down = await app.until(
    'the way down',
    ({ run }) => (run?.phase === 'waiting-for-return' ? run : null),
    110_000,
  );
  desktop.picture('outage-3-down');

  expect(down.downResult).toBe('done');
  for (const machine of rack.hosts) {
    expect(machine.state).toBe('off');
    expect(down.steps[`off-${machine.name}`]).toMatchObject({ state: 'done', attempt: 1 });
  }
  expect(rack.host('esx').crashedVms).toBe(0);
  const order = powerOrder(rack);
  expect(order.filter((name) => name !== 'esx').sort()).toEqual(['db', 'nas', 'web']);
  expect(order.at(-1)).toBe('nas');
  expect(rack.host('nas').powerCommands[0]?.user).toBe('root');
  expect(desktop.notices.join('\n')).toMatch(/power|battery/i);

  mainsOn(ups);
  const ended = await app.until('the return', ({ run }) => (run?.phase === 'ended' ? run : null), 60_000);
  desktop.picture('outage-4-back');
  expect(ended.result).toBe('done');
  for (const machine of rack.hosts) expect(machine.state).toBe('on');
  expect(rack.hosts.every((machine) => machine.wakeCount === 1)).toBe(true);
  const guests = rack.host('esx').esxi?.state.vms.map((vm) => [vm.name, vm.power]);
  expect(guests).toEqual([
    ['dc-1', 'on'],
    ['web front (old)', 'on'],
    ['spare', 'off'],
  ]);

  const journal = readFileSync(join(data, 'runs', readdirSync(join(data, 'runs'))[0] ?? ''), 'utf8');
  for (const machine of rack.hosts) expect(journal).toContain(`"step":"off-${machine.name}","result":"done"`);
  expect(journal).not.toContain(rack.password);
  expect(journal).not.toContain('PRIVATE KEY');
  console.log(`notices: ${desktop.notices.join(' | ')}`);
  console.log(`pictures in ${pictures}`);
});
