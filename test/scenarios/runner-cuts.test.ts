import { describe, expect, test } from 'vitest';
import { readJournalText } from '../../electron/storage/journal-text.ts';
import type { Host } from '../../shared/inventory.ts';
import { replayRun } from '../../shared/run.ts';
import type { RunRecord } from '../../shared/run-record.ts';
import type { Sequence } from '../../shared/sequence.ts';
import { esxi } from '../fakes/rack-samples.ts';
import { fed, outage, overlaps, type Rig, rig, sequenceOf, upsA, upsB } from './runner-bench.ts';

interface Story {
  name: string;
  sequence: Sequence;
  hosts: Host[];
  wanted: string[] | null;
  /** What happens from outside, each second; must do the same when it is told again after a restart. */
  each(made: Rig, second: number): void;
  prepare?(made: Rig): void;
  /** How it ends, whatever happened on the way. */
  ends: Record<string, 'on' | 'off'>;
}

const off = (id: string, patch: object = {}) => ({ id: `off-${id}`, kind: 'power-off', target: id, ...patch });
const isOpen = (made: Rig, step: string) => ['waiting', 'active'].includes(made.run().steps[step]?.state ?? '');
const onA = { fedBy: { upses: [upsA.id], need: 'any' as const } };

const stories: Story[] = [
  {
    name: 'widened',
    sequence: sequenceOf([{ steps: [off('web'), off('app')] }, { steps: [off('nas'), off('san')] }]),
    hosts: [fed('web', [upsA]), fed('app', [upsB]), fed('nas', [upsA]), fed('san', [upsB])],
    wanted: ['web', 'nas'],
    each: (made, second) => {
      if (second === 12) made.b.cut({ runtime: 3600 });
      if (second >= 15) made.keeper.widen(['app', 'san'], 'Rack UPS has failed too');
    },
    ends: { web: 'off', app: 'off', nas: 'off', san: 'off' },
  },
  {
    name: 'shed',
    sequence: sequenceOf([
      { steps: [{ id: 'grace', kind: 'wait', seconds: 10 }] },
      { steps: [off('web')] },
      { steps: [{ id: 'settle', kind: 'wait', seconds: 400, optional: true }] },
      { steps: [off('nas')] },
    ]),
    hosts: [fed('web', [upsA]), fed('nas', [upsA])],
    wanted: null,
    prepare: (made) => made.battery(300),
    each: () => undefined,
    ends: { web: 'off', nas: 'off' },
  },
  {
    name: 'with a step skipped by hand',
    sequence: sequenceOf([{ steps: [off('web'), off('app')] }, { steps: [off('nas'), off('san')] }]),
    hosts: ['web', 'app', 'nas', 'san'].map((name) => fed(name, [upsA])),
    wanted: null,
    each: (made, second) => {
      if (second >= 5 && isOpen(made, 'off-nas')) made.keeper.skip('run-1', 'off-nas');
    },
    ends: { web: 'off', app: 'off', nas: 'on', san: 'off' },
  },
  {
    name: 'with guest groups, one host after the other',
    sequence: sequenceOf([
      {
        steps: [
          {
            id: 'guests',
            kind: 'shut-down-guests',
            target: 'tag:hv',
            each: 'one-by-one',
            groups: [{ name: 'Databases', guests: ['vm1'] }],
          },
        ],
      },
      {
        steps: [
          { id: 'mm', kind: 'enter-maintenance', target: 'tag:hv' },
          { id: 'off', kind: 'power-off', target: 'tag:hv', needs: ['mm'], each: 'one-by-one' },
        ],
      },
    ]),
    hosts: ['esx1', 'esx2'].map((name): Host => ({ ...esxi(name), ...onA, tags: ['hv'] })),
    wanted: null,
    each: () => undefined,
    ends: { esx1: 'off', esx2: 'off' },
  },
];

