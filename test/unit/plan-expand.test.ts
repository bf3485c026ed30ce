import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { expand, mostSteps } from '../../electron/core/plan/expand.ts';
import { targetOf } from '../../electron/core/plan/target-of.ts';
import type { Host } from '../../shared/inventory.ts';
import { originOf } from '../../shared/origin.ts';
import { compiledSchema } from '../../shared/sequence.ts';
import { esxi, linux, rackHosts, rackSequence } from '../fakes/rack-samples.ts';
import { randomHosts, randomSequence, stepsOf } from '../fakes/random-plans.ts';

const tagged = (host: Host, ...tags: string[]): Host => ({ ...host, tags });
const hosts = [tagged(esxi('e1'), 'blue'), tagged(linux('w1'), 'blue', 'web'), esxi('e2'), tagged(linux('w2'), 'web')];

/** One stage with these steps, compiled: each step with its target and its needs. */
function compiled(steps: object[], inventory = hosts, patch: Record<string, unknown> = {}) {
  const stages = [{ id: 's', name: 'S', steps }];
  const made = expand(rackSequence({ stages, pointOfNoReturn: 's', returnStages: [], ...patch }), inventory);
  return made.sequence.stages.flatMap((stage) => stage.steps);
}
const brief = (steps: object[], inventory = hosts) =>
  compiled(steps, inventory).map((step) => [step.id, targetOf(step), step.needs.join(' ')].join(' | '));

const off = (target: string, patch: object = {}) => ({ id: 'off', kind: 'power-off', target, ...patch });

describe('whom a step is aimed at', () => {
  test.each([
    ['a host keeps its id', 'w1', ['off | w1 | ']],
    ['a tag', 'tag:web', ['off.w1 | w1 | ', 'off.w2 | w2 | ']],
    ['all', 'all', ['off.e1 | e1 | ', 'off.w1 | w1 | ', 'off.e2 | e2 | ', 'off.w2 | w2 | ']],
    [
      'critical is for the same hosts',
      'critical',
      ['off.e1 | e1 | ', 'off.w1 | w1 | ', 'off.e2 | e2 | ', 'off.w2 | w2 | '],
    ],
    ['a tag that nobody has', 'tag:green', []],
    ['a host that nobody knows stays', 'gone', ['off | gone | ']],
  ])('%s', (_, target, expected) => expect(brief([off(target)])).toEqual(expected));

  test('only hosts on which it can be done', () => {
    expect(brief([{ id: 'mm', kind: 'enter-maintenance', target: 'tag:blue' }])).toEqual(['mm.e1 | e1 | ']);
  });

  test('this computer comes last, and goes off only when the others have', () => {
    const own = [{ ...linux('own'), isThisComputer: true }, linux('w1'), linux('w2')];
    expect(brief([off('all')], own)).toEqual(['off.w1 | w1 | ', 'off.w2 | w2 | ', 'off.own | own | off.w1 off.w2']);
    expect(brief([{ id: 'c', kind: 'command', command: 'sync', target: 'all' }], own).at(-1)).toBe('c.own | own | ');
  });
});

describe('what waits for what', () => {
  test('one by one', () => {
    expect(
      brief([off('tag:web', { each: 'one-by-one' }), { id: 'n', kind: 'notify', message: 'x', needs: ['off'] }]),
    ).toEqual(['off.w1 | w1 | ', 'off.w2 | w2 | off.w1', 'n |  | off.w1 off.w2']);
  });

  test('two steps on the same hosts go host by host, also when one of them fits fewer', () => {
    const sync = { id: 'sync', kind: 'command', command: 'sync', target: 'all' };
    const mm = { id: 'mm', kind: 'enter-maintenance', target: 'all', needs: ['sync'] };
    expect(brief([sync, mm]).slice(-2)).toEqual(['mm.e1 | e1 | sync.e1', 'mm.e2 | e2 | sync.e2']);
    const named = { ...sync, id: 'named', target: 'tag:web' };
    const blue = [tagged(linux('w1'), 'web', 'blue'), tagged(linux('w2'), 'web', 'blue'), linux('w3')];
    expect(brief([named, off('tag:blue', { needs: ['named'] })], blue).slice(-1)).toEqual(['off.w2 | w2 | named.w2']);
  });

  test('on other hosts all of them are waited for', () => {
    const sync = { id: 'sync', kind: 'command', command: 'sync', target: 'tag:web' };
    expect(brief([sync, off('w1', { needs: ['sync'] })]).at(-1)).toBe('off | w1 | sync.w1 sync.w2');
    expect(brief([sync, off('tag:blue', { needs: ['sync'] })]).at(-1)).toBe('off.w1 | w1 | sync.w1 sync.w2');
  });

  test('a step that became none is not waited for', () => {
    expect(brief([off('tag:green'), { id: 'n', kind: 'notify', message: 'x', needs: ['off'] }])).toEqual(['n |  | ']);
  });
});

