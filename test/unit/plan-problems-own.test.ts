import { describe, expect, test } from 'vitest';
import { findProblems } from '../../electron/core/problems/find-problems.ts';
import type { Host } from '../../shared/inventory.ts';
import { type HostKind, hostKinds, kindsWith, platforms } from '../../shared/platforms.ts';
import { esxi, linux, rackSequence } from '../fakes/rack-samples.ts';
import { enter, found, guests, off, staged, start, wait, wake } from './plan-problems-kit.ts';

describe('this computer', () => {
  const hosts = [{ ...linux('own'), isThisComputer: true }, linux('web')];
  const late = (what: string) =>
    `error off-own: own, on which Glidepath runs, would go off before, or beside, ${what}: nothing more would be done then`;

  test('goes off last, and alone', () => {
    expect(found(hosts, [[off('web')], [off('own')]])).toEqual([]);
    expect(found(hosts, [[off('web'), off('own', { needs: ['off-web'] })]])).toEqual([]);
    expect(found(hosts, [[off('web'), off('own')]])).toEqual([late('"Power off" on web')]);
    expect(found(hosts, [[off('web')], [off('own')], [wait('w', 5)]])).toEqual([late('"Wait"')]);
    expect(found(hosts, [[off('all')]])).toEqual([]);
    expect(found(hosts, [[off('all'), wait('w', 5)]])[0]).toContain('error off-all: own, on which Glidepath runs');
  });

  const inside = (kind: HostKind = 'esxi'): Host[] => [
    { ...linux('own'), isThisComputer: true, runsOn: 'esx' },
    { ...esxi('esx'), kind },
  ];
  const others = guests('esx', { guests: { except: ['own'] } });
  /** What is wrong, with what to do. */
  const told = (hosts: readonly Host[], down: object[][], back: object[][] = [[{ ...start('esx'), needs: [] }]]) => {
    const sequence = rackSequence({
      stages: staged('s', down),
      pointOfNoReturn: 's0',
      returnStages: staged('r', back),
    });
    return findProblems({ sequence, hosts, secretIds: new Set(['own', 'esx']) }).map(
      ({ severity, stepId, what, remedy }) => `${severity} ${stepId ?? '-'}: ${what}. ${remedy}`,
    );
  };

  test('as a guest it goes with its hypervisor, which needs no maintenance mode before, nor to be woken', () => {
    expect(told(inside(), [[others], [off('esx')]])).toEqual([]);
    const withoutMacs = inside().map((host) => ({ ...host, macs: [] }));
    const back = [[wake('esx')], [{ ...start('esx'), needs: [] }]];
    expect(told(withoutMacs, [[others], [off('esx')]], back)).toEqual([]);
    expect(found(inside(), [[off('esx')]], [])).toContain(
      'warning off-esx: Nothing shuts down the guests of esx before: it stays on while one of them runs',
    );
  });

  test('as a guest it is left out of the guests that are shut down, and needs no power-off of its own', () => {
    const early = 'own, on which Glidepath runs, would go off before, or beside, "Power off" on';
    const said = (down: object[][]) => told(inside(), down).filter((each) => each.includes(early));
    expect(said([[guests('esx')], [off('esx')]])).toEqual([
      `error guests-esx: ${early} esx: nothing more would be done then. Leave own out of the guests that it shuts down.`,
    ]);
    const remove = 'Remove "Power off" on own: esx takes it along, in order, as the last one.';
    expect(said([[others], [off('own')], [off('esx')]])).toEqual([
      `error off-own: ${early} esx: nothing more would be done then. ${remove}`,
    ]);
    expect(said([[others], [off('esx')], [off('own')]])).toEqual([
      `error off-esx: ${early} own: nothing more would be done then. ${remove}`,
    ]);
  });

  test('its hypervisor enters no maintenance mode under it, unless a vCenter moves it', () => {
    const what =
      'mm-esx: esx cannot enter maintenance mode while own is on, in which Glidepath runs. Remove the step: "Power off" does that as its last act.';
    const plan = [[others], [enter('esx')], [off('esx')]];
    expect(told(inside(), plan)).toContain(`error ${what}`);
    const managed = inside().map((host) => (host.id === 'esx' ? { ...host, managedBy: 'vc' } : host));
    expect(told(managed, plan)).toContain(`warning ${what}`);
  });

  test.each(hostKinds.filter((kind) => platforms[kind].isMachine))(
    'takes %s along, or that says that it cannot',
    (kind) => {
      const { offFromWithin, label, guests: has } = platforms[kind];
      const plan = [...(has === null ? [] : [[others]]), [off('esx')]];
      const errors = found(inside(kind), plan, []).filter((each) => each.startsWith('error'));
      expect(errors).toEqual(
        offFromWithin
          ? []
          : [`error off-esx: esx (${label}) cannot be powered off by Glidepath, which runs in a guest of it, own`],
      );
    },
  );

  test('those that cannot take it along are those that refuse to go off under a guest', () => {
    const refusing = kindsWith(({ isMachine, guestsFirst }) => isMachine && guestsFirst);
    expect(kindsWith(({ isMachine, offFromWithin }) => isMachine && !offFromWithin)).toEqual(
      refusing.filter((kind) => kind !== 'esxi'),
    );
  });
});

test('two hosts that are said to be this computer', () => {
  const hosts = ['a', 'b'].map((id) => ({ ...linux(id), isThisComputer: true }));
  expect(found(hosts, [[off('a')], [off('b')]])).toEqual([
    'error -: a and b are all said to be the computer on which Glidepath runs, and one can be at most',
  ]);
});
