import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Budget } from '../../electron/core/problems/budget.ts';
import { type Checked, findProblems } from '../../electron/core/problems/find-problems.ts';
import type { Host } from '../../shared/inventory.ts';
import { esxi, linux, rackHosts, rackSequence } from '../fakes/rack-samples.ts';
import { randomHosts, randomSequence } from '../fakes/random-plans.ts';

const wait = (id: string, seconds: number, patch: object = {}) => ({ id, kind: 'wait', seconds, ...patch });
const command = (id: string, target: string, patch: object = {}) => ({
  id,
  kind: 'command',
  command: 'x',
  target,
  ...patch,
});
const stages = (...steps: object[][]) => ({
  stages: steps.map((each, index) => ({ id: `s${index}`, name: `S${index}`, steps: each })),
  pointOfNoReturn: 's0',
  returnStages: [],
});
const all = (hosts: readonly Host[]) => new Set(hosts.map((host) => host.id));
const plan = (...steps: object[][]) => rackSequence(stages(...steps));

function found(sequence = rackSequence(), hosts: readonly Host[] = rackHosts(), more: Partial<Checked> = {}): string[] {
  return findProblems({ sequence, hosts, secretIds: all(hosts), ...more }).map(
    ({ severity, stageId, stepId, what }) => `${severity} ${stepId ?? stageId ?? '-'}: ${what}`,
  );
}

test('a sound plan has none', () => expect(found()).toEqual([]));

describe('shape', () => {
  test('an empty plan', () => {
    expect(found(plan([]))).toEqual(['error -: The plan has no step: an outage would change nothing']);
  });

  test('parameters that nobody has, and texts that become too long or empty', () => {
    const parameters = { long: 'x'.repeat(200), none: '' };
    const steps = [
      command('a', 'web', { command: 'go {{who}} {{who}}' }),
      { id: 'b', kind: 'notify', message: 'now {{long}}' },
      { id: 'c', kind: 'notify', message: '{{none}}' },
      wait('d', 1, { when: [{ is: 'parameter', name: 'who', equals: 1 }] }),
      command('e', 'web', { command: 'go {{who}}', proof: 'gone {{who}} {{where}}' }),
    ];
    expect(found(rackSequence({ ...stages(steps), parameters }))).toEqual([
      'error a: There is no parameter "who": {{who}} would stand there as it is',
      'error b: With its parameters filled in, the text of this step is too long (204 characters)',
      'error c: With its parameters filled in, the text of this step is empty',
      'error d: It asks for the parameter "who", which there is not, so it is never done',
      'error e: There is no parameter "who": {{who}} would stand there as it is',
      'error e: There is no parameter "where": {{where}} would stand there as it is',
    ]);
  });

  test('conditions: of a fault tolerance that is not set, of no host, and too many', () => {
    const stageWhen = [{ is: 'beyond-tolerance' }];
    const eight = [1, 2, 3, 4, 5, 6, 7, 8].map((atLeast) => ({ is: 'failed-upses', atLeast }));
    const steps = [wait('a', 1, { when: [{ is: 'host-kind', kind: 'linux' }] }), wait('b', 1, { when: eight })];
    const sequence = rackSequence({ ...stages(), stages: [{ id: 's0', name: 'S0', steps, when: stageWhen }] });
    expect(found(sequence)).toEqual([
      'warning s0: It asks for the fault tolerance, which is not set: no UPS may fail then',
      'warning a: It asks for the kind of its host and has none, so it is never done',
      'error b: It has 9 conditions with those of its stage, and 8 are the most',
    ]);
    expect(found({ ...sequence, faultTolerance: { level: 1, beyond: 'all' } })).toHaveLength(2);
  });

  test('the same thing twice, also through a tag', () => {
    const hosts = [{ ...linux('web'), tags: ['lab'] }, linux('nas')];
    const steps = [
      [{ id: 'a', kind: 'wake', target: 'web' }],
      [{ id: 'b', kind: 'wake', target: 'tag:lab' }, command('c', 'all'), command('d', 'all')],
    ];
    expect(found(plan(...steps), hosts)).toEqual(['warning b: "Wake" on web stands in the plan twice, first in S0']);
  });

  test('guests in two groups, and more names than a step may carry', () => {
    const names = (from: number, count: number) => Array.from({ length: count }, (_, at) => `vm${from + at}`);
    const step = (groups: object[]) => ({ id: 'g', kind: 'shut-down-guests', target: 'esx', groups });
    const staysOff = 'warning g: Nothing starts the guests of esx when power returns, unless they start by themselves';
    expect(
      found(
        plan([
          step([
            { name: 'A', guests: ['db', 'db'] },
            { name: 'B', guests: ['db'] },
          ]),
        ]),
      ),
    ).toEqual(['warning g: The guest "db" is in the groups A and B: it goes down with A', staysOff]);
    // A group of guests that no step shuts down is none that could be missed.
    const up = step([
      { name: 'C', guests: ['db', 'gone'] },
      { name: 'D', guests: ['db'] },
    ]);
    expect(
      found({ ...plan([step([])]), returnStages: plan([{ ...up, id: 'up', kind: 'start-guests' }]).stages }),
    ).toEqual(['warning up: The guest "db" is in the groups C and D: it comes up with C']);
    expect(
      found(
        plan([
          step([
            { name: 'A', guests: names(0, 300) },
            { name: 'B', guests: names(300, 201) },
          ]),
        ]),
      ),
    ).toEqual(['error g: It names 501 guests in its groups, and 500 are the most', staysOff]);
  });

  test('more steps than a stage may have', () => {
    const hosts = Array.from({ length: 200 }, (_, at) => linux(`n${at}`));
    const steps = Array.from({ length: 12 }, (_, at) => command(`c${at}`, 'all'));
    expect(found(plan([...steps.slice(2), wait('w', 1)]), hosts)).toEqual([
      'error s0: With 200 hosts this stage has more than 2000 steps, or the plan more than 10000: what is beyond would not be done',
    ]);
    expect(found(plan(steps.slice(2)), hosts)).toEqual([]);
  });
});