describe('priority groups of guests', () => {
  const groups = [
    { name: 'Databases', guests: ['db'] },
    { name: 'Names', guests: ['dns', 'dhcp'], limit: 40 },
  ];
  const step = (patch: object = {}) => ({
    id: 'g',
    kind: 'shut-down-guests',
    target: 'all',
    groups,
    limit: 200,
    ...patch,
  });

  test('first the guests in no group, then each group, on all hosts together', () => {
    const made = compiled([step(), off('all', { needs: ['g'] })]);
    expect(made.slice(0, 6)).toMatchObject([
      { id: 'g.e1', guests: { except: ['db', 'dns', 'dhcp'] }, limit: 200, groups: [], needs: [] },
      { id: 'g.e2', guests: { except: ['db', 'dns', 'dhcp'] }, needs: [] },
      { id: 'g.e1.2', guests: { only: ['db'] }, limit: 200, needs: ['g.e1', 'g.e2'] },
      { id: 'g.e2.2', guests: { only: ['db'] }, needs: ['g.e1', 'g.e2'] },
      { id: 'g.e1.3', guests: { only: ['dns', 'dhcp'] }, limit: 40, needs: ['g.e1.2', 'g.e2.2'] },
      { id: 'g.e2.3', needs: ['g.e1.2', 'g.e2.2'] },
    ]);
    // A hypervisor waits for all the groups of its own.
    expect(made.find(({ id }) => id === 'off.e1')?.needs).toEqual(['g.e1', 'g.e1.2', 'g.e1.3']);
  });

  test('one by one, for one host, and within what the step is about', () => {
    expect(brief([step({ each: 'one-by-one' })])).toEqual([
      'g.e1 | e1 | ',
      'g.e2 | e2 | g.e1',
      'g.e1.2 | e1 | g.e2',
      'g.e2.2 | e2 | g.e1.2',
      'g.e1.3 | e1 | g.e2.2',
      'g.e2.3 | e2 | g.e1.3',
    ]);
    expect(brief([step({ target: 'e1' })])).toEqual(['g | e1 | ', 'g.2 | e1 | g', 'g.3 | e1 | g.2']);
    expect(compiled([step({ target: 'e1', guests: { only: ['db', 'dns'] } })])).toMatchObject([
      { id: 'g', guests: { only: ['db'] } },
      { id: 'g.2', guests: { only: ['dns'] } },
    ]);
    expect(compiled([step({ target: 'e1', guests: { except: ['dns', 'shop'] } })])).toMatchObject([
      { id: 'g', guests: { except: ['dns', 'shop', 'db', 'dhcp'] } },
      { id: 'g.2', guests: { only: ['db'] } },
      { id: 'g.3', guests: { only: ['dhcp'] } },
    ]);
  });
});

