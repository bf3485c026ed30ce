import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { findProblems } from '../../electron/core/problems/find-problems.ts';
import { stageOrder } from '../../electron/core/problems/stage-order.ts';
import type { Host } from '../../shared/inventory.ts';
import { stepSchema } from '../../shared/sequence.ts';
import { esxi, linux, rackHosts, rackSequence } from '../fakes/rack-samples.ts';
import { enter, found, guests, leave, off, staged, start, wait, wake } from './plan-problems-kit.ts';

const uses = (host: Host, ...carriers: string[]): Host => ({ ...host, uses: carriers });

test('steps that wait for each other', () => {
  expect(found(rackHosts(), [[wait('a', 1, ['b']), wait('b', 1, ['a']), wait('c', 1)]])).toEqual([
    'error a: This step waits for itself through b',
    'error b: This step waits for itself through a',
  ]);
  expect(found(rackHosts(), [[wait('a', 1, ['a']), wait('b', 1, ['a'])]])).toHaveLength(2);
});

describe('a hypervisor', () => {
  const hosts = [esxi('esx')];

  test('outside maintenance mode, guests left on, and no way back', () => {
    expect(found(hosts, [[off('esx')]], [])).toEqual([
      'error off-esx: esx would be powered off outside maintenance mode, which it refuses',
      'warning off-esx: Nothing brings esx back when power returns',
    ]);
    expect(found(hosts, [[enter('esx'), off('esx', { needs: ['mm-esx'] })]])).toEqual([
      'warning mm-esx: Nothing shuts down the guests of esx before',
    ]);
    expect(found(hosts, [[enter('esx'), off('esx')]])).toContain(
      'error off-esx: esx would be powered off outside maintenance mode, which it refuses',
    );
  });

  test('through tags and groups it is as with single hosts', () => {
    const many = [esxi('e1'), esxi('e2')];
    const groups = [{ name: 'DB', guests: ['db'] }];
    const good = [
      guests('all', { groups }),
      enter('all', { needs: ['guests-all'] }),
      off('all', { needs: ['mm-all'] }),
    ];
    expect(found(many, [good])).toEqual([]);
    expect(
      found(many, [[guests('all'), enter('e1', { needs: ['guests-all'] }), off('all', { needs: ['mm-e1'] })]]),
    ).toEqual(['error off-all: e2 would be powered off outside maintenance mode, which it refuses']);
  });
});

describe('steps that conditions, or a small battery, leave out', () => {
  const few = { when: [{ is: 'failed-upses', atLeast: 2 }] };
  const [within, beyond] = [{ when: [{ is: 'within-tolerance' }] }, { when: [{ is: 'beyond-tolerance' }] }];

  test('a hypervisor is powered off where its maintenance mode is left out', () => {
    const said = (kind: string) => `"${kind}" on esx may be left out where this step is done, which then fails`;
    const esx = [esxi('esx')];
    const down = (mm: object, offWith: object = {}) => [[guests('esx')], [enter('esx', mm)], [off('esx', offWith)]];
    const maintenance = [`warning off-esx: ${said('Enter maintenance mode')}`];
    expect(found(esx, down(few))).toEqual(maintenance);
    expect(found(esx, down({ optional: true }))).toEqual(maintenance);
    expect(found(esx, down(few, few))).toEqual([]);
    expect(found(esx, down({ optional: true }, { optional: true }))).toEqual([]);
    expect(found(esx, [[guests('esx', { optional: true })], ...down({}).slice(1)])).toEqual([
      `warning mm-esx: ${said('Shut down guests')}`,
    ]);
  });

  test('two ways of which one is always taken leave nothing out', () => {
    const other = { ...enter('esx', beyond), id: 'mm-beyond' };
    const sound = found([esxi('esx')], [[guests('esx')], [enter('esx', within), other], [off('esx')]]);
    expect(sound.filter((each) => each.includes('left out'))).toEqual([]);
  });

  test('this computer, and a carrier, may end two ways of which only one is ever taken', () => {
    const hosts = [{ ...linux('own'), isThisComputer: true }, uses(linux('web'), 'nas'), linux('nas')];
    const way = (when: object, id: string) => [
      [{ ...off('web', when), id: `web-${id}` }],
      [{ ...off('nas', when), id: `nas-${id}` }],
      [{ ...off('own', when), id: `own-${id}` }],
    ];
    const errors = (down: object[][]) =>
      found(hosts, down, [[wake('nas')], [wake('web')]]).filter((each) => /would go (off|down)/.test(each));
    expect(errors([...way(within, 'w'), ...way(beyond, 'b')])).toEqual([]);
    expect(errors([...way({}, 'w'), ...way(beyond, 'b')])).toHaveLength(2);
  });
});

