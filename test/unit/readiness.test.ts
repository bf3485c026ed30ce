import fc from 'fast-check';
import { expect, test } from 'vitest';
import { expand } from '../../electron/core/plan/expand.ts';
import { jobOf } from '../../electron/core/plan/schedule.ts';
import { type Slot, stageTimes } from '../../electron/core/plan/stage-times.ts';
import { targetOf } from '../../electron/core/plan/target-of.ts';
import { nextMoves } from '../../electron/core/readiness.ts';
import { platforms } from '../../shared/platforms.ts';
import { replayRun } from '../../shared/run.ts';
import type { RunRecord } from '../../shared/run-record.ts';
import type { Step, StepKind } from '../../shared/sequence.ts';
import { stepKinds } from '../../shared/step-kinds.ts';
import { linux, rackSequence } from '../fakes/rack-samples.ts';

test('one by one through two thousand hosts of which only the last is meant: it begins', () => {
  const hosts = Array.from({ length: 2000 }, (_, at) => linux(`h${at}`));
  const steps = [{ id: 'off', kind: 'power-off', target: 'all', each: 'one-by-one' }];
  const stages = [{ id: 's', name: 'S', steps }];
  const { sequence } = expand(rackSequence({ stages, pointOfNoReturn: 's', returnStages: [] }), hosts);
  const of = { runId: 'r', cause: 'runtime', why: 'test', sequence, hash: 'h' } as const;
  const run = replayRun([
    { type: 'begun', version: 3, at: 0, followsPower: true, ...of, owed: [], owedGuests: {}, hosts },
  ]);
  const moves = nextMoves({
    run,
    stages: sequence.stages,
    hosts: new Map(hosts.map((host) => [host.id, host])),
    going: new Set(),
    ending: new Set(),
    putBack: new Set(),
    failedUpses: 1,
    stop: (step) => (targetOf(step) === 'h1999' ? null : { how: 'held' }),
    hasWaited: () => true,
  });
  expect(moves.begin.map(({ step }) => step.id)).toEqual(['off.h1999']);
  expect(moves.held).toHaveLength(1999);
});

/** Kinds that take something away, all of those that are aimed at a host. */
const taking = (Object.keys(stepKinds) as StepKind[]).filter(
  (kind) => stepKinds[kind].destructive && stepKinds[kind].targets !== null,
);

test('what goes apart is aimed at no machine', () => {
  const apart = taking.filter((kind) => stepKinds[kind].apart);
  expect(apart).toEqual(['retreat-vcls']);
  for (const kind of apart) expect(stepKinds[kind].targets?.filter((one) => platforms[one].isMachine)).toEqual([]);
});

test('never two destructive acts at once on one host, but for vCLS beside another; the schedule has it so too', () => {
  let besides = 0;
  const mayGoTogether = (one: Step, other: Step): boolean =>
    targetOf(one) !== targetOf(other) || (one.kind !== other.kind && [one.kind, other.kind].includes('retreat-vcls'));
  const check = (going: readonly Step[]): void => {
    going.forEach((one, at) => {
      for (const other of going.slice(at + 1)) {
        expect(`${one.kind} beside ${other.kind}: ${mayGoTogether(one, other)}`).toMatch(/true$/);
        if (targetOf(one) === targetOf(other)) besides += 1;
      }
    });
  };
  const some = fc.record({ kind: fc.constantFrom(...taking), target: fc.constantFrom('h0', 'h1') });
  const ends = fc.array(fc.nat(), { minLength: 12, maxLength: 12 });
  fc.assert(
    fc.property(fc.array(some, { minLength: 1, maxLength: 12 }), ends, (kinds, which) => {
      const steps = kinds.map((one, at) => ({ ...one, id: `s${at}`, ...(one.kind === 'command' && { command: 'x' }) }));
      const sequence = rackSequence({
        stages: [{ id: 's', name: 'S', steps }],
        pointOfNoReturn: 's',
        returnStages: [],
      });
      const all = sequence.stages[0]?.steps ?? [];
      const of = { runId: 'r', cause: 'runtime', why: 'test', sequence, hash: 'h' } as const;
      const records: RunRecord[] = [
        { type: 'begun', version: 3, at: 0, followsPower: true, ...of, owed: [], owedGuests: {}, hosts: [] },
      ];
      const going = new Map<string, Step>();
      for (const end of which) {
        const moves = nextMoves({
          run: replayRun(records),
          stages: sequence.stages,
          hosts: new Map(),
          going: new Set(going.keys()),
          ending: new Set(),
          putBack: new Set(),
          failedUpses: 1,
          stop: () => null,
          hasWaited: () => true,
        });
        for (const { step } of moves.begin) going.set(step.id, step);
        check([...going.values()]);
        // One of those that go on ends, whichever.
        const step = [...going.keys()][end % going.size] ?? '';
        going.delete(step);
        records.push({ type: 'step-ended', at: 1, step, result: 'done', proof: 'x', fault: null, data: {} });
      }
      const slots = stageTimes(
        all.map((step, at) => jobOf(step, 1 + ((which[at] ?? 0) % 9), 'waiting')),
        0,
      );
      for (const slot of slots) check(all.filter((_, at) => isDuring(slots[at] ?? null, slot?.start ?? 0)));
    }),
    { numRuns: 300, seed: 20261122 },
  );
  expect(besides).toBeGreaterThan(100);
});

const isDuring = (slot: Slot | null, at: number): boolean => slot !== null && slot.start <= at && at < slot.end;
