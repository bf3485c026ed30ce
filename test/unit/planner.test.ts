import { describe, expect, test } from 'vitest';
import { expectedSeconds, limitOf, plan } from '../../electron/core/planner.ts';
import { findProblems } from '../../electron/core/problems.ts';
import type { Host } from '../../shared/inventory.ts';
import { stepSchema } from '../../shared/sequence.ts';
import { linux, rackHosts, rackSequence } from '../fakes/rack-samples.ts';

const wait = (id: string, seconds: number, needs: string[] = []) => ({ id, kind: 'wait', seconds, needs });
const stages = (...steps: object[][]) => ({
  stages: steps.map((each, index) => ({ id: `s${index}`, name: `S${index}`, steps: each })),
  pointOfNoReturn: 's0',
  returnStages: [],
});

describe('the plan', () => {
  test('stages are barriers, steps of a stage run together, needs order them', () => {
    const made = plan(
      rackSequence(stages([wait('a', 10), wait('b', 30)], [wait('c', 5), wait('d', 7, ['c']), wait('e', 11)])),
    );
    expect(made.needs).toBe(42);
    expect(made.steps.map((step) => [step.id, step.start, step.seconds, step.critical])).toEqual([
      ['a', 0, 10, false],
      ['b', 0, 30, true],
      ['c', 30, 5, true],
      ['d', 35, 7, true],
      ['e', 30, 11, false],
    ]);
  });

  test('the return does not count', () => {
    const sequence = rackSequence();
    expect(plan({ ...sequence, returnStages: [] }).needs).toBe(plan(sequence).needs);
  });

  test('a step is never expected to take longer than its limit', () => {
    const step = stepSchema.parse({ id: 'x', kind: 'power-off', target: 'nas', limit: 20 });
    expect(limitOf(step)).toBe(20);
    expect(expectedSeconds(step)).toBe(20);
  });

  test('steps that wait for each other end the scheduling, not the program', () => {
    const made = plan(rackSequence(stages([wait('a', 10, ['b']), wait('b', 30, ['a']), wait('c', 3)])));
    expect(made.steps.map((step) => step.id)).toEqual(['c']);
  });
});

describe('problems', () => {
  const all = (hosts: Host[]) => new Set(hosts.map((host) => host.id));
  const found = (sequence = rackSequence(), hosts = rackHosts(), secretIds = all(hosts)) =>
    findProblems(sequence, hosts, secretIds).map(
      (problem) => `${problem.severity} ${problem.stepId ?? '-'}: ${problem.what}`,
    );

  test('a sound plan has none', () => expect(found()).toEqual([]));

  test('an empty plan', () => {
    expect(found(rackSequence(stages([])))).toEqual(['error -: The plan has no step: an outage would change nothing']);
  });

  test('an unknown host, a wrong kind, no key, no MAC', () => {
    const hosts = [{ ...linux('nas'), macs: [] }, { ...linux('esx') }, { ...linux('web'), hostKeys: [] }];
    expect(found(rackSequence(), hosts)).toEqual([
      'error guests-esx: "Shut down guests" cannot be done on esx, which is of kind linux',
      'error mm-esx: "Enter maintenance mode" cannot be done on esx, which is of kind linux',
      'error off-web: The host key of web has not been confirmed, so nothing will be sent to it',
      'error wake-nas: nas has no MAC address, so it cannot be woken',
      'error exit-esx: "Exit maintenance mode" cannot be done on esx, which is of kind linux',
      'error start-esx: "Start guests" cannot be done on esx, which is of kind linux',
    ]);
    expect(found(rackSequence(), [])[0]).toBe('error guests-esx: There is no host "esx"');
  });

  test('a host for which no secret is kept, unless it is only woken', () => {
    const hosts = rackHosts();
    const secretIds = all(hosts.filter((host) => host.id !== 'nas'));
    const login = hosts.find((host) => host.id === 'nas')?.login === 'key' ? 'private key' : 'password';
    expect(found(rackSequence(), hosts, secretIds)).toEqual([`error off-nas: No ${login} is kept for nas`]);
  });

  test('a cycle', () => {
    expect(found(rackSequence(stages([wait('a', 1, ['b']), wait('b', 1, ['a']), wait('c', 1)])))).toEqual([
      'error a: This step waits for itself through b',
      'error b: This step waits for itself through a',
    ]);
  });

  test('a hypervisor outside maintenance mode, guests left on, and no way back', () => {
    const off = { id: 'off', kind: 'power-off', target: 'esx' };
    const enter = { id: 'mm', kind: 'enter-maintenance', target: 'esx' };
    const hosts = rackHosts();
    expect(found(rackSequence(stages([off])), hosts)).toEqual([
      'error off: esx would be powered off outside maintenance mode, which it refuses',
      'warning off: Nothing brings esx back when power returns',
    ]);
    expect(found(rackSequence(stages([enter, { ...off, needs: ['mm'] }])), hosts)[0]).toBe(
      'warning mm: Nothing shuts down the guests of esx before',
    );
    expect(found(rackSequence(stages([enter, off])), hosts)).toContain(
      'error off: esx would be powered off outside maintenance mode, which it refuses',
    );
  });
});