describe('the way back', () => {
  const esx = [esxi('esx')];
  const down = [[guests('esx')], [enter('esx')], [off('esx')]];

  test('what stays off is said once for each step, hosts and guests', () => {
    const two = [esxi('e1'), esxi('e2')];
    expect(found(two, [[guests('all')], [enter('all')], [off('all')]], [])).toEqual([
      'warning guests-all: Nothing starts the guests of e1 and e2 when power returns, unless they start by themselves',
      'warning mm-all: Nothing takes e1 and e2 out of maintenance mode when power returns: no guest can be started there',
      'warning off-all: Nothing brings e1 and e2 back when power returns',
    ]);
  });

  test('the witness of a vSAN cluster that is a VM itself has no guests', () => {
    const about = (patch: Partial<Host>) =>
      found([{ ...esxi('esx'), tags: ['witness'], ...patch }], [[enter('esx')]]).filter((what) =>
        what.includes('shuts down the guests'),
      );
    expect(about({ runsOn: 'management' })).toEqual([]);
    expect(about({})).toEqual(['warning mm-esx: Nothing shuts down the guests of esx before']);
  });

  test('a host that is not powered off under its guests has them shut down before', () => {
    const kvm = [{ ...linux('kvm'), kind: 'libvirt' as const }];
    const back = [[wake('kvm')], [start('kvm')].map((step) => ({ ...step, needs: [] }))];
    expect(found(kvm, [[off('kvm')]], back)).toEqual([
      'warning off-kvm: Nothing shuts down the guests of kvm before: it stays on while one of them runs',
    ]);
    expect(found(kvm, [[guests('kvm')], [off('kvm')]], back)).toEqual([]);
    expect(found([{ ...linux('pve'), kind: 'proxmox' }], [[off('pve')]], [[wake('pve')]])).toEqual([]);
  });

  test('what manages a host goes down after it, and comes back before it', () => {
    const pool = [
      { ...linux('one'), kind: 'xcp-ng' as const },
      { ...linux('two'), kind: 'xcp-ng' as const, managedBy: 'one' },
    ];
    const both = [[guests('one'), guests('two')]];
    const back = [[wake('one')], [wake('two')], ['one', 'two'].map((id) => ({ ...start(id), needs: [] }))];
    expect(found(pool, [...both, [off('two')], [off('one')]], back)).toEqual([]);
    expect(found(pool, [...both, [off('one')], [off('two')]], back)).toEqual([
      'warning off-one: one would go down before, or beside, "Power off" on two: two is managed by it',
    ]);
    expect(
      found(pool, [...both, [off('two')], [off('one')]], [[wake('two')], [wake('one')], ...back.slice(2)]),
    ).toEqual(['warning wake-two: "Wake" on two would be done before, or beside, waking one, which manages two']);
  });

  test('a cluster that stays switched over is said', () => {
    const pve = [{ ...linux('pve'), kind: 'proxmox' as const }];
    const step = (kind: string) => ({ id: kind, kind, target: 'pve' });
    const over = [[step('disable-ha')], [step('set-ceph-flags')]];
    expect(found(pve, over, [])).toEqual([
      'warning disable-ha: Nothing switches HA on again on pve when power returns',
      'warning set-ceph-flags: Nothing takes the Ceph flags on pve away when power returns: Ceph heals nothing until then',
    ]);
    expect(found(pve, over, [[step('unset-ceph-flags')], [step('enable-ha')]])).toEqual([]);
  });

  test('nothing is done on a host before it is awake, and no guest started in maintenance mode', () => {
    const back = (...stages: object[][]) => {
      const sequence = rackSequence({
        stages: staged('s', down),
        pointOfNoReturn: 's0',
        returnStages: staged('r', stages),
      });
      return findProblems({ sequence, hosts: esx, secretIds: new Set(['esx']) }).map(({ what }) => what);
    };
    const begin = { ...start('esx'), needs: [] };
    expect(back([wake('esx')], [leave('esx')], [begin])).toEqual([]);
    expect(back([wake('esx'), leave('esx'), begin])).toEqual([]);
    expect(back([begin], [wake('esx')], [leave('esx')])).toEqual(['"Start guests" on esx would be done before "Wake"']);
    expect(back([wake('esx')], [begin], [leave('esx')])).toEqual([
      '"Start guests" on esx would be done before "Exit maintenance mode"',
    ]);
  });
});

