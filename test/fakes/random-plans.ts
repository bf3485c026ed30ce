import fc from 'fast-check';
import { type Host, hostSchema } from '../../shared/inventory.ts';
import { type Sequence, type Step, sequenceSchema } from '../../shared/sequence.ts';
import { esxi, linux } from './rack-samples.ts';

const tags = ['web', 'db', 'lab'];
const hostIds = ['h0', 'h1', 'h2', 'h3', 'h4', 'h5'];
const target = fc.constantFrom('all', 'critical', 'tag:web', 'tag:db', 'tag:lab', ...hostIds, 'nobody');
const names = (max: number) =>
  fc.uniqueArray(fc.constantFrom('mail', 'dns', 'shop', 'vcenter', 'wiki'), { minLength: 1, maxLength: max });
const condition = fc.oneof(
  fc.constantFrom({ is: 'within-tolerance' }, { is: 'beyond-tolerance' }),
  fc.record({ is: fc.constant('failed-upses'), atLeast: fc.integer({ min: 1, max: 3 }) }),
  fc.record({ is: fc.constant('host-kind'), kind: fc.constantFrom('linux', 'esxi') }),
  fc.record({ is: fc.constant('parameter'), name: fc.constantFrom('speed', 'nothing'), equals: fc.constant('fast') }),
);
const guests = fc.option(fc.oneof(fc.record({ only: names(3) }), fc.record({ except: names(3) })), { nil: undefined });
const group = fc.record({
  name: fc.constantFrom('first', 'last'),
  guests: names(3),
  limit: fc.constantFrom(60, undefined),
});
const what = fc.oneof(
  fc.record({ kind: fc.constantFrom('power-off', 'enter-maintenance', 'wake'), target }),
  fc.record({ kind: fc.constant('start-guests'), target, guests, groups: fc.array(group, { maxLength: 2 }) }),
  fc.record({
    kind: fc.constant('command'),
    target,
    command: fc.constantFrom('sync', 'go {{speed}}', 'go {{nobody}}'),
  }),
  fc.record({ kind: fc.constant('shut-down-guests'), target, guests, groups: fc.array(group, { maxLength: 3 }) }),
  fc.record({ kind: fc.constant('wait'), seconds: fc.integer({ min: 1, max: 60 }) }),
  fc.record({ kind: fc.constant('notify'), message: fc.constantFrom('down', 'now {{speed}}') }),
);
const step = fc.record({
  what,
  each: fc.constantFrom('parallel', 'one-by-one'),
  after: fc.constantFrom(0, 0, 7),
  optional: fc.boolean(),
  when: fc.array(condition, { maxLength: 2 }),
  /** Which of the steps before it in its stage it needs. */
  needs: fc.array(fc.nat(5), { maxLength: 2 }),
});
const stage = fc.record({
  steps: fc.array(step, { maxLength: 5 }),
  parallel: fc.constantFrom(undefined, undefined, 1, 2),
  when: fc.array(condition, { maxLength: 2 }),
});

/** Six hosts of both kinds, of which the last may be this computer. */
export const randomHosts: fc.Arbitrary<Host[]> = fc
  .array(fc.record({ esx: fc.boolean(), tags: fc.subarray(tags), uses: fc.subarray(hostIds, { maxLength: 2 }) }), {
    minLength: 6,
    maxLength: 6,
  })
  .chain((made) =>
    fc.integer({ min: -1, max: 5 }).map((own) =>
      made.map(({ esx, tags: given, uses }, at) =>
        hostSchema.parse({
          ...(esx ? esxi(`h${at}`) : linux(`h${at}`)),
          tags: given,
          uses: uses.filter((id) => id !== `h${at}`),
          isThisComputer: at === own,
        }),
      ),
    ),
  );

/** Any sequence that the schema takes and that has no circles of needs. */
export const randomSequence: fc.Arbitrary<Sequence> = fc
  .record({
    down: fc.array(stage, { minLength: 1, maxLength: 4 }),
    back: fc.array(stage, { maxLength: 2 }),
    level: fc.constantFrom(null, 0, 1),
    scope: fc.constantFrom('all', 'critical'),
  })
  .map(({ down, back, level, scope }) => {
    const build = (stages: typeof down, way: string) =>
      stages.map(({ steps, ...rest }, at) => ({
        ...rest,
        id: `${way}-${at}`,
        name: `${way} ${at}`,
        steps: steps.map(({ what: kind, each, needs, ...others }, index) => ({
          ...others,
          ...kind,
          ...('target' in kind ? { each } : {}),
          id: `${way}-${at}-${index}`,
          needs: [...new Set(needs.filter((need) => need < index).map((need) => `${way}-${at}-${need}`))],
        })),
      }));
    return sequenceSchema.parse({
      format: 'glidepath-sequence',
      version: 3,
      id: 'random',
      name: 'Random',
      stages: build(down, 'down'),
      returnStages: build(back, 'back'),
      pointOfNoReturn: 'down-0',
      returnWhen: {},
      scope,
      faultTolerance: level === null ? null : { level, beyond: 'all' },
      parameters: { speed: 'fast' },
    });
  });

export const stepsOf = (sequence: Sequence): Step[] =>
  [...sequence.stages, ...sequence.returnStages].flatMap((each) => each.steps);