describe('the groups in which guests come up', () => {
  const groups = [
    { name: 'Directory', guests: ['ad'], limit: 90 },
    { name: 'vCenter', guests: ['vcsa'] },
  ];
  const down = (patch: object = {}) => ({
    id: 'g',
    kind: 'shut-down-guests',
    target: 'all',
    groups: [
      { name: 'Low', guests: ['wiki'], limit: 40 },
      { name: 'High', guests: ['ad', 'dns'] },
    ],
    ...patch,
  });
  const up = (patch: object = {}) => ({ id: 'up', kind: 'start-guests', target: 'all', ...patch });
  const back = (ups: object[], downs: object[] = [down()]) => {
    const stages = [{ id: 's', name: 'S', steps: [...downs, off('w1')] }];
    const returnStages = [{ id: 'r', name: 'R', steps: ups }];
    const made = expand(rackSequence({ stages, pointOfNoReturn: 's', returnStages }), hosts).sequence;
    return made.returnStages.flatMap((stage) => stage.steps);
  };

  test('each behind the one before on all hosts together, and the guests in no group last', () => {
    const notify = { id: 'n', kind: 'notify', message: 'x', needs: ['up'] };
    const made = back([up({ groups, limit: 200, after: 30 }), notify]);
    expect(made.slice(0, 6)).toMatchObject([
      { id: 'up.e1', guests: { only: ['ad'] }, limit: 90, after: 30, groups: [], needs: [] },
      { id: 'up.e2', guests: { only: ['ad'] }, needs: [] },
      { id: 'up.e1.2', guests: { only: ['vcsa'] }, limit: 200, after: 30, needs: ['up.e1', 'up.e2'] },
      { id: 'up.e2.2', guests: { only: ['vcsa'] }, needs: ['up.e1', 'up.e2'] },
      { id: 'up.e1.3', guests: { except: ['ad', 'vcsa'] }, limit: 200, needs: ['up.e1.2', 'up.e2.2'] },
      { id: 'up.e2.3', needs: ['up.e1.2', 'up.e2.2'] },
    ]);
    expect(made.at(-1)?.needs).toEqual(['up.e1', 'up.e2', 'up.e1.2', 'up.e2.2', 'up.e1.3', 'up.e2.3']);
  });

  const names = (steps: ReturnType<typeof back>) =>
    steps.map((step) => `${step.id} ${step.kind === 'start-guests' ? JSON.stringify(step.guests ?? 'all') : ''}`);

  test('are those of going down in reverse where it says none, with the time of coming up', () => {
    expect(back([up({ target: 'e1' })])).toMatchObject([
      { id: 'up', target: 'e1', guests: { only: ['ad', 'dns'] }, needs: [] },
      { id: 'up.2', guests: { only: ['wiki'] }, needs: ['up'] },
      { id: 'up.3', guests: { except: ['wiki', 'ad', 'dns'] }, needs: ['up.2'] },
    ]);
    expect(back([up({ target: 'e1' })]).map(({ limit }) => limit)).toEqual([undefined, undefined, undefined]);
  });

  test('are those of each host by whatever takes its guests down, the last first', () => {
    const others = down({ target: 'all', guests: { except: ['lab', 'vcsa'] } });
    const lab = down({ id: 'g2', target: 'e2', guests: { only: ['lab'] }, groups: [] });
    const last = down({ id: 'g3', target: 'e2', groups: [] });
    expect(names(back([up({ target: 'e2' })], [others, lab, last]))).toEqual([
      'up {"only":["vcsa"]}',
      'up.2 {"only":["lab"]}',
      'up.3 {"only":["ad","dns"]}',
      'up.4 {"only":["wiki"]}',
      'up.5 {"except":["lab","vcsa","wiki","ad","dns"]}',
    ]);
    expect(names(back([up()], [down({ target: 'e1' }), lab, last]))).toEqual([
      'up.e1 {"only":["ad","dns"]}',
      'up.e2 {"except":["lab"]}',
      'up.e1.2 {"only":["wiki"]}',
      'up.e2.2 {"only":["lab"]}',
      'up.e1.3 {"except":["wiki","ad","dns"]}',
    ]);
  });

  test('are none where its guests go down at once, or it names those that it is for', () => {
    expect(names(back([up({ target: 'e1' })], [down({ groups: [] })]))).toEqual(['up "all"']);
    expect(names(back([up({ target: 'e1' })], [down({ target: 'e2' })]))).toEqual(['up "all"']);
    expect(names(back([up({ target: 'e1', guests: { only: ['ad', 'wiki'] } })]))).toEqual([
      'up {"only":["ad","wiki"]}',
    ]);
  });

  test('end with what no step takes down: an earlier run may have', () => {
    const some = down({ target: 'e1', guests: { only: ['ad', 'wiki', 'web'] } });
    expect(names(back([up({ target: 'e1' })], [some]))).toEqual([
      'up {"only":["ad"]}',
      'up.2 {"only":["wiki"]}',
      'up.3 {"only":["web"]}',
      'up.4 {"except":["web","wiki","ad"]}',
    ]);
  });

  test('say how all of them come up where it says some', () => {
    const steps = back([up({ target: 'e1', groups })]);
    expect(steps).toHaveLength(3);
    expect(steps).toMatchObject([{ guests: { only: ['ad'] } }, { guests: { only: ['vcsa'] } }, {}]);
  });
});

