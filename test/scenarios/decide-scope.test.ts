import { describe, expect, test } from 'vitest';
import type { Host } from '../../shared/inventory.ts';
import { ups as firstUps, rackHosts, rackSequence } from '../fakes/rack-samples.ts';
import { type Bench, bench, cutHard, off } from './bench.ts';

const second = { ...firstUps, id: 'hid:0463:ffff:B2', name: 'Rack UPS' };
const a = firstUps.id;
const b = second.id;

/** esx, web and nas as they hang on the two UPSes, and what else is to be said of them. */
function hosts(feeds: Record<string, string[]>, patch: Record<string, Partial<Host>> = {}): Host[] {
  return rackHosts().map((host): Host => {
    const fed = { ...host, fedBy: { upses: feeds[host.id] ?? [], need: 'any' as const } };
    return Object.assign(fed, patch[host.id]);
  });
}

const split = hosts({ esx: [a], web: [b], nas: [b] });
const sequence = rackSequence({ scope: 'critical' });
const decisions = (made: Bench, kind: string) =>
  made.decisions.filter((each) => each.kind === kind).map((each) => each.sentence);
const acts = (made: Bench) => made.world.acts.filter((act) => act.startsWith('power-off')).join(', ');

async function comesBack(made: Bench): Promise<void> {
  made.ups.restore({ charge: 100, runtime: 3600 });
  made.second.restore({ charge: 100, runtime: 3600 });
  await made.seconds(1200);
  expect(off(made)).toBe('');
  expect(cutHard(made)).toBe(0);
  expect(made.engine.run()?.phase).toBe('ended');
  expect(made.errors).toEqual([]);
}

describe('a run for the hosts that lose their power', () => {
  test('leaves the others alone, and says for whom it is', async () => {
    const made = await bench({ second, sequence, hosts: split });
    made.ups.cut({ runtime: 200 });
    await made.seconds(300);
    expect(off(made)).toBe('esx');
    expect(decisions(made, 'started')[0]).toMatch(/, for 1 of 3 hosts: esx$/);
    await comesBack(made);
    expect(acts(made)).toBe('power-off esx');
  });

  test('takes down what depends on them, and says why', async () => {
    const made = await bench({
      second,
      sequence,
      hosts: hosts({ esx: [b], web: [b], nas: [a] }, { web: { uses: ['nas'] }, esx: { runsOn: 'web' } }),
    });
    made.ups.cut({ runtime: 900 });
    await made.seconds(10);
    expect(made.engine.status().critical).toEqual([
      { hostId: 'nas', why: 'fed by Back-UPS, on battery' },
      { hostId: 'web', why: 'uses nas, which is fed by Back-UPS, on battery' },
      { hostId: 'esx', why: 'runs on web, which uses nas, which is fed by Back-UPS, on battery' },
    ]);
    made.ups.now.runtime = 100;
    await made.seconds(300);
    expect(off(made)).toBe('esx web nas');
    await comesBack(made);
  });

  test('needs only what these hosts need', async () => {
    const made = await bench({ second, sequence, hosts: split });
    made.second.cut({ runtime: 900 });
    await made.seconds(5);
    const { margin, branches } = made.engine.status();
    // Two power-offs in two stages, against guests, maintenance and a power-off for esx.
    expect(margin.needs).toBe(180);
    expect(branches.map(({ hostIds, needs, failing }) => [hostIds.join(' '), needs, failing])).toEqual([
      ['esx', 255, false],
      ['web nas', 180, true],
    ]);
    expect(branches[0]?.spare).toBe(3600 - 255);
    made.second.now.runtime = 226;
    // A sudden fall is believed when it has lasted.
    await made.seconds(14);
    expect(made.engine.run()?.cause).toBe('runtime');
  });

  test('by hand it is the same on battery, and on mains for all', async () => {
    const made = await bench({ second, sequence, hosts: split });
    made.ups.cut({ runtime: 2000 });
    await made.seconds(10);
    await made.engine.startByHand();
    await made.seconds(300);
    expect(off(made)).toBe('esx');
    const other = await bench({ second, sequence, hosts: split });
    await other.engine.startByHand();
    await other.seconds(300);
    expect(off(other)).toBe('esx web nas');
  });
});

