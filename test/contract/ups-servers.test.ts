import { expect, it, onTestFinished } from 'vitest';
import { systemClock } from '../../electron/brain/system-clock.ts';
import { UpsServers } from '../../electron/ups/servers.ts';
import type { UpsServer } from '../../shared/supplies.ts';
import { startNisServer } from '../fakes/apcupsd/nis-server.ts';
import { freePort } from '../fakes/server-process.ts';
import { eventually, faultOf, listen } from './ups-kit.ts';

const timeout = { timeout: 40_000 };
const at = (id: string, port: number): UpsServer => ({ id, kind: 'apcupsd', address: '127.0.0.1', port });

function servers(): UpsServers {
  const made = new UpsServers({ clock: systemClock, password: () => Promise.resolve(null), changed: () => undefined });
  onTestFinished(() => made.stop());
  return made;
}

async function daemon() {
  const made = await startNisServer();
  onTestFinished(() => made.stop());
  return made;
}

it('reads every server, and tells the UPSes of a removed one as gone', timeout, async () => {
  const [one, other] = [await daemon(), await daemon()];
  const all = servers();
  all.configure([at('one', one.port), at('other', other.port)]);
  const heard = listen(all);
  const [oneId, otherId] = [`apcupsd:127.0.0.1:${one.port}`, `apcupsd:127.0.0.1:${other.port}`];
  await heard.found(oneId);
  await heard.found(otherId);
  expect(all.has(oneId) && all.has(otherId)).toBe(true);
  const from = heard.events.length;
  all.configure([at('other', other.port)]);
  expect(heard.events.slice(from)).toContainEqual({ type: 'gone', upsId: oneId });
  expect([all.has(oneId), all.has(otherId)]).toEqual([false, true]);
  expect((await faultOf(all.details(oneId))).code).toBe('ups-lost');
  expect((await all.details(otherId)).length).toBeGreaterThan(20);
  // The other one kept its source: it is neither lost nor found anew.
  await heard.reading((reading) => reading.upsId === otherId, from);
  expect(heard.events.slice(from).filter((event) => event.type === 'found')).toEqual([]);
});

it('tells the trouble of a server without a UPS until it is over', timeout, async () => {
  const good = await daemon();
  const dead = at('dead', await freePort());
  const all = servers();
  const heard = listen(all);
  all.configure([dead, at('good', good.port)]);
  expect((await heard.trouble()).code).toBe('ups-no-answer');
  await heard.found();
  expect([...all.faults().keys()]).toEqual(['dead']);
  const from = heard.events.length;
  all.configure([at('good', good.port)]);
  await heard.until((event) => (event.type === 'trouble' && event.fault === null ? true : undefined), from);
  await eventually(() => all.faults().size === 0, 'no fault');
});

it('connects anew when the settings of a server change', timeout, async () => {
  const [before, after] = [await daemon(), await daemon()];
  const all = servers();
  const heard = listen(all);
  all.configure([at('one', before.port)]);
  await heard.found(`apcupsd:127.0.0.1:${before.port}`);
  all.configure([at('one', after.port)]);
  // What it said last at its old place is proof of nothing: nobody reads it there any more.
  expect(heard.events.at(-1)).toEqual({ type: 'gone', upsId: `apcupsd:127.0.0.1:${before.port}` });
  await heard.found(`apcupsd:127.0.0.1:${after.port}`);
});

it('keeps what it knows of a UPS when only the way to its server is another', timeout, async () => {
  const { port } = await daemon();
  const all = servers();
  const heard = listen(all);
  const upsId = `apcupsd:127.0.0.1:${port}`;
  all.configure([at('one', port)]);
  await heard.found(upsId);
  const from = heard.events.length;
  all.connectAnew('one');
  await heard.lost(upsId, from);
  await heard.found(upsId, from);
  // Set up twice, it is still there when one of the two is removed.
  all.configure([at('one', port), at('two', port)]);
  await heard.found(upsId, heard.events.length);
  all.configure([at('two', port)]);
  expect(heard.events.some((event) => event.type === 'gone')).toBe(false);
});