describe('references', () => {
  test('an unknown host, a wrong kind, no key, no MAC', () => {
    const hosts = [{ ...linux('nas'), macs: [] }, linux('esx'), { ...linux('web'), hostKeys: [] }];
    expect(found(rackSequence(), hosts)).toEqual([
      'error guests-esx: "Shut down guests" cannot be done on esx, which is of the kind Linux',
      'error mm-esx: "Enter maintenance mode" cannot be done on esx, which is of the kind Linux',
      'error off-web: The host key of web has not been confirmed, so nothing will be sent to it',
      'error wake-nas: nas has no MAC address, so it cannot be woken',
      'error exit-esx: "Exit maintenance mode" cannot be done on esx, which is of the kind Linux',
      'error start-esx: "Start guests" cannot be done on esx, which is of the kind Linux',
    ]);
    expect(found(rackSequence(), [])[0]).toBe('error guests-esx: There is no host "esx"');
  });

  test('a host for which no secret is kept, unless it is only woken', () => {
    const hosts = rackHosts();
    const secretIds = all(hosts.filter((host) => host.id !== 'nas'));
    expect(found(rackSequence(), hosts, { secretIds })).toEqual(['error off-nas: No private key is kept for nas']);
  });

  test('tags that nobody has, or nobody on whom it can be done; all, and there is none', () => {
    const hosts = [{ ...linux('web'), tags: ['lab'] }];
    const guests = (id: string, target: string) => ({ id, kind: 'shut-down-guests', target });
    expect(found(plan([command('a', 'tag:lap'), guests('b', 'tag:lab'), guests('c', 'all')]), hosts)).toEqual([
      'error a: No host has the tag "lap"',
      'error b: "Shut down guests" needs a host with guests, and no host with the tag "lab" is one',
      'warning c: "Shut down guests" needs a host with guests, and there is none: this step does nothing',
    ]);
  });

  test('a step for those that lose their power, in a plan that takes all', () => {
    const fed = (upses: string[]) => ({ fedBy: { upses, need: 'any' as const } });
    const hosts = [linux('web'), linux('nas')];
    const apart = hosts.map((host, at) => ({ ...host, ...fed([`ups-${at}`]) }));
    const steps = [{ id: 'off', kind: 'power-off', target: 'critical' }];
    const errors = (scope: string, on: Host[]) =>
      found(rackSequence({ ...stages(steps), scope }), on).filter((each) => each.startsWith('error'));
    expect(errors('all', apart)).toEqual([
      'error off: It is meant for the hosts that lose their power, and a run of this plan is for every host: all of them would go down',
    ]);
    expect(errors('critical', apart)).toEqual([]);
    expect(errors('all', hosts)).toEqual([]);
  });

  test('steps for many hosts say once what is wrong with one of them', () => {
    const hosts = [linux('web'), { ...linux('nas'), hostKeys: [] }];
    const key = 'The host key of nas has not been confirmed, so nothing will be sent to it';
    const groups = [{ name: 'A', guests: ['db'] }];
    expect(found(plan([command('a', 'all'), command('b', 'all'), command('c', 'nas')]), hosts)).toEqual([
      `error a: ${key}`,
      `error c: ${key}`,
    ]);
    const esx = [{ ...esxi('esx'), hostKeys: [] }];
    const errors = found(plan([{ id: 'g', kind: 'shut-down-guests', target: 'esx', groups }]), esx).filter((each) =>
      each.startsWith('error'),
    );
    expect(errors).toHaveLength(1);
  });

  test('this computer is up before anything is woken', () => {
    const hosts = [{ ...linux('own'), isThisComputer: true, macs: [] }];
    const back = [{ id: 'r', name: 'R', steps: [{ id: 'w', kind: 'wake', target: 'all' }] }];
    const sequence = rackSequence({ ...stages([{ id: 'off', kind: 'power-off', target: 'own' }]), returnStages: back });
    expect(found(sequence, hosts)).toEqual([]);
    expect(found({ ...sequence, returnStages: [] }, hosts)).toEqual([]);
  });

  test('UPSes that nobody knows, and hosts that none feeds while others are fed', () => {
    const fed = (host: Host, ...upses: string[]): Host => ({ ...host, fedBy: { upses, need: 'any' } });
    const sequence = plan([command('a', 'all')]);
    const upsIds = new Set(['u1']);
    expect(found(sequence, [fed(linux('a'), 'u1'), fed(linux('b'), 'u2')], { upsIds })).toEqual([
      'warning -: b is said to be fed by the UPS "u2", which nobody knows: an outage there would not be seen',
    ]);
    expect(found(sequence, [fed(linux('a'), 'u1'), linux('b'), linux('c')])).toEqual([
      'warning -: No UPS feeds b and c, as far as is known: they are taken to go down with any that fails',
    ]);
    expect(found(sequence, [linux('b'), linux('c')])).toEqual([]);
  });

  test('what hosts use and run on: nobody, or each other', () => {
    const hosts = [
      { ...linux('a'), uses: ['b', 'gone'] },
      { ...linux('b'), runsOn: 'c' },
      { ...linux('c'), uses: ['a'] },
      { ...linux('d'), uses: ['d'] },
    ];
    expect(found(plan([command('x', 'all')]), hosts)).toEqual([
      'warning -: a is said to use "gone", which is no host: the order of the two cannot be checked',
      'warning -: a, b and c need each other in a circle, so that none of them can go down last',
      'warning -: d is said to use itself, or to run on itself',
    ]);
  });

  test('only who loses its power goes down, and nobody says what it uses', () => {
    const sequence = { ...plan([command('x', 'all')]), scope: 'critical' as const };
    expect(found(sequence, [linux('a'), linux('b')])).toEqual([
      'warning -: Only the hosts that lose their power go down, and no host says what it uses: what depends on them would stay on',
    ]);
    expect(found(sequence, [linux('a'), { ...linux('b'), uses: ['a'] }])).toEqual([]);
    expect(found(sequence, [linux('a')])).toEqual([]);
  });
});

