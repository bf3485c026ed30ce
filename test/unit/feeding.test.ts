import { describe, expect, test } from 'vitest';
import { criticalHosts, failedIn, planPower, whyNothing } from '../../electron/core/feeding.ts';
import { bindingRuntime } from '../../electron/core/group-runtime.ts';
import { type Moment, type Monitored, observe, watch } from '../../electron/core/monitor.ts';
import { mayReturn } from '../../electron/core/return-gate.ts';
import { judge } from '../../electron/core/trigger.ts';
import type { Host } from '../../shared/inventory.ts';
import type { Reading } from '../../shared/reading.ts';
import { triggersSchema } from '../../shared/triggers.ts';
import { linux, reading, ups } from '../fakes/rack-samples.ts';

const at = (seconds: number): Moment => ({ wall: seconds * 1000, mono: seconds * 1000 });
const triggers = triggersSchema.parse({ runtime: {}, charge: {}, onBattery: {} });
const needs = 400;

const mains: Partial<Reading> = { acPresent: true, charge: 100, runtime: 3000 };
const battery = (runtime: number): Partial<Reading> => ({ acPresent: false, charge: 90, runtime });

/** Read by polls every second from 1 up to `last`, and silent since. */
function supply(id: string, what: Partial<Reading>, last = 20): Monitored {
  let one = watch({ ...ups, id, name: id }, at(0));
  for (let second = 1; second <= last; second += 1) one = observe(one, reading(what), 'poll', at(second));
  return one;
}

const unseen = (id: string): Monitored => ({ ...watch({ ...ups, id, name: id }, at(0)), unseen: true });

function host(id: string, need: 'any' | 'all', ...upses: string[]): Host {
  return { ...linux(id), fedBy: { upses, need } };
}

const fire = (hosts: Host[], everyone: Monitored[], second = 20) =>
  judge(planPower(hosts, everyone, at(second)), triggers, needs, at(second)).fire;

describe('who loses its power', () => {
  const a = supply('A', battery(3000));
  const b = supply('B', mains);
  const critical = (hosts: Host[], everyone: Monitored[], second = 20) =>
    criticalHosts(planPower(hosts, everyone, at(second)), at(second));

  test('one that names no UPS goes down with any', () => {
    expect(critical([linux('web')], [a, b])).toEqual([{ hostId: 'web', why: 'fed by A, on battery' }]);
    expect(critical([linux('web')], [b])).toEqual([]);
  });

  test('one that needs all goes down with the first', () => {
    expect(critical([host('web', 'all', 'A', 'B')], [a, b])).toEqual([{ hostId: 'web', why: 'fed by A, on battery' }]);
  });

  test('one that needs any stays up as long as one has mains', () => {
    expect(critical([host('web', 'any', 'A', 'B')], [a, b])).toEqual([]);
    const both = critical([host('web', 'any', 'A', 'B')], [a, supply('B', battery(100))]);
    expect(both).toEqual([{ hostId: 'web', why: 'fed by A, on battery and B, on battery' }]);
  });

  test.each<[string, Monitored[], number, boolean]>([
    ['one silent for a moment still proves its mains', [a, supply('B', mains, 15)], 20, false],
    ['one silent for long proves nothing', [supply('A', battery(3000), 20), supply('B', mains, 4)], 20, true],
    ['one that was never seen proves nothing', [a, unseen('B')], 20, true],
    ['but is given the time to be found', [supply('A', battery(3000), 10), unseen('B')], 10, false],
    ['one that nobody knows proves nothing', [a], 20, true],
    ['one that does not say where its power comes from proves nothing', [a, supply('B', {})], 20, true],
    ['silence alone is no proof of battery', [supply('A', mains, 2), supply('B', mains, 2)], 60, false],
  ])('any, and %s', (_, everyone, second, expected) => {
    expect(planPower([host('web', 'any', 'A', 'B')], everyone, at(second)).failing).toBe(expected);
  });

  test('all, and one was never seen: nothing is concluded from it', () => {
    expect(planPower([host('web', 'all', 'A', 'B')], [unseen('A'), b], at(60)).failing).toBe(false);
  });
});

