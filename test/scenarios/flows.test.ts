import { describe, expect, test } from 'vitest';
import { homeServer } from './flows/home-server.ts';
import { errorsOf, problemsOf, ready, turnsOff } from './flows/play.ts';
import { upsOne, upsThree, upsTwo } from './flows/racks.ts';
import { singleUps, upsDelay } from './flows/single-ups.ts';
import { oneUpsForAll, upsForEach } from './flows/three-hosts.ts';
import { twoSites } from './flows/two-sites.ts';

describe('one UPS for a stretched vSAN cluster, its witness and what that runs on', () => {
  test('VMs by priority, the command file, host after host, the witness, what it runs on, and this computer last', async () => {
    const flow = singleUps();
    expect(errorsOf(flow)).toEqual([]);
    const played = await ready(flow);
    await played.cut(upsOne.id, 600);
    expect(played.begun()).toEqual([
      '121: report, turn-off, vms.v1, vms.v2, vms-mgmt',
      '141: vms.v2.2',
      '161: vms.v2.3',
      '181: vms.v1.4',
      '201: vms.v1.5',
      '221: vms.v2.6',
      '241: command-file',
      '261: enter-v1',
      '276: off-v1',
      '296: enter-v2',
      '311: off-v2',
      '331: enter-witness',
      '346: off-witness',
      '366: enter-mgmt',
      '381: off-mgmt',
      '471: off-pc',
    ]);
    expect([played.notDone(), played.on()]).toEqual([[], {}]);
    expect(played.bench.decisions.slice(0, 3).map(({ sentence }) => sentence)).toEqual([
      'Starts in 2 min: on battery for 0 s of 2 min',
      'Starts in 1 min: on battery for 1 min of 2 min',
      'Started because on battery for 2 min of 2 min',
    ]);
    expect(played.told).toEqual({
      modes: ['v1 no-action', 'v2 no-action', 'witness no-action', 'mgmt no-action'],
      commands: ['pc: C:\\scripts\\before-hosts.cmd'],
    });
    // The UPS was told first, and turns off last.
    expect(played.bench.world.upses.counting).toEqual([upsOne.id]);
    await played.bench.seconds(upsDelay);
    expect(played.bench.world.upses.counting).toEqual([]);
    expect(played.harm()).toEqual([]);
  });

  test('vCLS and HA go first, the cluster stops between its VMs and its hosts, and all of it comes back', async () => {
    const flow = singleUps({ stopsCluster: true });
    expect(problemsOf(flow).map(({ what }) => what)).toEqual([
      'No UPS feeds vcenter, as far as is known: it is taken to go down with any that fails',
    ]);
    const played = await ready(flow);
    await played.cut(upsOne.id, 580);
    expect(played.begun()).toEqual([
      '121: report, turn-off, vcls, ha',
      '181: vms.v1, vms.v2, vms-mgmt',
      '201: vms.v2.2',
      '221: vms.v2.3',
      '241: vms.v1.4',
      '261: vms.v1.5',
      '281: vms.v2.6',
      '301: ignore.v1, ignore.v2, ignore.witness',
      '306: prepare',
      '336: command-file',
      '356: enter-v1',
      '371: off-v1',
      '391: enter-v2',
      '406: off-v2',
      '426: enter-witness',
      '441: off-witness',
      '461: enter-mgmt',
      '476: off-mgmt',
      '566: off-pc',
    ]);
    expect(played.notDone()).toEqual([]);

    // This computer is off before it can see that. It comes back with the UPS.
    played.bench.kill();
    await played.bench.seconds(upsDelay);
    expect([played.harm(), played.on()]).toEqual([[], {}]);
    played.bench.world.host('pc').power = 'on';
    await played.bench.restart();
    await played.restore(upsOne.id, 600);
    // The UPS has two minutes from the start of this process on: it may only now turn off and on again.
    expect(played.begun()).toEqual([
      '120: wake-mgmt',
      '160: exit-mgmt, wake-cluster.v1, wake-cluster.v2, wake-cluster.witness',
      '200: exit.v1, exit.v2, exit.witness, recover',
      // The guests by their groups, the directory first: of each host those that it has, the next when these are on.
      '230: heed.v1, heed.v2, heed.witness, start.v2, start-mgmt',
      '240: start.v1.2',
      '250: start.v1.3',
      '260: start.v2.4',
      '270: start.v2.5',
      '280: start.v1.6, start.v2.6',
      '290: ha-on, vcls-on',
    ]);
    expect(played.on()).toEqual({
      v1: ['vcsa', 'web', 'wiki'],
      v2: ['ad', 'build', 'db', 'test'],
      witness: [],
      mgmt: ['backup'],
      pc: [],
    });
    expect([played.notDone(), played.harm()]).toEqual([[], []]);
  });

  test('HA and vCLS come back when vCenter is there, however long that takes within their limit', async () => {
    const played = await ready(singleUps({ stopsCluster: true }));
    await played.cut(upsOne.id, 600 + upsDelay);
    const { bench } = played;
    const services = () => [...bench.world.host('vcenter').settings].filter((each) => each === 'ha' || each === 'vcls');
    bench.world.host('vcenter').trouble = 'unreachable';
    await played.restore(upsOne.id, 800);
    expect([services(), played.notDone(), Object.keys(played.on()).length]).toEqual([[], [], 4]);
    bench.world.host('vcenter').trouble = null;
    await bench.seconds(120);
    expect([services().sort(), played.notDone()]).toEqual([['ha', 'vcls'], []]);
  });

  test('a host waits for its resync before it goes off', async () => {
    const played = await ready(singleUps(), { resync: { v1: 100 } });
    await played.cut(upsOne.id, 800);
    expect(played.begun(/-v[12]$/)).toEqual([
      '261: enter-v1',
      '276: resync-v1',
      '376: off-v1',
      '396: enter-v2',
      '411: off-v2',
    ]);
    expect([played.notDone(), played.harm()]).toEqual([[], []]);
  });

  test('a resync that never ends holds its host up for its limit, and not for ever', async () => {
    const played = await ready(singleUps(), { resync: { v1: 1e6 } });
    await played.cut(upsOne.id, 1200);
    expect(played.begun(/-v[12]$/)).toEqual([
      '261: enter-v1',
      '276: resync-v1',
      '576: off-v1',
      '596: enter-v2',
      '611: off-v2',
    ]);
    expect([played.notDone(), played.harm(), played.on()]).toEqual([['resync-v1 failed'], [], {}]);
  });

  test('a group of outlets is turned off in the place of the UPS, with the line at the very beginning', async () => {
    const facts = { outletGroups: [{ number: 2, name: 'Rack', offers: [turnsOff] }] };
    expect(errorsOf(singleUps({ outlet: 2 }), facts)).toEqual([
      'Back-UPS (outlet group 2) cannot be called off: it turns off even if the mains come back before the point of no return',
    ]);
    const flow = singleUps({ outlet: 2, line: 'arm' });
    expect(errorsOf(flow, facts)).toEqual([]);
    const played = await ready(flow);
    const { upses } = played.bench.world;
    const found = upses.find(upsOne.id);
    const orders: unknown[] = [];
    const give = upses.give.bind(upses);
    Object.assign(upses, {
      find: () => ({ ...found, ...facts }),
      give: (id: string, order: object) => {
        orders.push(order);
        return give(id, order as Parameters<typeof give>[1]);
      },
    });
    await played.cut(upsOne.id, 600);
    expect(orders).toEqual([{ command: 'shutdown.return', delay: upsDelay, outlet: 2 }]);
    expect([played.notDone(), played.on()]).toEqual([[], {}]);
  });

  test('mains that return before the hosts go call off the UPS as well', async () => {
    const played = await ready(singleUps());
    await played.cut(upsOne.id, 150);
    expect(played.bench.world.upses.counting).toEqual([upsOne.id]);
    await played.restore(upsOne.id, 60);
    expect(played.bench.world.upses.counting).toEqual([]);
    await played.bench.seconds(upsDelay);
    expect(Object.keys(played.on())).toEqual(['v1', 'v2', 'witness', 'mgmt', 'pc']);
  });
});