describe('a carrier and its cargo', () => {
  const nas = linux('nas');
  const web = uses(linux('web'), 'nas');
  const backInOrder = [[wake('nas')], [wake('web')]];
  const wrong = 'error off-nas: nas would go down before, or beside, "Power off" on web: web cannot work without it';

  test('on the way down the cargo goes first', () => {
    expect(found([nas, web], [[off('web')], [off('nas')]], backInOrder)).toEqual([]);
    expect(found([nas, web], [[off('web'), off('nas', { needs: ['off-web'] })]], backInOrder)).toEqual([]);
    expect(found([nas, web], [[off('nas')], [off('web')]], backInOrder)).toEqual([wrong]);
    expect(found([nas, web], [[off('nas'), off('web')]], backInOrder)).toEqual([wrong]);
  });

  test('through others, and through tags; said once for each carrier', () => {
    const shop = uses(linux('shop'), 'web');
    const order = [[wake('nas')], [wake('web')], [wake('shop')]];
    expect(found([nas, web, shop], [[off('web')], [off('nas')], [off('shop')]], order)).toEqual([
      'error off-web: web would go down before, or beside, "Power off" on shop: shop cannot work without it',
      'error off-nas: nas would go down before, or beside, "Power off" on shop: shop cannot work without it',
    ]);
    expect(found([nas, web, shop], [[off('all')]], order)).toEqual([
      'error off-all: nas would go down before, or beside, "Power off" on web: web and shop cannot work without it',
      'error off-all: web would go down before, or beside, "Power off" on shop: shop cannot work without it',
    ]);
    expect(found([shop, web, nas], [[off('all', { each: 'one-by-one' })]], order)).toEqual([]);
  });

  test('where conditions decide, it may be meant', () => {
    const when = [{ is: 'failed-upses', atLeast: 2 }];
    expect(found([nas, web], [[off('nas', { when })], [off('web')]], backInOrder)).toEqual([
      wrong.replace('error', 'warning'),
    ]);
  });

  test('cargo that stays on', () => {
    const left = 'warning off-nas: nas goes down, and nothing shuts down web, which cannot work without it';
    expect(found([nas, web], [[off('nas')]], [[wake('nas')]])).toEqual([left]);
    const guest = { ...web, runsOn: 'esx' };
    const down = [[guests('esx')], [enter('esx')], [off('esx')], [off('nas')]];
    expect(found([nas, guest, esxi('esx')], down, [[wake('nas')], [wake('esx')]])).toEqual([]);
  });

  test('on the way back the carrier is woken first', () => {
    const down = [[off('web')], [off('nas')]];
    const late =
      'warning wake-web: "Wake" on web would be done before, or beside, waking nas, which web cannot work without';
    expect(found([nas, web], down, [[wake('web')], [wake('nas')]])).toEqual([late]);
    expect(found([nas, web], down, [[wake('nas'), wake('web')]])).toEqual([late]);
    expect(found([nas, web], down, [[wake('nas'), wake('web', { needs: ['wake-nas'] })]])).toEqual([]);
  });

  test('a server among the guests, as vCenter, without which later steps fail', () => {
    const vcenter = { ...linux('vcenter'), runsOn: 'e1' };
    const hosts = [vcenter, esxi('e1'), uses(esxi('e2'), 'vcenter')];
    const back = [[wake('e1')], [wake('e2')]];
    const rest = [[enter('e1')], [off('e1')]];
    const other = [[guests('e2')], [enter('e2')], [off('e2')]];
    expect(found(hosts, [...other, [guests('e1')], ...rest], back)).toEqual([]);
    expect(found(hosts, [[guests('e1')], ...other, ...rest], back)).toEqual([
      'error guests-e1: vcenter would go down before, or beside, "Power off" on e2: e2 cannot work without it',
    ]);
    const later = guests('e1', { guests: { except: ['vcenter'] } });
    const last = guests('e1', { id: 'last', guests: { only: ['vcenter'] } });
    expect(found(hosts, [[later], ...other, [last], ...rest], back)).toEqual([]);
  });

  test('guests that go down with what they use are off; a hypervisor is not powered off before its guest', () => {
    const [db, shop] = [
      { ...linux('db'), runsOn: 'esx' },
      { ...uses(linux('shop'), 'db'), runsOn: 'esx' },
    ];
    const hosts = [db, shop, esxi('esx')];
    const back = [[wake('esx')], [wake('db')], [wake('shop')]];
    const [together, rest] = [[guests('esx')], [[enter('esx')], [off('esx')]]];
    expect(found(hosts, [together, [off('shop')], [off('db')], ...rest], back)).toEqual([]);
    const late = (act: string, carrier: string, cargo: string) =>
      `error off-esx: ${carrier} would go down before, or beside, "Power off" on ${act}: ${cargo} cannot work without it`;
    expect(found(hosts, [together, ...rest, [off('shop')]], back)).toEqual([
      late('shop', 'esx', 'shop'),
      late('shop', 'db', 'shop'),
    ]);
  });

  test('two that need each other have no order', () => {
    const circle = [uses(linux('a'), 'b'), uses(linux('b'), 'a')];
    expect(found(circle, [[off('a')], [off('b')]])).toEqual([
      'warning -: a and b need each other in a circle, so that none of them can go down last',
    ]);
  });
});

