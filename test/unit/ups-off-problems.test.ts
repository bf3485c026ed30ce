import { describe, expect, test } from 'vitest';
import { expand } from '../../electron/core/plan/expand.ts';
import { schedule } from '../../electron/core/plan/schedule.ts';
import { usual } from '../../electron/core/plan/usual.ts';
import { findProblems } from '../../electron/core/problems/find-problems.ts';
import type { KnownUps } from '../../electron/core/problems/ups-off.ts';
import type { Host } from '../../shared/inventory.ts';
import { secretKey } from '../../shared/secret-slot.ts';
import type { Sequence } from '../../shared/sequence.ts';
import type { Delay, Offer, OutletGroup } from '../../shared/ups-command.ts';
import { linux, rackSequence } from '../fakes/rack-samples.ts';

const seconds = (min: number, max: number): Delay => ({ kind: 'steps', min, max, step: 1, round: 'down' });
const offer = (command: Offer['command'], delay: Delay | null): Offer => ({ command, delay, note: '' });
const stop = offer('shutdown.stop', null);
const able: KnownUps = { name: 'Rack', allowed: true, offers: [offer('shutdown.return', seconds(0, 3600)), stop] };

/** As drivers know them: without a stop. */
const group = (number: number, delay: Delay = seconds(0, 3600)): OutletGroup => ({
  number,
  name: '',
  offers: [offer('shutdown.return', delay)],
});

const off = (id: string) => ({ id: `off-${id}`, kind: 'power-off', target: id });
const upsOff = (patch: object = {}) => ({ id: 'ups', kind: 'ups-off', ups: 'u1', delay: 300, ...patch });
const host = (id: string, upses: string[] = ['u1'], need: 'any' | 'all' = 'any'): Host => ({
  ...linux(id),
  fedBy: { upses, need },
});
const plan = (steps: object[], back: object[] = [], pointOfNoReturn = 's0'): Sequence =>
  rackSequence({
    stages: [
      { id: 's0', name: 'S0', steps },
      { id: 's1', name: 'S1', steps: [{ id: 'end', kind: 'wait', seconds: 1 }] },
    ],
    pointOfNoReturn,
    returnStages: [{ id: 'back', name: 'Back', steps: back }],
  });

/** Of the step that turns off the UPS. */
function problems(sequence: Sequence, hosts: readonly Host[], ups: KnownUps | null) {
  const { steps: planned } = schedule(expand(sequence, hosts), hosts, usual);
  const upses = new Map(ups ? [['u1', ups]] : []);
  const secretIds = new Set(hosts.map(({ id }) => id));
  return findProblems({ sequence, hosts, secretIds, upsFacts: { upses, planned } }).filter(
    ({ stepId }) => stepId === 'ups',
  );
}
const found = (sequence: Sequence, hosts: readonly Host[], ups: KnownUps | null = able): string[] =>
  problems(sequence, hosts, ups).map(({ severity, what }) => `${severity}: ${what}`);
const remedies = (...of: Parameters<typeof problems>): string[] => problems(...of).map(({ remedy }) => remedy);

const two = [host('web'), host('nas')];
const beside = plan([upsOff(), off('web'), off('nas')]);

test('a UPS that waits long enough, does what it is told and can be called off has no problem', () => {
  expect(found(beside, two)).toEqual([]);
});

test('a vCenter, which is no machine of its own, is not cut', () => {
  expect(found(beside, [...two, { ...host('vc', []), kind: 'vcenter' }])).toEqual([]);
});

describe('it would not do it', () => {
  const offers = (...list: Offer[]): KnownUps => ({ ...able, offers: list });
  test.each<[string, object, KnownUps | null, string]>([
    ['nobody knows it', {}, null, 'error: There is no UPS "u1"'],
    ['no commands are allowed', {}, { ...able, allowed: false }, 'error: Commands are not allowed for Rack'],
    [
      'it takes no such command',
      {},
      offers(stop),
      'error: Rack cannot be told to turn off and on again when the mains are back',
    ],
    ['it takes the other one only', { returns: false }, able, 'error: Rack cannot be told to turn off and stay off'],
    [
      'it turns off sooner',
      {},
      offers(offer('shutdown.return', { kind: 'choices', seconds: [20] }), stop),
      'error: Rack cannot wait for 5 min before it turns off',
    ],
    [
      'it does not say when',
      {},
      offers(offer('shutdown.return', null), stop),
      'error: Rack does not say after how long it turns off: it may cut hosts hard',
    ],
    [
      'it has not been seen',
      {},
      { ...able, offers: null },
      'warning: Rack has not been seen, so it is not known whether it can be turned off',
    ],
    [
      'it has no such group',
      { outlet: 2 },
      able,
      'error: Nothing is known that turns off outlet group 2 of Rack alone',
    ],
    [
      'it has another group',
      { outlet: 2 },
      { ...able, outletGroups: [group(1)] },
      'error: Nothing is known that turns off outlet group 2 of Rack alone',
    ],
    [
      'the group turns off sooner, though all of it would not',
      { outlet: 2 },
      { ...able, outletGroups: [group(2, { kind: 'choices', seconds: [20] })] },
      'error: Rack (outlet group 2) cannot wait for 5 min before it turns off',
    ],
    [
      'the group takes the other one only',
      { outlet: 2, returns: false },
      { ...able, outletGroups: [group(2)] },
      'error: Rack (outlet group 2) cannot be told to turn off and stay off',
    ],
  ])('%s', (_name, patch, ups, problem) => {
    expect(found(plan([upsOff(patch), off('web'), off('nas')]), two, ups)).toEqual([problem]);
  });

  test('it cannot be called off, and stands before the line', () => {
    const steps = [upsOff(), off('web'), off('nas')];
    const neverStops = offers(offer('shutdown.return', seconds(0, 3600)));
    const what = 'Rack cannot be called off: it turns off even if the mains come back before the point of no return';
    expect(found(plan(steps, [], 's1'), two, neverStops)).toEqual([`warning: ${what}`]);
    expect(found(plan(steps, [], 's1'), two)).toEqual([]);
    // From the stage of the line on, no run is cancelled any more.
    expect(found(plan(steps), two, neverStops)).toEqual([]);
  });

  test('the group cannot be called off, and stands before the line', () => {
    const steps = [upsOff({ outlet: 2 }), off('web'), off('nas')];
    const grouped = (more: Partial<OutletGroup> = {}): KnownUps => ({
      ...able,
      outletGroups: [{ ...group(2), ...more }],
    });
    const what =
      'Rack (outlet group 2) cannot be called off: it turns off even if the mains come back before the point of no return';
    expect(found(plan(steps, [], 's1'), two, grouped())).toEqual([`error: ${what}`]);
    expect(found(plan(steps), two, grouped())).toEqual([]);
    const stoppable = grouped({ offers: [...group(2).offers, stop] });
    expect(found(plan(steps, [], 's1'), two, stoppable)).toEqual([]);
  });

  test('it comes back with its hosts', () => {
    expect(found(plan([off('web'), off('nas')], [upsOff()]), two)).toEqual([
      'error: It would turn off a UPS while its hosts come back',
    ]);
  });
});