describe('two sites of a vSAN cluster, each on a UPS of its own, of which one may fail', () => {
  test('the VMs of the site that fails move to the other, what cannot go is shut down, its hosts keep the data at hand', async () => {
    const flow = twoSites();
    expect(errorsOf(flow)).toEqual([]);
    const played = await ready(flow, { pinned: ['licence'], resync: { p1: 40 } });
    await played.cut(upsOne.id, 2000);
    expect(played.begun()).toEqual([
      '121: turn-off-1, migrate.p1, migrate.p2',
      '123: vms.p2',
      '143: command-file',
      '163: enter-p1',
      '178: resync-p1',
      '218: off-p1',
      '238: enter-p2',
      '253: off-p2',
    ]);
    expect(played.told.modes).toEqual(['p1 ensure-accessibility', 'p2 ensure-accessibility']);
    expect(played.told.commands).toEqual(['pc: C:\\scripts\\before-hosts.cmd']);
    // The UPS of the site has turned off by now.
    expect(played.bench.world.upses.counting).toEqual([]);
    expect(played.on()).toEqual({ s1: ['db', 'mail', 'vcsa', 'web'], s2: ['files'], witness: [], pc: [] });
    expect(played.harm()).toEqual([]);
  });

  test('when both fail nothing moves, and the whole cluster is stopped', async () => {
    const played = await ready(twoSites());
    await played.cut(upsOne.id, 1);
    await played.cut(upsTwo.id, 900);
    expect(played.begun()).toEqual([
      '120: turn-off-1, turn-off-2, vcls, ha',
      '180: vms.p1, vms.p2, vms.s1, vms.s2',
      '200: vms.p1.2',
      '220: ignore.p1, ignore.p2, ignore.s1, ignore.s2, ignore.witness',
      '225: prepare',
      '255: command-file',
      '275: enter-p1-2',
      '290: off-p1',
      '310: enter-p2-2',
      '325: off-p2',
      '345: enter-s1-2',
      '360: off-s1',
      '380: enter-s2-2',
      '395: off-s2',
      '415: enter-witness',
      '430: off-witness',
    ]);
    expect(played.told.modes.every((mode) => mode.endsWith(' no-action'))).toBe(true);
    expect([played.harm(), Object.keys(played.on())]).toEqual([[], ['pc']]);
  });
});