describe('a second UPS fails while it goes on', () => {
  test.each<[string, number, Partial<Record<'first', string>>]>([
    ['before the line', 10, {}],
    ['past the line', 40, {}],
    ['with everything of the first run done but its last proof', 55, {}],
  ])('%s: its hosts are taken in by their own trigger, and nothing is repeated', async (_, after) => {
    const made = await bench({ second, sequence, hosts: split });
    made.ups.cut({ runtime: 300 });
    await made.seconds(6 + after);
    made.second.cut({ runtime: 190 });
    await made.seconds(400);
    expect(off(made)).toBe('esx web nas');
    expect(made.world.acts.filter((act, index, all) => all.indexOf(act) !== index)).toEqual([]);
    await comesBack(made);
  });

  test('one that lasts is not taken in, and it is said when it would be', async () => {
    const made = await bench({ second, sequence, hosts: split });
    made.ups.cut({ runtime: 300 });
    await made.seconds(10);
    made.second.cut({ runtime: 900, charge: 100 });
    await made.seconds(20);
    expect(made.engine.status().decision.sentence).toMatch(/\. Not in it yet: Starts in .* of Rack UPS /);
    expect(decisions(made, 'held-back').join('\n')).toMatch(/Starts in .* of Rack UPS /);
    await made.seconds(200);
    expect(off(made)).toBe('esx');
    made.second.now.runtime = 200;
    await made.seconds(300);
    expect(off(made)).toBe('esx web nas');
    await comesBack(made);
  });

  test('when the first run is down already, it gets a run of its own, and everything comes back', async () => {
    const made = await bench({ second, sequence, hosts: split });
    made.ups.cut({ runtime: 300 });
    await made.seconds(200);
    expect(made.engine.run()?.phase).toBe('waiting-for-return');
    made.second.cut({ runtime: 200 });
    await made.seconds(200);
    expect(made.engine.run()?.runId).toBe('run-2');
    expect(off(made)).toBe('esx web nas');
    await comesBack(made);
  });

  test('after a restart in the middle', async () => {
    const made = await bench({ second, sequence, hosts: split });
    made.ups.cut({ runtime: 300 });
    await made.seconds(30);
    made.kill();
    made.second.cut({ runtime: 250 });
    await made.seconds(10);
    await made.restart();
    await made.seconds(300);
    expect(off(made)).toBe('esx web nas');
    await comesBack(made);
  });

  test('not by a plan that is not armed', async () => {
    const made = await bench({ second, sequence, hosts: split, armed: false });
    made.ups.cut({ runtime: 300 });
    await made.seconds(10);
    await made.engine.startByHand();
    made.second.cut({ runtime: 190 });
    await made.seconds(120);
    expect(off(made)).toBe('esx');
    expect(decisions(made, 'not-armed').at(-1)).toMatch(/the battery of Rack UPS lasts/);
  });
});

describe('one UPS comes back while another one is out', () => {
  test('its hosts are let off before the line, and taken in again when it fails again', async () => {
    const made = await bench({ second, sequence, hosts: split });
    made.second.cut({ runtime: 190 });
    made.ups.cut({ runtime: 600 });
    await made.seconds(8);
    expect(made.engine.run()?.wanted).toEqual(['esx', 'web', 'nas']);
    made.second.restore();
    await made.seconds(5);
    expect(made.engine.run()?.wanted).toEqual(['esx']);
    made.second.cut({ runtime: 190 });
    await made.seconds(300);
    expect(off(made)).toBe('esx web nas');
    expect(decisions(made, 'narrowed')).toHaveLength(1);
    expect(decisions(made, 'widened')).toHaveLength(1);
    await comesBack(made);
  });

  test('hosts that hang on both go down when the other one falls silent, though its outage has had its run', async () => {
    const made = await bench({ second, sequence, hosts: hosts({ esx: [a], web: [a, b], nas: [a, b] }) });
    made.ups.cut({ runtime: 260 });
    await made.seconds(150);
    expect(off(made)).toBe('esx');
    made.ups.drains = false;
    made.second.unplug();
    await made.seconds(200);
    expect(off(made)).toBe('esx web nas');
    made.second.plug();
    await comesBack(made);
  });
});

describe('more UPSes fail than the rack tolerates', () => {
  const third = hosts({ esx: [a], web: [b], nas: ['hid:third'] });
  const tolerant = (level: number) => rackSequence({ scope: 'critical', faultTolerance: { level, beyond: 'all' } });

  test('the run is for every host', async () => {
    const made = await bench({ second, sequence: tolerant(1), hosts: third });
    made.ups.cut({ runtime: 300 });
    await made.seconds(10);
    expect(made.engine.run()?.wanted).toEqual(['esx']);
    made.second.cut({ runtime: 300 });
    await made.seconds(300);
    expect(made.engine.run()?.wanted).toBeNull();
    expect(off(made)).toBe('esx web nas');
  });

  test('also if the second one feeds nobody else', async () => {
    const made = await bench({
      second,
      sequence: tolerant(1),
      hosts: third.map((host) =>
        host.id === 'esx'
          ? { ...host, fedBy: { upses: [a, b], need: 'all' } }
          : { ...host, fedBy: { upses: ['hid:third'], need: 'any' } },
      ),
    });
    made.ups.cut({ runtime: 300 });
    await made.seconds(10);
    expect(made.engine.run()?.wanted).toEqual(['esx']);
    made.second.cut({ runtime: 300 });
    await made.seconds(300);
    expect(off(made)).toBe('esx web nas');
  });

  test('within it, it is for those that lose their power', async () => {
    const made = await bench({ second, sequence: tolerant(2), hosts: third });
    made.ups.cut({ runtime: 300 });
    made.second.cut({ runtime: 200 });
    await made.seconds(300);
    expect(off(made)).toBe('esx web');
  });
});

test('a UPS that fails while the run goes on must say itself that the mains are back, also after a restart', async () => {
  const both = rackHosts().map((host): Host => ({ ...host, fedBy: { upses: [a, b], need: 'all' } }));
  const made = await bench({ second, hosts: both });
  made.ups.cut({ runtime: 200 });
  await made.seconds(20);
  expect(made.engine.run()?.upses).toEqual([a]);
  made.second.cut({ runtime: 2000 });
  await made.seconds(300);
  expect(made.engine.run()).toMatchObject({ phase: 'waiting-for-return', upses: [a, b] });
  made.kill();
  made.second.plugged = false;
  made.ups.restore({ charge: 100, runtime: 3600 });
  await made.restart();
  await made.seconds(600);
  expect(made.engine.run()?.phase).toBe('waiting-for-return');
  made.second.plug();
  await comesBack(made);
});