describe('proofs', () => {
  test('a command that switches a computer off proves nothing', () => {
    const command = (text: string) => ({ id: 'c', kind: 'command', command: text, target: 'web' });
    const hosts = [linux('web')];
    const what =
      'warning c: Nothing proves that this command switches web off: it counts as done when it has been taken';
    for (const text of ['poweroff', 'sudo -n /sbin/shutdown -h now', 'systemctl poweroff', 'sync; halt', 'init 0'])
      expect(found(hosts, [[command(text)]])).toEqual([what]);
    for (const text of ['./pre-shutdown.sh', 'echo shutdown-soon', 'init 03'])
      expect(found(hosts, [[command(text)]])).toEqual([]);
  });

  test('a closed port is weak only where something that is still needed goes off next', () => {
    const hosts = [linux('nas'), uses(linux('web'), 'nas')];
    const back = [[wake('nas')], [wake('web')]];
    const weak = off('web', { until: 'port-closed' });
    expect(found(hosts, [[weak], [off('nas')]], back)).toEqual([
      'warning off-web: web counts as off when its port is closed, some seconds before it is, and nas, which it needs, goes off next',
    ]);
    expect(found([linux('nas'), linux('web')], [[weak], [off('nas')]], back)).toEqual([]);
  });
});

test('what has surely ended is what a step waits for, through any number of others', () => {
  fc.assert(
    fc.property(fc.array(fc.array(fc.nat(40), { maxLength: 3 }), { minLength: 1, maxLength: 40 }), (needs) => {
      const steps = needs.map((each, at) =>
        stepSchema.parse(
          wait(
            `w${at}`,
            1,
            each.filter((need) => need < at).map((need) => `w${need}`),
          ),
        ),
      );
      const isBefore = stageOrder(steps);
      for (const step of steps) {
        const behind = new Set(step.needs);
        for (const id of behind)
          for (const need of steps.find((other) => other.id === id)?.needs ?? []) behind.add(need);
        expect(
          steps
            .filter(({ id }) => isBefore(id, step.id))
            .map(({ id }) => id)
            .sort(),
        ).toEqual([...behind].sort());
      }
    }),
    { numRuns: 200, seed: 20261122 },
  );
});