describe('a vSAN cluster of three hosts', () => {
  test('on one UPS goes down as a whole: VMs, vCenter, the cluster, all hosts, then this computer', async () => {
    const flow = oneUpsForAll();
    expect(errorsOf(flow)).toEqual([]);
    const played = await ready(flow);
    await played.cut(upsTwo.id, 2000);
    expect(played.begun()).toEqual([
      '121: turn-off, vcls, ha',
      '181: vms.a, vms.b, vms.c',
      '201: vms.a.2',
      '221: ignore.a, ignore.b, ignore.c',
      '226: prepare',
      '256: command-file',
      '276: enter.a, enter.b, enter.c, off.a, off.b, off.c',
      '366: off-pc',
    ]);
    expect([played.notDone(), played.harm(), played.on()]).toEqual([[], [], {}]);
  });

  test('each on its own UPS: the first that fails is emptied and goes, and its UPS alone turns off', async () => {
    const flow = upsForEach('critical');
    expect(errorsOf(flow)).toEqual([]);
    const played = await ready(flow, { pinned: ['pinned'] });
    await played.cut(upsThree.id, 600);
    expect(played.begun()).toEqual([
      '121: turn-off-3, migrate.c',
      '123: vms.c',
      '143: command-file',
      '163: enter-c',
      '178: off-c',
    ]);
    expect(played.bench.world.upses.counting).toEqual([upsThree.id]);
    expect(played.told.modes).toEqual(['c ensure-accessibility']);
    expect(played.on()).toEqual({ a: ['mail', 'vcsa', 'web'], b: ['db'], pc: [] });
    expect(played.harm()).toEqual([]);
  });

  test('then a second: the VMs of all hosts are shut down, its host goes, the third stays on without them', async () => {
    const played = await ready(upsForEach('critical'));
    await played.cut(upsThree.id, 600);
    await played.cut(upsTwo.id, 600);
    expect(played.begun()).toEqual([
      '121: turn-off-2, all-vms',
      '141: vms.c',
      '143: vms.c.2',
      '145: command-file',
      '165: enter-b-2',
      '180: off-b',
      '200: enter-c-2',
    ]);
    expect(played.bench.world.upses.counting).toEqual([upsThree.id, upsTwo.id]);
    // vCenter cannot shut down the VM that it runs in.
    expect(played.on()).toEqual({ a: ['vcsa'], pc: [] });
    expect(played.harm()).toEqual([]);
  });

  test('or the third goes as well, its vCenter last of all VMs', async () => {
    const flow = upsForEach('all');
    expect(errorsOf(flow)).toEqual([]);
    const played = await ready(flow);
    await played.cut(upsThree.id, 600);
    await played.cut(upsTwo.id, 600);
    expect(played.begun()).toEqual([
      '121: turn-off-2, vms.a, vms.b, vms.c',
      '141: vms.a.2, vms.c.2',
      '161: command-file',
      '181: enter-a-2',
      '196: off-a',
      '216: enter-b-2',
      '231: off-b',
      '251: enter-c-2',
    ]);
    expect([played.harm(), played.on()]).toEqual([[], { pc: [] }]);
  });

  test('or the second fails while the first is still being emptied', async () => {
    const played = await ready(upsForEach('all'));
    await played.cut(upsThree.id, 130);
    await played.cut(upsTwo.id, 600);
    expect(played.begun()).toEqual([
      '1: turn-off-2, vms.a, vms.b',
      '21: vms.a.2',
      '41: enter-a-2',
      '56: off-a',
      '76: enter-b-2',
      '91: off-b',
      '111: enter-c-2',
      '126: off-c',
    ]);
    expect([played.harm(), played.on()]).toEqual([[], { pc: [] }]);
  });
});

