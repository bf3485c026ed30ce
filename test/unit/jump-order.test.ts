import { describe, expect, test } from 'vitest';
import { hostsHash } from '../../electron/brain/host-edits.ts';
import { findProblems } from '../../electron/core/problems/find-problems.ts';
import type { Host } from '../../shared/inventory.ts';
import { linux, rackSequence } from '../fakes/rack-samples.ts';

const off = (target: string) => ({ id: `off-${target}`, kind: 'power-off', target });
const wake = (target: string) => ({ id: `wake-${target}`, kind: 'wake', target });
const stages = (way: string, steps: object[][]) =>
  steps.map((each, at) => ({ id: `${way}${at}`, name: `${way} ${at}`, steps: each }));

const sequenceOf = (down: object[][], back: object[][]) =>
  rackSequence({ stages: stages('down', down), pointOfNoReturn: 'down0', returnStages: stages('back', back) });

function found(
  hosts: Host[],
  down: object[][],
  back: object[][] = [],
  secretIds = hosts.map(({ id }) => id),
): string[] {
  return findProblems({ sequence: sequenceOf(down, back), hosts, secretIds: new Set(secretIds) })
    .filter(({ what }) => /gate|jump/.test(what) && !what.startsWith('Nothing brings'))
    .map(({ severity, stepId, what }) => `${severity} ${stepId ?? '-'}: ${what}`);
}

const gate = linux('gate');
const web: Host = { ...linux('web'), jump: 'gate' };
const db: Host = { ...linux('db'), jump: 'web' };

describe('a jump host and what is behind it', () => {
  test('goes down last, and comes back first', () => {
    const late =
      'warning off-gate: gate would go down before, or beside, "Power off" on web: web can be reached only through it';
    expect(found([gate, web], [[off('web')], [off('gate')]])).toEqual([]);
    expect(found([gate, web], [[off('gate')], [off('web')]])).toEqual([late]);
    expect(found([gate, web], [[off('gate'), off('web')]])).toEqual([late]);
    expect(found([gate, web], [[off('web')], [off('gate')]], [[wake('web')], [wake('gate')]])).toEqual([
      'warning wake-web: "Wake" on web would be done before, or beside, waking gate, through which alone web can be reached',
    ]);
  });

  test('through others too', () => {
    expect(found([gate, web, db], [[off('gate')], [off('db')]])).toEqual([
      'warning off-gate: gate would go down before, or beside, "Power off" on db: db can be reached only through it',
    ]);
  });

  test('what is left on behind it is not taken along, as what uses it would be', () => {
    expect(found([gate, web], [[off('gate')]])).toEqual([]);
  });

  test('what keeps us out of it keeps us from the host', () => {
    expect(found([gate, web], [[off('web')]], [], ['web'])).toEqual(['error off-web: No private key is kept for gate']);
    expect(found([{ ...gate, login: 'agent' }, web], [[off('web')]], [], ['web'])).toEqual([]);
    expect(found([{ ...gate, hostKeys: [] }, web], [[off('web')]])).toEqual([
      'error off-web: The host key of gate has not been confirmed, so nothing will be sent to it',
    ]);
    expect(found([web], [[off('web')]])).toEqual([
      'error off-web: web cannot be reached: the jump host of web, "gate", is not there',
    ]);
    expect(found([{ ...gate, jump: 'web' }, web], [[off('web')]])).toEqual([
      'error off-web: web cannot be reached: its jump hosts go round in a circle: web, gate, web',
    ]);
  });

  test('belongs to what is armed', () => {
    const sequence = sequenceOf([[off('web')]], []);
    const hash = (hosts: Host[]) => hostsHash(sequence, hosts);
    expect(hash([gate, web])).not.toBe(hash([{ ...gate, address: '10.9.9.9' }, web]));
    expect(hash([gate, linux('web')])).toBe(hash([{ ...gate, address: '10.9.9.9' }, linux('web')]));
  });
});