describe('the mains of each group', () => {
  const b = supply('B', mains);
  const groups = (hosts: Host[], everyone: Monitored[], failed: string[] = []) =>
    planPower(hosts, everyone, at(20), undefined, failed).groups.map(
      (group) => `${group.hosts.map(({ id }) => id).join(' ')}: ${group.mains ? 'mains' : 'no mains'}`,
    );

  test('are those of its own UPSes', () => {
    const split = [host('web', 'any', 'A'), host('nas', 'any', 'B'), host('db', 'any', 'A', 'B')];
    expect(groups(split, [supply('A', battery(3000)), b])).toEqual(['web: no mains', 'nas: mains', 'db: mains']);
    expect(planPower(split, [supply('A', battery(3000)), b], at(20)).mains).toBe(false);
  });

  test('are there when each that failed says so, where each is needed', () => {
    const both = [host('web', 'all', 'A', 'B')];
    const silent = supply('A', mains, 2);
    expect(groups(both, [silent, b])).toEqual(['web: mains']);
    expect(groups(both, [silent, b], ['A'])).toEqual(['web: no mains']);
  });

  test('how many UPSes have failed: those that feed hosts in question', () => {
    const everyone = [supply('A', battery(3000)), supply('B', battery(3000)), supply('C', battery(3000))];
    const power = planPower([host('web', 'any', 'A', 'B'), host('nas', 'all', 'B')], everyone, at(20));
    expect(failedIn(power.groups, at(20)).map((one) => one.ups.id)).toEqual(['A', 'B']);
  });
});

describe('what threatens a group', () => {
  const a = supply('A', mains);
  const hinting = observe(a, reading(battery(3000)), 'poll', at(20));
  const b = supply('B', mains);
  const threatened = (hosts: Host[], everyone: Monitored[]) => {
    const { groups } = planPower(hosts, everyone, at(20));
    return groups.map((group) => [group.threatened, group.failing]);
  };

  test('is a word of battery that nothing has confirmed yet', () => {
    expect(threatened([host('web', 'all', 'A', 'B')], [hinting, b])).toEqual([[true, false]]);
    expect(threatened([linux('web')], [hinting, b])).toEqual([[true, false]]);
    expect(threatened([linux('web')], [a, b])).toEqual([[false, false]]);
  });

  test('not as long as another one would carry it', () => {
    expect(threatened([host('web', 'any', 'A', 'B')], [hinting, b])).toEqual([[false, false]]);
    expect(threatened([host('web', 'any', 'A', 'B')], [hinting, supply('B', battery(3000))])).toEqual([[true, false]]);
  });
});