describe('a home server and a laptop that sleeps', () => {
  const asleep = async (flow: ReturnType<typeof homeServer>) => {
    const played = await ready(flow);
    played.bench.world.host('laptop').power = 'off';
    return played;
  };
  const event = expect.stringContaining('-EventId 9876');

  test('the laptop is woken and told, then the VMs go in order, maintenance mode, and the host', async () => {
    const flow = homeServer('pc', 'all');
    expect(errorsOf(flow)).toEqual([]);
    const played = await asleep(flow);
    await played.cut(upsOne.id, 600);
    expect(played.begun()).toEqual([
      '121: wake',
      '161: signal',
      '181: off-wfe',
      '201: off-dc',
      '221: rest',
      '241: enter, off-esx',
    ]);
    expect(played.told).toEqual({ modes: ['esx no-action'], commands: [event] });
    expect([played.notDone(), played.harm(), played.on()]).toEqual([[], [], { laptop: [], pc: [] }]);
  });

  test('a laptop that does not wake holds nothing up beyond its limit', async () => {
    const played = await asleep(homeServer('pc', 'all'));
    played.bench.world.host('laptop').trouble = 'lies';
    await played.cut(upsOne.id, 600);
    expect(played.notDone()).toEqual(['wake failed', 'signal failed']);
    expect([played.harm(), played.on()]).toEqual([[], { pc: [] }]);
  });
});