test('parameters stand in commands and messages; what nobody knows, or what would be too long, stays', () => {
  const parameters = { mode: 'fast', n: 3, on: true, long: 'x'.repeat(200) };
  const made = compiled(
    [
      { id: 'a', kind: 'command', command: 'go {{mode}} {{n}} {{on}} {{who}} {{ mode }}', target: 'w1' },
      { id: 'b', kind: 'notify', message: 'now {{mode}}' },
      { id: 'c', kind: 'notify', message: 'now {{long}}' },
    ],
    hosts,
    { parameters },
  );
  expect(made).toMatchObject([
    { command: 'go fast 3 true {{who}} {{ mode }}' },
    { message: 'now fast' },
    { message: 'now {{long}}' },
  ]);
});

test('conditions of a stage become those of its steps, each once', () => {
  const [both, own] = [{ is: 'beyond-tolerance' }, { is: 'failed-upses', atLeast: 2 }];
  const stages = [{ id: 's', name: 'S', when: [both], steps: [off('w1', { when: [own, both] })] }];
  const [stage] = expand(rackSequence({ stages, pointOfNoReturn: 's' }), hosts).sequence.stages;
  expect([stage?.when, stage?.steps[0]?.when]).toEqual([[], [both, own]]);
});

test('a stage never has more steps than the journal takes', () => {
  const many = Array.from({ length: 200 }, (_, at) => linux(`n${at}`));
  const steps = Array.from({ length: 12 }, (_, at) => ({ id: `c${at}`, kind: 'command', command: 'x', target: 'all' }));
  const { sequence, from } = expand(
    rackSequence({
      stages: [{ id: 's', name: 'S', steps: [...steps, off('n1', { needs: ['c11'] })] }],
      pointOfNoReturn: 's',
      returnStages: [],
    }),
    many,
  );
  expect(sequence.stages[0]?.steps).toHaveLength(mostSteps);
  expect(from.size).toBe(mostSteps);
});

test('neither has the whole sequence', () => {
  const many = Array.from({ length: 200 }, (_, at) => linux(`n${at}`));
  const steps = (stage: number) =>
    Array.from({ length: 9 }, (_, at) => ({ id: `c${stage}-${at}`, kind: 'command', command: 'x', target: 'all' }));
  const stages = Array.from({ length: 7 }, (_, stage) => ({ id: `s${stage}`, name: 'S', steps: steps(stage) }));
  const { from, cut } = expand(rackSequence({ stages, pointOfNoReturn: 's0', returnStages: [] }), many);
  expect([from.size, [...cut]]).toEqual([10_000, ['s5', 's6']]);
});

test('a sequence without groups stays as it is', () => {
  const { sequence, from } = expand(rackSequence(), rackHosts());
  expect(sequence).toEqual(rackSequence());
  expect([...from].every(([id, origin]) => id === origin)).toBe(true);
});

test('whatever is compiled can be kept in a journal, is aimed at single hosts, and compiles to itself', () => {
  fc.assert(
    fc.property(randomSequence, randomHosts, (authored, inventory) => {
      const { sequence, from } = expand(authored, inventory);
      expect(compiledSchema.parse(JSON.parse(JSON.stringify(sequence)))).toEqual(sequence);
      const known = new Set(inventory.map(({ id }) => id).concat('nobody'));
      const steps = stepsOf(sequence);
      for (const step of steps) {
        const target = targetOf(step);
        expect(target === null || known.has(target)).toBe(true);
        expect(from.get(step.id)).toBe(originOf(step.id));
      }
      expect(expand(sequence, inventory).sequence).toEqual(sequence);
      // What needed something still waits for all of it that concerns its own host.
      for (const step of stepsOf(authored)) {
        for (const need of step.needs) {
          for (const part of steps.filter(({ id }) => from.get(id) === step.id)) {
            const needed = steps.filter(({ id }) => from.get(id) === need && part.needs.includes(id));
            const own = steps.filter((other) => from.get(other.id) === need && targetOf(other) === targetOf(part));
            expect(own.every((other) => needed.includes(other))).toBe(true);
            if (own.length === 0) expect(needed).toEqual(steps.filter(({ id }) => from.get(id) === need));
          }
        }
      }
    }),
    { numRuns: 400, seed: 20261122 },
  );
});