describe('when a run starts', () => {
  const low = supply('A', battery(100));
  test.each<[string, Host[], Monitored[], string | null]>([
    ['all: the most urgent counts', [host('web', 'all', 'A', 'B')], [low, supply('B', battery(9000))], 'runtime'],
    ['any: not while the other has mains', [host('web', 'any', 'A', 'B')], [low, supply('B', mains)], null],
    ['any: not while the other lasts', [host('web', 'any', 'A', 'B')], [low, supply('B', battery(9000))], null],
    ['any: when both are low', [host('web', 'any', 'A', 'B')], [low, supply('B', battery(200))], 'runtime'],
    ['any: a silent one adds no time', [host('web', 'any', 'A', 'B')], [low, supply('B', mains, 2)], 'runtime'],
    ['a UPS that feeds none of the hosts', [host('web', 'all', 'B')], [low, supply('B', mains)], null],
    [
      'of two groups the one in need',
      [host('web', 'all', 'A'), host('nas', 'all', 'B')],
      [low, supply('B', mains)],
      'runtime',
    ],
  ])('%s', (_, hosts, everyone, expected) => {
    expect(fire(hosts, everyone)).toBe(expected);
  });

  test('any: the one that lasts longer carries the whole load once the other is empty', () => {
    const everyone = [supply('A', battery(300)), supply('B', battery(850))];
    const power = planPower([host('web', 'any', 'A', 'B')], everyone, at(20));
    // 300 s together, then 550 s of B's time at twice the load; both were told 18 s ago.
    expect(bindingRuntime(power, at(20))).toBeCloseTo(282 + 550 * 0.42);
    expect(judge(power, triggers, needs, at(20)).startsIn).toBeCloseTo(13);
  });

  test('why a failing UPS starts nothing', () => {
    const everyone = [low, supply('B', mains)];
    expect(whyNothing(planPower([host('web', 'any', 'A', 'B')], everyone, at(20)), at(20))).toBe(
      'A is on battery, and B carries web',
    );
    expect(whyNothing(planPower([host('web', 'all', 'B')], everyone, at(20)), at(20))).toBe(
      'A is on battery and feeds no host of the plan',
    );
    expect(whyNothing(planPower([host('web', 'all', 'A')], everyone, at(20)), at(20))).toBeNull();
  });

  test('the verdict names the UPS when there are several', () => {
    const everyone = [low, supply('B', mains)];
    const power = planPower([host('web', 'all', 'A')], everyone, at(20));
    expect(judge(power, triggers, needs, at(20)).sentence).toMatch(/^the battery of A lasts/);
  });
});

describe('the return', () => {
  const when = { stableSeconds: 10, charge: 25 };
  const ready = (hosts: Host[], everyone: Monitored[]) =>
    mayReturn(planPower(hosts, everyone, at(20)), when, at(20), new Map()).ready;
  const broken = supply('A', battery(3000));

  test('is not kept waiting by a UPS that feeds nothing of it', () => {
    expect(ready([host('web', 'all', 'B')], [broken, supply('B', mains)])).toBe(true);
    expect(ready([host('web', 'all', 'A', 'B')], [broken, supply('B', mains)])).toBe(false);
  });

  test('needs one of the two where one is enough', () => {
    expect(ready([host('web', 'any', 'A', 'B')], [broken, supply('B', mains)])).toBe(true);
    expect(ready([host('web', 'any', 'A', 'B')], [broken, supply('B', { ...mains, charge: 10 })])).toBe(false);
  });

  test('waits for every group', () => {
    const hosts = [host('web', 'all', 'B'), host('nas', 'all', 'A')];
    expect(ready(hosts, [broken, supply('B', mains)])).toBe(false);
  });

  describe('of hosts whose UPS the run itself has turned off', () => {
    const [a, b] = [supply('A', mains), supply('B', mains)];
    const off = supply('A', { ...mains, outputOff: true });
    const verdict = (need: 'any' | 'all', everyone: Monitored[], state: 'counting' | 'over') => {
      const turnedOff = new Map([['A', state]] as const);
      return mayReturn(planPower([host('web', need, 'A', 'B')], everyone, at(20)), when, at(20), turnedOff);
    };
    const toldTo = { ready: false, sentence: 'Waiting for A, which was told to turn off' };
    const isOff = { ready: false, sentence: 'Waiting for A, whose outlets are off' };

    test('waits until it was off and feeds them again', () => {
      expect(verdict('all', [a, b], 'counting')).toEqual(toldTo);
      expect(verdict('all', [off, b], 'over')).toEqual(isOff);
      expect(verdict('all', [a, b], 'over').ready).toBe(true);
    });

    test('does not where the other one feeds them, and then goes by that one alone', () => {
      expect(verdict('any', [a, b], 'counting').ready).toBe(true);
      expect(verdict('any', [off, b], 'over').ready).toBe(true);
      expect(verdict('any', [a, supply('B', battery(3000))], 'counting').ready).toBe(false);
      // The other one does not speak, and this one has no say.
      expect(verdict('any', [a, unseen('B')], 'counting').ready).toBe(false);
    });
  });
});