describe('budget', () => {
  const sequence = plan([wait('a', 300)], [command('b', 'web', { limit: 500 })]);
  const budget = (needs: number, runtimeLeft: number | null, branches: NonNullable<Budget['branches']> = []) =>
    found(sequence, rackHosts(), { budget: { needs, runtimeLeft, branches } });

  test('it fits, or nobody knows', () => {
    expect(budget(308, 2000)).toEqual([]);
    expect(budget(308, null)).toEqual([]);
  });

  test('it does not fit, as a whole or for some', () => {
    expect(budget(308, 200)).toEqual([
      'warning -: The plan needs 5 min 8 s, and the batteries would last 3 min 20 s: something would be given up',
    ]);
    const branches = [
      { hostIds: ['web', 'nas'], needs: 308, runtimeLeft: 300 },
      { hostIds: ['esx'], needs: 308, runtimeLeft: 2000 },
    ];
    expect(budget(308, 2000, branches)).toEqual([
      'warning -: For web and nas the plan needs 5 min 8 s, and the batteries would last 5 min: something would be given up',
    ]);
    expect(found({ ...sequence, shed: [] }, rackHosts(), { budget: { needs: 308, runtimeLeft: 200 } })[0]).toContain(
      'cut hard',
    );
  });

  test('it fits, but every flicker would begin it, or one stage could eat the battery', () => {
    expect(budget(308, 380)).toEqual([
      'warning -: Every outage of 5 s would start a run: it must start at 6 min 25 s left, and the batteries would last 6 min 20 s',
      'warning s1: If its hosts hang, this stage takes 8 min 20 s by its limits, and the batteries would last 6 min 20 s',
    ]);
  });
});