describe('it may cut hosts hard', () => {
  const early = (patch: object = {}) => plan([upsOff({ delay: 60, ...patch }), off('web'), off('nas')]);
  const late = (names: string) =>
    `warning: ${names} may still be going down when Rack turns off, 1 min after the start, and would be cut hard`;

  test('that may take longer than its delay, in nine of ten', () => {
    expect(found(early(), two)).toEqual([late('web and nas')]);
    // Each takes 90 s at most in nine of ten.
    expect(found(early({ delay: 90 }), two)).toEqual([]);
  });

  test('not those that stay up by another UPS', () => {
    expect(found(early(), [host('web', ['u1', 'u2']), host('nas')])).toEqual([late('nas')]);
    expect(found(early(), [host('web', ['u1', 'u2'], 'all'), host('nas', ['u2'])])).toEqual([late('web')]);
  });

  test('of which nothing is said, and those on a host that it feeds', () => {
    expect(found(early(), [host('web', []), host('nas', ['u2'])])).toEqual([late('web')]);
    const guest = { ...host('nas', []), runsOn: 'web' };
    expect(found(early(), [host('web'), guest])).toEqual([late('web and nas')]);
  });

  test('that nothing powers off', () => {
    expect(found(plan([upsOff(), off('web')]), two)).toEqual([
      'warning: Nothing powers off nas before Rack turns off: cut hard',
    ]);
  });

  test('by a group of its outlets: all that the UPS feeds counts, and it is said', () => {
    const grouped: KnownUps = { ...able, outletGroups: [group(2)] };
    const late =
      'warning: web and nas may still be going down when Rack (outlet group 2) turns off, 1 min after the start, and would be cut hard';
    expect(found(early({ outlet: 2 }), two, grouped)).toEqual([late]);
    const left = plan([upsOff({ outlet: 2 }), off('web')]);
    expect(found(left, two, grouped)).toEqual([
      'warning: Nothing powers off nas before Rack (outlet group 2) turns off: cut hard',
    ]);
    expect(found(left, [host('web'), host('nas', ['u2'])], grouped)).toEqual([]);
    for (const sequence of [early({ outlet: 2 }), left])
      expect(remedies(sequence, two, grouped)).toEqual([
        expect.stringContaining('All that the UPS feeds counts: it is not known what hangs on a group of its outlets.'),
      ]);
  });

  test('not when it comes after them', () => {
    expect(found(plan([off('web'), off('nas'), upsOff({ delay: 10, needs: ['off-web', 'off-nas'] })]), two)).toEqual(
      [],
    );
  });
});

describe('waking takes what it needs', () => {
  const waking = (patch: Partial<Host>, secrets: string[] = []): string[] => {
    const web: Host = { ...linux('web'), ...patch };
    const sequence = plan([off('web')], [{ id: 'wake-web', kind: 'wake', target: 'web' }]);
    return findProblems({ sequence, hosts: [web], secretIds: new Set(['web', ...secrets]) })
      .filter(({ stepId }) => stepId === 'wake-web')
      .map(({ what }) => what);
  };
  const bmc = { protocol: 'ipmi', address: '10.0.0.9', user: 'admin', certificate: null } as const;

  test('a MAC address, or a management controller with its password', () => {
    expect(waking({ macs: [] })).toEqual(['web has no MAC address, so it cannot be woken']);
    expect(waking({ macs: [], bmc })).toEqual(['No password is kept for the management controller of web']);
    expect(waking({ macs: [], bmc }, [secretKey('bmc', 'web')])).toEqual([]);
  });

  test('the certificate of one that speaks Redfish', () => {
    expect(waking({ bmc: { ...bmc, protocol: 'redfish' } }, [secretKey('bmc', 'web')])).toEqual([
      'The certificate of the management controller of web has not been confirmed, so nothing will be sent to it',
    ]);
  });

  test('the SecureOn password of a card that asks for one', () => {
    expect(waking({ secureOn: true })).toEqual([
      'No SecureOn password is kept for web, without which its network card does not wake it',
    ]);
    expect(waking({ secureOn: true }, [secretKey('secure-on', 'web')])).toEqual([]);
  });
});
