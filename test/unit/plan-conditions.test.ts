import { describe, expect, test } from 'vitest';
import { unmet } from '../../electron/core/plan/conditions.ts';
import { withDependents } from '../../electron/core/plan/dependents.ts';
import type { Condition } from '../../shared/condition.ts';
import type { Host } from '../../shared/inventory.ts';
import { isOrderOnly } from '../../shared/origin.ts';
import { esxi, linux, rackSequence } from '../fakes/rack-samples.ts';

const sequence = rackSequence({ faultTolerance: { level: 1, beyond: 'all' }, parameters: { speed: 'fast', on: true } });
const strict = rackSequence();
const why = (condition: Condition, failedUpses: number | null, host: Host | null = esxi('esx'), of = sequence) =>
  unmet([condition], { host, failedUpses, sequence: of });

const tolerated: Condition = { is: 'within-tolerance' };
const beyond: Condition = { is: 'beyond-tolerance' };
const parameter = (name: string, equals: string | boolean): Condition => ({ is: 'parameter', name, equals });

describe('conditions', () => {
  test.each<[Condition, number | null, string | null]>([
    [tolerated, 1, null],
    [tolerated, 2, '2 UPSes have failed, which is beyond what the rack tolerates (1 may fail)'],
    [beyond, 1, '1 UPS has failed, which is within what the rack tolerates (1 may fail)'],
    [beyond, 2, null],
    [beyond, null, null],
    [tolerated, null, null],
    [{ is: 'failed-upses', atLeast: 2 }, 1, '1 UPS has failed, and it is done from 2 on'],
    [{ is: 'failed-upses', atLeast: 2 }, 2, null],
    [{ is: 'failed-upses', atLeast: 2 }, null, null],
    [{ is: 'host-kind', kind: 'esxi' }, 1, null],
    [{ is: 'host-kind', kind: 'linux' }, 1, 'esx is of kind esxi, not linux'],
    [parameter('speed', 'fast'), 1, null],
    [parameter('speed', 'slow'), 1, 'the parameter "speed" is "fast", not "slow"'],
    [parameter('on', 'true'), 1, 'the parameter "on" is true, not "true"'],
    [parameter('constructor', 'x'), 1, 'there is no parameter "constructor"'],
  ])('%o with %s failed', (condition, failed, expected) => expect(why(condition, failed)).toBe(expected));

  test('without fault tolerance no UPS may fail', () => {
    expect(why(tolerated, 0, null, strict)).toBe(null);
    expect(why(tolerated, 1, null, strict)).toBe(
      '1 UPS has failed, which is beyond what the rack tolerates (none may fail)',
    );
  });

  test('a step without a host, and the first of several that does not hold', () => {
    expect(why({ is: 'host-kind', kind: 'esxi' }, 1, null)).toBe(
      'it has no host, and it is done on a host of kind esxi only',
    );
    expect(unmet([tolerated, beyond], { host: null, failedUpses: 1, sequence })).toContain('within');
    expect(unmet([], { host: null, failedUpses: 1, sequence })).toBe(null);
  });
});

describe('who goes down with whom', () => {
  const uses = (host: Host, ...carriers: string[]): Host => ({ ...host, uses: carriers });
  const rack = [
    linux('nas'),
    uses(esxi('esx'), 'nas'),
    { ...uses(linux('vm'), 'dns'), runsOn: 'esx' },
    linux('dns'),
    uses(linux('web'), 'vm'),
    linux('lone'),
  ];

  test('all that need it, through any number of others, each with the reason', () => {
    expect([...withDependents(['nas'], rack)]).toEqual([
      ['nas', ''],
      ['esx', 'uses nas'],
      ['vm', 'runs on esx'],
      ['web', 'uses vm'],
    ]);
    expect([...withDependents(['lone', 'nobody'], rack)]).toEqual([['lone', '']]);
    expect([...withDependents(['dns', 'web'], rack).keys()]).toEqual(['dns', 'web', 'vm']);
  });

  test('a circle has an end', () => {
    const circle = [uses(linux('a'), 'b'), uses(linux('b'), 'a'), uses(linux('c'), 'c')];
    expect([...withDependents(['a', 'c'], circle).keys()]).toEqual(['a', 'c', 'b']);
  });
});

test('steps that came from one step follow each other whatever becomes of them', () => {
  expect(isOrderOnly('off.web', 'off.nas')).toBe(true);
  expect(isOrderOnly('guests.2', 'guests')).toBe(true);
  expect(isOrderOnly('off.web', 'offer.web')).toBe(false);
  expect(isOrderOnly('off', 'sync')).toBe(false);
});