async function play(story: Story, seconds: number, cut?: { after: number; diesAt: 'write' | 'next' }): Promise<Rig> {
  const made = await rig(story.sequence, story.hosts);
  story.prepare?.(made);
  let died = false;
  if (cut) {
    made.journals.cutAfter = cut.after;
    made.journals.diesAt = cut.diesAt;
    made.journals.onCut = () => {
      died = true;
      made.kill();
    };
  }
  void outage(made, story.wanted || story.name === 'shed' ? 'a' : 'both', { wanted: story.wanted });
  await made.seconds(4);
  for (let second = 0; second < seconds; second += 1) {
    if (!died) story.each(made, second);
    await made.seconds(1);
    if (!died) continue;
    died = false;
    await made.seconds(5);
    await made.restart();
    await made.seconds(1);
  }
  return made;
}

const seconds = 200;
/** What was acted on, each once. */
const acts = (made: Rig) => [...new Set(made.world.acts)].sort();

/** Steps that may have been sent, and of which nothing tells. */
const inDoubt = (records: RunRecord[]) =>
  Object.values(replayRun(records).steps).filter((step) => step.state === 'active' && step.inDoubt).length;

describe.each(stories)('a run $name, cut off at every record', (story) => {
  test('and at every moment between two: it ends in the same state, and nothing is sent twice blindly', async () => {
    const whole = await play(story, seconds);
    expect(whole.world.powers()).toEqual(story.ends);
    const end = whole.journals.records.findIndex((record) => record.type === 'down-ended') + 1;
    expect(end).toBeGreaterThan(12);
    for (const diesAt of ['write', 'next'] as const) {
      for (let after = 1; after <= end - (diesAt === 'next' ? 1 : 0); after += 1) {
        const where = `cut after record ${after} of ${end}, at its ${diesAt}`;
        const made = await play(story, seconds, { after, diesAt });
        expect(made.errors, where).toEqual([]);
        expect(made.run().resumes, where).toBe(1);
        expect(made.world.powers(), where).toEqual(story.ends);
        expect(made.run().downResult, where).toBe('done');
        expect(acts(made), where).toEqual(acts(whole));
        expect(overlaps(made), where).toEqual([]);
        // Once, or once more for those acts of which only the intent was on disk.
        const more = made.world.acts.length - whole.world.acts.length;
        expect(more, where).toBeLessThanOrEqual(inDoubt(whole.journals.records.slice(0, after)));
        expect(
          [...made.world.hosts.values()].filter((host) => host.cutHard),
          where,
        ).toEqual([]);
      }
    }
  }, 120_000);
});

test('a journal whose last three records are cut off at any byte: the run ends in the same state', async () => {
  const story = stories[0];
  if (!story) throw new Error('no story');
  const stop = 28;
  const whole = await play(story, stop);
  const { records } = whole.journals;
  const lines = records.map((record) => Buffer.from(`${JSON.stringify(record)}\n`));
  const all = Buffer.concat(lines);
  const tail = Buffer.concat(lines.slice(-3)).length;
  const kept = new Set<number>();
  for (let cut = 0; cut <= tail; cut += 1) {
    const text = readJournalText('run-1.jsonl', all.subarray(0, all.length - cut));
    expect(text.records, `${cut} bytes cut off`).toEqual(records.slice(0, text.records.length));
    kept.add(text.records.length);
  }
  // What is read is always so many whole records: each of these is taken up.
  expect([...kept]).toEqual([0, 1, 2, 3].map((gone) => records.length - gone));
  for (const count of kept) {
    const made = await play(story, stop);
    made.kill();
    made.journals.runs.set('run-1', records.slice(0, count));
    await made.seconds(5);
    await made.restart();
    for (let second = 0; second < 120; second += 1) {
      await made.seconds(1);
      story.each(made, stop + second);
    }
    const where = `${count} records left of ${records.length}`;
    expect(made.errors, where).toEqual([]);
    expect(made.world.powers(), where).toEqual(story.ends);
    expect(made.run().downResult, where).toBe('done');
    expect(overlaps(made), where).toEqual([]);
    // Only what the journal does not tell any more of is acted on again, after a look.
    const told = Object.values(replayRun(records.slice(0, count)).steps).filter((step) => step.accepted).length;
    expect(made.world.acts.length - acts(made).length, where).toBeLessThanOrEqual(whole.world.acts.length - told);
  }
});
