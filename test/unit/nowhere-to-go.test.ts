import { expect, test } from 'vitest';
import { findProblems } from '../../electron/core/problems/find-problems.ts';
import { type Host, hostSchema } from '../../shared/inventory.ts';
import { rackSequence } from '../fakes/rack-samples.ts';

const node = (id: string, kind = 'proxmox'): Host =>
  hostSchema.parse({ id, name: id.toUpperCase(), kind, address: '192.0.2.9', user: 'root', login: 'key' });

const found = (entering: readonly string[], hosts: readonly Host[]): string[] => {
  const steps = entering.map((target) => ({ id: `enter-${target}`, kind: 'enter-maintenance', target }));
  const sequence = rackSequence({
    stages: [{ id: 's0', name: 'S0', steps }],
    pointOfNoReturn: 's0',
    returnStages: [],
  });
  return findProblems({ sequence, hosts, secretIds: new Set() })
    .filter(({ what }) => what.includes('nowhere to go'))
    .map(({ severity, stepId, what }) => `${severity} ${stepId}: ${what}`);
};

const two = [node('a'), node('b')];

test('guests of HA have nowhere to go when every Proxmox VE node enters maintenance mode', () => {
  expect(found(['a', 'b'], two)).toEqual([
    'warning enter-a: Every Proxmox VE node enters maintenance mode (A and B): guests of HA would have nowhere to go',
  ]);
});

test.each<[string, string[], Host[]]>([
  ['one of them stays', ['a'], two],
  ['only one is known', ['a'], [node('a')]],
  ['they are of another kind', ['a', 'b'], [node('a', 'hyper-v'), node('b', 'hyper-v')]],
  ['none enters it', [], two],
])('they have somewhere when %s', (_why, entering, hosts) => {
  expect(found(entering, hosts)).toEqual([]);
});
