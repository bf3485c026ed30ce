import { describe, expect, test } from 'vitest';
import { hostsHash } from '../../electron/brain/host-edits.ts';
import { findProblems } from '../../electron/core/problems/find-problems.ts';
import { type Host, hostSchema } from '../../shared/inventory.ts';
import type { Sequence } from '../../shared/sequence.ts';
import { linux, rackSequence } from '../fakes/rack-samples.ts';

const hostKeys = [{ type: 'x509', fingerprint: 'SHA256:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA' }] as const;
const made = (patch: object): Host =>
  hostSchema.parse({ address: '192.0.2.9', port: 443, user: 'root', login: 'password', hostKeys, ...patch });
const vc = (patch: object = {}): Host => made({ id: 'vc', name: 'vc', kind: 'vcenter', ...patch });
const esx = (patch: object = {}): Host =>
  made({ id: 'esx', name: 'esx', kind: 'esxi-api', managedBy: 'vc', macs: ['02:00:00:00:00:01'], ...patch });

const plan = (steps: object[]): Sequence =>
  rackSequence({
    stages: [{ id: 's0', name: 'S0', steps }],
    pointOfNoReturn: 's0',
    returnStages: [{ id: 'back', name: 'Back', steps: [{ id: 'wake', kind: 'wake', target: 'esx' }] }],
  });
const moving = plan([{ id: 'move', kind: 'migrate-guests', target: 'esx' }]);
const guests = plan([{ id: 'down', kind: 'shut-down-guests', target: 'esx' }]);

const found = (
  sequence: Sequence,
  hosts: readonly Host[],
  secretIds = ['vc', 'esx'],
  channelIds?: ReadonlySet<string>,
): string[] =>
  findProblems({ sequence, hosts, secretIds: new Set(secretIds), ...(channelIds && { channelIds }) })
    .filter(({ what }) => /manage|moves|vc|channel/.test(what))
    .map(({ severity, stepId, what }) => `${severity} ${stepId}: ${what}`);

describe('guests are moved by a vCenter', () => {
  test('that is there, is trusted and can be signed in to', () => {
    expect(found(moving, [esx(), vc()])).toEqual([]);
  });

  test.each<[string, Host[], string[], string]>([
    [
      'none',
      [esx({ managedBy: undefined }), vc()],
      ['vc', 'esx'],
      'error move: No vCenter manages esx, and only a vCenter',
    ],
    ['no host', [esx()], ['esx'], 'error move: No vCenter manages esx'],
    ['something else', [esx(), linux('vc')], ['vc', 'esx'], 'error move: No vCenter manages esx'],
    ['no password', [esx(), vc()], ['esx'], 'error move: No password is kept for vc'],
    [
      'nothing confirmed',
      [esx(), vc({ hostKeys: [] })],
      ['vc', 'esx'],
      'error move: The certificate of vc has not been',
    ],
  ])('%s: the plan is not to be armed', (_name, hosts, secretIds, said) => {
    expect(found(moving, hosts, secretIds)).toContainEqual(expect.stringContaining(said));
  });
});

describe('what else is done through it is done at the host when it cannot be used', () => {
  test.each<[string, Host[], string[], string]>([
    ['no host', [esx()], ['esx'], 'warning null: esx is said to be managed by "vc", which is no host'],
    [
      'something else',
      [esx(), linux('vc')],
      ['vc', 'esx'],
      'warning null: esx is said to be managed by vc, which is no vCenter',
    ],
    [
      'no password',
      [esx(), vc()],
      ['esx'],
      'warning null: No password is kept for vc: it manages esx, and what is done through it is not done',
    ],
  ])('%s', (_name, hosts, secretIds, said) => {
    expect(found(guests, hosts, secretIds)).toEqual([said]);
  });

  test('an armed plan goes by what manages its hosts', () => {
    const hash = (manager: Host) => hostsHash(guests, [esx(), manager]);
    expect(hash(vc())).toBe(hash(vc()));
    expect(hash(vc({ address: '192.0.2.10' }))).not.toBe(hash(vc()));
  });
});

test('a message for a channel that is gone', () => {
  const telling = plan([{ id: 'tell', kind: 'notify', message: 'down', channels: ['mail', 'chat'] }]);
  expect(found(telling, [esx(), vc()], undefined, new Set(['mail', 'chat']))).toEqual([]);
  expect(found(telling, [esx(), vc()], undefined, new Set(['mail']))).toEqual([
    'warning tell: It is told by the channel "chat", and there is none: nobody gets it that way',
  ]);
  expect(found(plan([{ id: 'tell', kind: 'notify', message: 'down' }]), [esx(), vc()], undefined, new Set())).toEqual(
    [],
  );
});