describe('other sequences', () => {
  test('those that act on the same hosts', () => {
    const other = { ...plan([command('x', 'tag:lab'), command('y', 'web')]), id: 'other', name: 'Other' };
    const hosts = [{ ...linux('nas'), tags: ['lab'] }, linux('web'), linux('lone')];
    const own = plan([command('a', 'all')]);
    expect(found(own, hosts, { others: [own, other] })).toEqual([
      'warning -: The sequence "Other" acts on nas and web too: only one of the two is used',
    ]);
    expect(found(plan([command('a', 'lone')]), hosts, { others: [other] })).toEqual([]);
  });
});

test('whatever the sequence, problems are found, located at what the user made, and said once', () => {
  fc.assert(
    fc.property(randomSequence, randomHosts, (sequence, hosts) => {
      const problems = findProblems({
        sequence,
        hosts,
        secretIds: new Set(),
        upsIds: new Set(),
        others: [sequence],
        budget: { needs: 100, runtimeLeft: 50 },
      });
      const places = new Set(
        [...sequence.stages, ...sequence.returnStages].flatMap((stage) => [
          `${stage.id} -`,
          ...stage.steps.map((step) => `${stage.id} ${step.id}`),
        ]),
      );
      for (const { stageId, stepId, what, remedy } of problems) {
        expect(stageId === null ? stepId : places.has(`${stageId} ${stepId ?? '-'}`)).toBe(
          stageId === null ? null : true,
        );
        expect(what.length * remedy.length).toBeGreaterThan(0);
      }
      const said = problems.map((problem) => JSON.stringify(problem));
      expect(new Set(said).size).toBe(said.length);
    }),
    { numRuns: 300, seed: 20261122 },
  );
});
